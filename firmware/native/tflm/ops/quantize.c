/* QUANTIZE: from float32, or from one integer quantization to another.
   As tensorflow/lite/kernels/internal/reference/quantize.h and requantize.h. */
#include "../unary.h"

static int is_quantized(uint8_t type)
{
	return type == TFLM_INT8 || type == TFLM_UINT8 || type == TFLM_INT16 || type == TFLM_INT32;
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	if (!is_quantized(output->type)) return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, output, output->type);
	TFLM_TRY(tflm_need_scale(node, output));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	needs->data = sizeof(tflm_unary);
	if (input->type == TFLM_FLOAT32) return TFLM_OK;
	if (!is_quantized(input->type)) return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, input, input->type);
	TFLM_TRY(tflm_need_scale(node, input));
	return ratio_of(node, &ratio) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0) : TFLM_OK;
}

static int32_t of_steps(const tflm_unary *op, int32_t x)
{
	return tflm_rescale_call(x, op->ratio.multiplier, op->ratio.shift, op->rounding);
}

/* factor: the output's scale. */
static void run_reals(const void *data)
{
	const tflm_unary *op = data;
	const float *x = op->input;
	int32_t low, high;
	tflm_range_of(op->output_type, &low, &high);
	for (uint32_t i = 0; i < op->elements; i++) {
		int64_t y = (int64_t)tflm_round(x[i] / op->factor) + op->zero_output;
		tflm_store(op->output_type, op->output, i, y < low ? low : y > high ? high : (int32_t)y);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_unary *op = data;
	tflm_run run = tflm_prepare_unary(node, op, NULL, of_steps);
	if (node->input[0].type != TFLM_FLOAT32) {
		(void)ratio_of(node, &op->ratio);
		return run;
	}
	op->factor = node->output.scale;
	return run_reals;
}

const tflm_operator tflm_quantize = {
	.name = "QUANTIZE", .code = 114, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
