/* RELU: below zero becomes zero, and the scale may change. As ReluQuantized of TFLite Micro's
   kernels/activations_common.cc. */
#include "../unary.h"

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio ratio;
	TFLM_TRY(tflm_check_unary(node, needs));
	if (node->input[0].type == TFLM_FLOAT32 || !ratio_of(node, &ratio)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
}

static float of_real(const tflm_unary *op, float x)
{
	(void)op;
	return x < 0 ? 0 : x;
}

static int32_t of_steps(const tflm_unary *op, int32_t x)
{
	int32_t y = tflm_rescale_call(x, op->ratio.multiplier, op->ratio.shift, op->rounding);
	return y < 0 ? 0 : y;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_unary *op = data;
	if (node->input[0].type != TFLM_FLOAT32) (void)ratio_of(node, &op->ratio);
	return tflm_prepare_unary(node, op, of_real, of_steps);
}

const tflm_operator tflm_relu = {
	.name = "RELU", .code = 19, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
