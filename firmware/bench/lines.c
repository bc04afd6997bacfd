#include "lines.h"
#include <string.h>

void print_word(const char *word)
{
	bare_print(word);
	bare_print(" ");
}

void print_hex(uint64_t value, const char *after)
{
	char text[17], *at = text + sizeof text - 1;
	*at = 0;
	do *--at = "0123456789abcdef"[value & 15];
	while (value >>= 4);
	bare_print(at);
	bare_print(after);
}

uint32_t read_inputs(tflm *interpreter, const uint8_t *bytes)
{
	uint32_t at = 0;
	tflm_tensor tensor;
	for (uint32_t i = 0; !tflm_input(interpreter, i, &tensor); i++) {
		memcpy(tensor.data, bytes + at, tensor.bytes);
		at += tensor.bytes;
	}
	return at;
}

uint32_t hash_outputs(const tflm *interpreter, uint32_t hash)
{
	tflm_tensor tensor;
	for (uint32_t i = 0; !tflm_output(interpreter, i, &tensor); i++) {
		for (uint32_t k = 0; k < tensor.bytes; k++) hash = (hash ^ tensor.data[k]) * 0x01000193u;
	}
	return hash;
}
