#include "unary.h"

enum { INT8_VALUES = 256 };

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

/* The answer to one value of the input. */
static int32_t answer(const tflm_unary *op, int32_t x, int32_t low, int32_t high)
{
	int32_t y = op->of_steps(op, x - op->zero_input);
	return tflm_clamp(y, low - op->zero_output, high - op->zero_output) + op->zero_output;
}

static void run_int8(const void *data)
{
	const tflm_unary *op = data;
	const int8_t *x = op->input;
	int8_t *y = op->output;
	if (op->elements <= INT8_VALUES) {
		for (uint32_t i = 0; i < op->elements; i++) y[i] = (int8_t)answer(op, x[i], -128, 127);
		return;
	}
	int8_t answers[INT8_VALUES];
	for (int i = 0; i < INT8_VALUES; i++) answers[i] = (int8_t)answer(op, (int8_t)i, -128, 127);
	for (uint32_t i = 0; i < op->elements; i++) y[i] = answers[(uint8_t)x[i]];
}

static void run_int16(const void *data)
{
	const tflm_unary *op = data;
	const int16_t *x = op->input;
	int16_t *y = op->output;
	for (uint32_t i = 0; i < op->elements; i++) y[i] = (int16_t)answer(op, x[i], -32768, 32767);
}

tflm_run tflm_prepare_unary(const tflm_node *node, tflm_unary *op, float (*of_real)(const tflm_unary *op, float x),
	int32_t (*of_steps)(const tflm_unary *op, int32_t x))
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	op->input = tflm_values(input);
	op->output = output->data;
	op->elements = output->elements;
	op->type = input->type;
	op->rounding = (uint8_t)node->rounding;
	op->zero_input = (int16_t)input->zero_point;
	op->zero_output = (int16_t)output->zero_point;
	if (input->type == TFLM_FLOAT32) {
		op->of_real = of_real;
		return run_reals;
	}
	op->of_steps = of_steps;
	return input->type == TFLM_INT8 ? run_int8 : run_int16;
}
