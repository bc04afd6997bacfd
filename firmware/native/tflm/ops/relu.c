/* RELU in int8: below zero becomes zero, and the scale may change. As ReluQuantized of TFLite Micro's
   kernels/activations_common.cc. */
#include "../operators.h"
#include "../quantized.h"

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t elements;
	int32_t multiplier;
	int16_t input_zero_point, output_zero_point;
	int8_t shift, low;
	uint8_t rounding;
} relu;

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	TFLM_TRY(tflm_need_int8(node, &node->output));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	needs->data = sizeof(relu);
	return TFLM_OK;
}

static void run(const void *data)
{
	const relu *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		int32_t value = tflm_rescale(op->input[i] - op->input_zero_point, op->multiplier, op->shift, op->rounding);
		op->output[i] = tflm_to_int8(value, op->output_zero_point, op->low, 127);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	relu *op = data;
	tflm_ratio ratio;
	(void)ratio_of(node, &ratio);
	op->input = tflm_values(&node->input[0]);
	op->output = (int8_t *)node->output.data;
	op->elements = node->output.elements;
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->input_zero_point = (int16_t)node->input[0].zero_point;
	op->output_zero_point = (int16_t)node->output.zero_point;
	op->low = (int8_t)node->output.zero_point;
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_relu = {
	.name = "RELU", .code = 19, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
