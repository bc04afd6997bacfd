/* What `make fuzz` runs: any bytes as a model. Whatever they are, the kernel refuses them or runs them; the sanitizers
   watch that it reads nothing behind the file, writes nothing outside of its arena and computes nothing undefined. Each
   block of memory is exactly as long as the kernel asks for and its own malloc, so that a byte too far is found.

   A model that runs is run twice, with inputs made of its own bytes, after a reset, and in both roundings. */
#include "tflm.h"
#include <stdlib.h>
#include <string.h>

/* A device has its own limits; here they keep one try short. */
enum { ARENA_LIMIT = 1 << 22, MAC_LIMIT = 4000000 };

static void *aligned(size_t bytes)
{
	/* Not aligned_alloc, which rounds sizes up: the byte behind the block must be out of bounds. */
	void *memory = NULL;
	return posix_memalign(&memory, TFLM_ALIGNMENT, bytes ? bytes : 1) ? NULL : memory;
}

static void fill_inputs(tflm *interpreter, const uint8_t *bytes, size_t length, size_t from)
{
	tflm_tensor tensor;
	for (uint32_t i = 0; !tflm_input(interpreter, i, &tensor); i++) {
		for (uint32_t k = 0; k < tensor.bytes; k++) tensor.data[k] = bytes[(from + k) % length];
	}
}

static void run(const tflm_model *model, const tflm_layout *layout, tflm_rounding rounding)
{
	tflm_error error;
	void *arena = aligned(layout->arena_bytes), *packing = aligned(layout->packing_bytes);
	if (tflm_init(arena, layout->arena_bytes - 1, model, layout, rounding, packing, &error)) abort();
	if (error.code != TFLM_ARENA_TOO_SMALL || error.value != (int32_t)layout->arena_bytes) abort();
	tflm *interpreter = tflm_init(arena, layout->arena_bytes, model, layout, rounding, packing, &error);
	if (!interpreter) abort();
	for (int pass = 0; pass < 2; pass++) {
		fill_inputs(interpreter, model->bytes, model->length, (size_t)pass * 37);
		tflm_invoke(interpreter);
	}
	tflm_reset(interpreter);
	for (uint32_t i = 0; i < model->operator_count; i++) tflm_step(interpreter, i);
	free(packing);
	free(arena);
}

/* Everything that looks into a model must bear what the verifier has let through. */
static void describe(const tflm_model *model)
{
	tflm_tensor tensor;
	tflm_operator_info info;
	for (uint32_t i = 0; i < model->tensor_count; i++) tflm_describe_tensor(model, i, &tensor);
	for (uint32_t i = 0; i < model->operator_count; i++) {
		tflm_describe_operator(model, i, &info);
		for (uint32_t k = 0; k < info.input_count; k++) (void)tflm_operator_input(model, i, k);
		for (uint32_t k = 0; k < info.output_count; k++) (void)tflm_operator_output(model, i, k);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	tflm_model model;
	tflm_error error;
	char text[64];
	uint8_t *bytes = aligned(size);
	memcpy(bytes, data, size);
	if (!tflm_open(&model, bytes, size, &error)) {
		describe(&model);
		uint32_t layout_bytes = tflm_layout_bytes(&model);
		tflm_layout *layout = aligned(layout_bytes);
		if (!tflm_plan(layout, layout_bytes, &model, &error) &&
			(uint64_t)layout->arena_bytes + layout->packing_bytes <= ARENA_LIMIT && layout->macs <= MAC_LIMIT) {
			run(&model, layout, TFLM_ROUND_DOUBLE);
			run(&model, layout, TFLM_ROUND_SINGLE);
		}
		free(layout);
	}
	tflm_error_text(&error, text, sizeof text);
	free(bytes);
	return 0;
}
