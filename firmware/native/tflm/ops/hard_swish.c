/* HARD_SWISH: x * clamp(x + 3, 0, 6) / 6; in int8 by fixed point of 16 bits.
   As tensorflow/lite/kernels/internal/reference/hard_swish.h. */
#include "../unary.h"

/* Inputs are shifted to the left by this, so that they fill 16 bits. */
enum { INPUT_SHIFT = 7 };

static int16_t narrow(int32_t multiplier)
{
	return (int16_t)(multiplier >= INT32_MAX - (1 << 15) ? INT16_MAX : (multiplier + (1 << 15)) >> 16);
}

/* Of the shifted input to the output, and to that of which 2^15 steps are 3. */
static int ratios_of(const tflm_node *node, tflm_ratio *output, tflm_ratio *slope)
{
	float scale = node->input[0].scale;
	if (tflm_make_ratio(scale, 1, node->output.scale, -INPUT_SHIFT, output) || output->shift > 0) return -1;
	return tflm_make_ratio(scale, 1, 3, 15 - INPUT_SHIFT, slope);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio output, slope;
	TFLM_TRY(tflm_check_unary(node, needs));
	if (node->input[0].type == TFLM_FLOAT32) return TFLM_OK;
	TFLM_TRY(tflm_need_type(node, &node->input[0], TFLM_INT8));
	return ratios_of(node, &output, &slope) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0) : TFLM_OK;
}

static float of_real(const tflm_unary *op, float x)
{
	float slope = x + 3;
	(void)op;
	return x * (slope < 0 ? 0 : slope > 6 ? 6 : slope) / 6;
}

/* a * b / 2^15, halves up. */
static int32_t product(int32_t a, int32_t b)
{
	return (a * b + (1 << 14)) >> 15;
}

static int32_t saturated(int64_t x)
{
	return x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : (int32_t)x;
}

/* ratio: to the output; values in multiplier and shift: the slope's. */
static int32_t of_steps(const tflm_unary *op, int32_t x)
{
	int32_t input = x * (1 << INPUT_SHIFT), slope = input;
	/* The last bit of a shift to the left comes behind the product, so that nothing is cut off which matters. */
	if (op->shift > 0) slope = saturated((int64_t)slope * (1 << (op->shift - 1)));
	slope = product(slope, op->multiplier);
	slope = op->shift > 0 ? saturated(2 * slope) : tflm_divide_by_power(slope, -op->shift);
	/* From [-1, 1] to [0, 1]; this product is rounded towards zero. */
	slope = (slope + (1 << 15)) >> 1;
	return tflm_divide_by_power(slope * product(input, op->ratio.multiplier) / (1 << 15), -op->ratio.shift);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_unary *op = data;
	tflm_ratio slope;
	if (node->input[0].type == TFLM_INT8) {
		(void)ratios_of(node, &op->ratio, &slope);
		op->ratio.multiplier = narrow(op->ratio.multiplier);
		op->multiplier = narrow(slope.multiplier);
		op->shift = (int8_t)slope.shift;
	}
	return tflm_prepare_unary(node, op, of_real, of_steps);
}

const tflm_operator tflm_hard_swish = {
	.name = "HARD_SWISH", .code = 117, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
