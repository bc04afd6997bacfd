/* LEAKY_RELU: below zero x becomes alpha * x. As tensorflow/lite/kernels/internal/reference/leaky_relu.h. */
#include "../reader.h"
#include "../unary.h"

enum { OPTION_ALPHA };

static float alpha(const tflm_node *node)
{
	return tflm_field_f32(node->model, node->options, OPTION_ALPHA, 0);
}

/* Of inputs above and below zero. */
static int ratios_of(const tflm_node *node, tflm_ratio *above, tflm_ratio *below)
{
	float input = node->input[0].scale, output = node->output.scale, factor = alpha(node);
	int result = tflm_make_ratio(input, factor < 0 ? -factor : factor, output, 0, below);
	if (factor < 0) below->multiplier = -below->multiplier;
	return result || tflm_make_ratio(input, 1, output, 0, above) ? -1 : 0;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio above, below;
	TFLM_TRY(tflm_check_unary(node, needs));
	if (node->input[0].type == TFLM_FLOAT32 || !ratios_of(node, &above, &below)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
}

static float of_real(const tflm_unary *op, float x)
{
	return x > 0 ? x : x * op->factor;
}

static int32_t of_steps(const tflm_unary *op, int32_t x)
{
	if (x >= 0) return tflm_rescale_call(x, op->ratio.multiplier, op->ratio.shift, op->rounding);
	return tflm_rescale_call(x, op->multiplier, op->shift, op->rounding);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_unary *op = data;
	if (node->input[0].type == TFLM_FLOAT32) {
		op->factor = alpha(node);
	} else {
		tflm_ratio below;
		(void)ratios_of(node, &op->ratio, &below);
		op->multiplier = below.multiplier;
		op->shift = (int8_t)below.shift;
	}
	return tflm_prepare_unary(node, op, of_real, of_steps);
}

const tflm_operator tflm_leaky_relu = {
	.name = "LEAKY_RELU", .code = 98, .options_type = 75, .memory = TFLM_IN_PLACE,
	.min_inputs = 1, .max_inputs = 1, .outputs = 1, .check = check, .prepare = prepare,
};
