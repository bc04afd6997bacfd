/* CAST: numbers of one element type become those of another, quantization aside: integers modulo the width of the new
   type, reals cut off towards zero. Reals that an integer type cannot hold, which C leaves open, become its nearest. */
#include "../operators.h"
#include "../quantized.h"
#include <string.h>

typedef struct {
	const void *input;
	void *output;
	uint32_t count;
	uint8_t from, to, loads, stores; /* types */
} cast;

static tflm_code need_castable(const tflm_node *node, const tflm_tensor *tensor)
{
	switch (tensor->type) {
	case TFLM_FLOAT32: case TFLM_INT8: case TFLM_INT16: case TFLM_INT32: case TFLM_UINT32: case TFLM_BOOL:
		return TFLM_OK;
	default: return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, tensor, tensor->type);
	}
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	TFLM_TRY(need_castable(node, &node->input[0]));
	TFLM_TRY(need_castable(node, &node->output));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	needs->data = sizeof(cast);
	return TFLM_OK;
}

/* The nearest integer of the type, towards zero; 0 for not-a-number. Of unsigned ones the bits. */
static int32_t whole_of(float value, uint8_t type)
{
	int32_t low, high;
	if (type == TFLM_UINT32) {
		if (!(value > 0)) return 0;
		return (int32_t)(value < 4294967296.0f ? (uint32_t)value : UINT32_MAX);
	}
	tflm_range_of(type, &low, &high);
	if (!(value > (float)low)) return value < 0 ? low : 0;
	return value < (float)high ? (int32_t)value : high;
}

static void run(const void *data)
{
	const cast *op = data;
	for (uint32_t i = 0; i < op->count; i++) {
		/* Integers as 32 bits, whatever their sign. */
		int32_t whole = tflm_load(op->loads, op->input, i);
		float real;
		if (op->from == TFLM_FLOAT32) {
			memcpy(&real, &whole, sizeof real);
			if (op->to == TFLM_BOOL) whole = real != 0;
			else if (op->to != TFLM_FLOAT32) whole = whole_of(real, op->to);
		} else if (op->to == TFLM_BOOL || op->from == TFLM_BOOL) {
			whole = whole != 0;
		}
		if (op->to == TFLM_FLOAT32 && op->from != TFLM_FLOAT32) {
			real = op->from == TFLM_UINT32 ? (float)(uint32_t)whole : (float)whole;
			memcpy(&whole, &real, sizeof whole);
		}
		tflm_store(op->stores, op->output, i, whole);
	}
}

/* The type of integers that has the same width. */
static uint8_t loads_of(uint8_t type)
{
	return type == TFLM_BOOL ? TFLM_UINT8 : type == TFLM_INT8 || type == TFLM_INT16 ? type : TFLM_INT32;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	uint8_t from = node->input[0].type, to = node->output.type;
	*(cast *)data = (cast){tflm_values(&node->input[0]), node->output.data, node->output.elements, from, to,
		loads_of(from), loads_of(to)};
	return run;
}

const tflm_operator tflm_cast = {
	.name = "CAST", .code = 53, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
