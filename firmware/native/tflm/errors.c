/* The names and texts of errors. */
#include "tflm.h"

static const struct {
	const char *name, *text; /* `%` in the text stands for the value */
} codes[TFLM_CODES] = {
	[TFLM_OK] = {"ok", "no error"},
	[TFLM_NOT_A_MODEL] = {"not-a-model", "not a .tflite model: bytes 4 to 7 are not TFL3"},
	[TFLM_OUT_OF_FILE] = {"out-of-file", "points outside of the file, which is truncated or damaged; get it again"},
	[TFLM_BAD_TABLE] = {"bad-table", "a table with impossible sizes; the file is damaged, get it again"},
	[TFLM_BAD_VERSION] = {"bad-version", "schema version %, expected 3; convert the model again"},
	[TFLM_NO_GRAPH] = {"no-graph", "no subgraph with operators, inputs and outputs"},
	[TFLM_TOO_MANY] = {"too-many", "% exceeds the interpreter's limits (tflm.h)"},
	[TFLM_BAD_INDEX] = {"bad-index", "index % names nothing; the file is damaged"},
	[TFLM_BAD_SHAPE] = {"bad-shape", "impossible rank or dimension %"},
	[TFLM_BAD_BUFFER] = {"bad-buffer", "a buffer of % bytes, which is not what the shape and type ask for"},
	[TFLM_BAD_QUANTIZATION] = {"bad-quantization",
		"scale or zero point missing or out of range; quantize the model to int8"},
	[TFLM_BAD_ORDER] = {"bad-order",
		"a tensor that is read before it is made, made twice, or a constant that is written"},
	[TFLM_MISALIGNED] = {"misaligned", "must lie at a multiple of % bytes"},
	[TFLM_UNSUPPORTED_OPERATOR] = {"unsupported-operator", "built-in operator % is not supported"},
	[TFLM_UNSUPPORTED_TYPE] = {"unsupported-type", "element type % is not supported here; quantize the model to int8"},
	[TFLM_UNSUPPORTED_OPTION] = {"unsupported-option", "an option has the unsupported value %"},
	[TFLM_BAD_OPERATOR] = {"bad-operator", "% is not the number of inputs, outputs or options that this operator has"},
	[TFLM_SHAPE_MISMATCH] = {"shape-mismatch", "this shape is not what the operator makes of its inputs"},
	[TFLM_ARENA_TOO_SMALL] = {"arena-too-small", "the arena is too small: % bytes are needed"},
	[TFLM_ARENA_MISALIGNED] = {"arena-misaligned", "the arena must lie at a multiple of % bytes"},
};

const char *tflm_code_name(tflm_code code)
{
	return (unsigned)code < TFLM_CODES ? codes[code].name : "unknown";
}

typedef struct {
	char *text;
	size_t size, used;
} writer;

static void put(writer *to, const char *text)
{
	while (*text && to->used + 1 < to->size) to->text[to->used++] = *text++;
}

static void put_number(writer *to, uint32_t value)
{
	char digits[12];
	size_t at = sizeof digits;
	digits[--at] = 0;
	do {
		digits[--at] = (char)('0' + value % 10);
	} while (value /= 10);
	put(to, digits + at);
}

static void put_signed(writer *to, int32_t value)
{
	if (value < 0) put(to, "-");
	put_number(to, value < 0 ? 0 - (uint32_t)value : (uint32_t)value);
}

void tflm_error_text(const tflm_error *error, char *text, size_t size)
{
	writer to = {text, size, 0};
	if (!size) return;
	if (error->operator >= 0) put(&to, "operator "), put_signed(&to, error->operator), put(&to, ": ");
	if (error->tensor >= 0) put(&to, "tensor "), put_signed(&to, error->tensor), put(&to, ": ");
	if (error->offset) put(&to, "byte "), put_number(&to, error->offset), put(&to, ": ");
	for (const char *c = codes[(unsigned)error->code < TFLM_CODES ? error->code : TFLM_OK].text; *c; c++) {
		char one[2] = {*c, 0};
		if (*c == '%') put_signed(&to, error->value);
		else put(&to, one);
	}
	text[to.used] = 0;
}
