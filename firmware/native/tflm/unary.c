#include "unary.h"

enum { BYTE_VALUES = 256 };

static tflm_code need_type(const tflm_node *node, const tflm_tensor *tensor)
{
	return tensor->type == TFLM_FLOAT32 ? TFLM_OK : tflm_need_quantized(node, tensor);
}

tflm_code tflm_check_unary(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	TFLM_TRY(need_type(node, input));
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(need_type(node, output));
	needs->data = sizeof(tflm_unary);
	return tflm_need_same_shape(node, input, output);
}

static void run_reals(const void *data)
{
	const tflm_unary *op = data;
	const float *x = op->input;
	float *y = op->output;
	for (uint32_t i = 0; i < op->elements; i++) y[i] = op->of_real(op, x[i]);
}

/* The answer to one value of the input, cut to what the output can hold. */
static int32_t answer(const tflm_unary *op, int32_t x)
{
	int32_t low, high;
	tflm_range_of(op->output_type, &low, &high);
	int64_t y = (int64_t)op->of_steps(op, (int32_t)((uint32_t)x - (uint32_t)op->zero_input)) + op->zero_output;
	return y < low ? low : y > high ? high : (int32_t)y;
}

static void run_integers(const void *data)
{
	const tflm_unary *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		tflm_store(op->output_type, op->output, i, answer(op, tflm_load(op->input_type, op->input, i)));
	}
}

static void run_bytes(const void *data)
{
	const tflm_unary *op = data;
	const uint8_t *x = op->input;
	uint8_t *y = op->output, answers[BYTE_VALUES];
	for (uint32_t i = 0; i < BYTE_VALUES; i++) {
		uint8_t byte = (uint8_t)i;
		answers[i] = (uint8_t)answer(op, tflm_load(op->input_type, &byte, 0));
	}
	for (uint32_t i = 0; i < op->elements; i++) y[i] = answers[x[i]];
}

tflm_run tflm_prepare_unary(const tflm_node *node, tflm_unary *op, float (*of_real)(const tflm_unary *op, float x),
	int32_t (*of_steps)(const tflm_unary *op, int32_t x))
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	op->input = tflm_values(input);
	op->output = output->data;
	op->elements = output->elements;
	op->input_type = input->type;
	op->output_type = output->type;
	op->rounding = (uint8_t)node->rounding;
	op->zero_input = input->zero_point;
	op->zero_output = output->zero_point;
	if (input->type == TFLM_FLOAT32) {
		op->of_real = of_real;
		return run_reals;
	}
	op->of_steps = of_steps;
	int is_bytes = input->bytes == op->elements && output->bytes == op->elements;
	return is_bytes && op->elements > BYTE_VALUES ? run_bytes : run_integers;
}
