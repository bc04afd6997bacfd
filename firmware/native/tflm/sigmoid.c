#include "sigmoid.h"
#include "float_math.h"
#include "sigmoid_table.h"

enum { INPUT_BITS = 4, MAX_SHIFT = 31 };

/* Whether x is a power of two, as TFLite has it: its logarithm is within 0.001 of one. */
static int is_near(float x, float power)
{
	return x > 0.99930709f * power && x < 1.00069339f * power;
}

/* From int8 steps to Q4.27. */
static int ratio_of_int8(const tflm_node *node, tflm_ratio *ratio)
{
	/* One step beyond the range of Q4.27: then no input is within it. */
	if (tflm_make_ratio(node->input[0].scale, 1, 1, 31 - INPUT_BITS, ratio)) *ratio = (tflm_ratio){0, MAX_SHIFT};
	return ratio->shift < 0 ? -1 : 0;
}

/* From int16 steps to the table's of 2^-12 / 3: a multiplier of at most 15 bits, and a shift to the right. Scales that are
   powers of two, as the converter makes them, need no shift. */
static int ratio_of_int16(const tflm_node *node, int is_tanh, tflm_ratio *ratio)
{
	float x = node->input[0].scale * 4096;
	ratio->shift = 0;
	ratio->multiplier = is_near(x, 1) ? 3 : is_tanh && is_near(x, 2) ? 6 : 0;
	if (ratio->multiplier) return 0;
	/* x * 3 is doubled until it is above 32767 / 2. */
	for (; x <= 5461.1665f && ratio->shift < MAX_SHIFT; ratio->shift++) x *= 2;
	if (x > 10922.334f) return -1;
	int32_t whole = (int32_t)x;
	ratio->multiplier = 3 * whole + (int32_t)(3 * (x - (float)whole));
	return 0;
}

tflm_code tflm_check_sigmoid(const tflm_node *node, int is_tanh, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_check_unary(node, needs));
	if (input->type == TFLM_FLOAT32) return TFLM_OK;
	if (input->type == TFLM_INT8) {
		if (!is_tanh && output->zero_point != -128) {
			return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
		}
		return ratio_of_int8(node, &ratio) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0) : TFLM_OK;
	}
	if (!is_near(output->scale, 1 / 32768.0f)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0);
	return ratio_of_int16(node, is_tanh, &ratio) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0) : TFLM_OK;
}

static float logistic_of_real(const tflm_unary *op, float x)
{
	(void)op;
	return tflm_logisticf(x);
}

static float tanh_of_real(const tflm_unary *op, float x)
{
	(void)op;
	return tflm_tanhf(x);
}

/* Of int8 inputs: values[0] is the input from which on the answer is 1. */
static int32_t logistic_of_int8(const tflm_unary *op, int32_t x)
{
	if (x <= -op->values[0]) return 0;
	if (x >= op->values[0]) return 255;
	return tflm_divide_by_power(tflm_logistic_of(tflm_rescale_call(x, op->multiplier, op->shift, op->rounding)), 23);
}

static int32_t tanh_of_int8(const tflm_unary *op, int32_t x)
{
	if (x <= -op->values[0]) return -128;
	if (x >= op->values[0]) return 127;
	return tflm_divide_by_power(tflm_tanh_of(tflm_rescale_call(x, op->multiplier, op->shift, op->rounding)), 24);
}

static int32_t scaled(const tflm_unary *op, int32_t x)
{
	int32_t half = op->shift ? 1 << (op->shift - 1) : 0;
	return (x * op->multiplier + half) >> op->shift;
}

static int32_t logistic_of_int16(const tflm_unary *op, int32_t x)
{
	return tflm_logistic_q15(scaled(op, x));
}

static int32_t tanh_of_int16(const tflm_unary *op, int32_t x)
{
	return tflm_tanh_q15(scaled(op, x));
}

tflm_run tflm_prepare_sigmoid(const tflm_node *node, int is_tanh, tflm_unary *op)
{
	int is_int8 = node->input[0].type == TFLM_INT8;
	tflm_ratio ratio = {0, 0};
	tflm_run run = tflm_prepare_unary(node, op, is_tanh ? tanh_of_real : logistic_of_real,
		is_tanh ? is_int8 ? tanh_of_int8 : tanh_of_int16 : is_int8 ? logistic_of_int8 : logistic_of_int16);
	if (is_int8) {
		(void)ratio_of_int8(node, &ratio);
		op->values[0] = tflm_input_radius(INPUT_BITS, ratio.shift);
	} else if (node->input[0].type == TFLM_INT16) {
		(void)ratio_of_int16(node, is_tanh, &ratio);
	}
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	/* TFLite takes for granted that tanh(0) is 0. */
	if (is_tanh) op->zero_output = 0;
	return run;
}
