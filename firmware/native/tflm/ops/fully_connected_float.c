/* FULLY_CONNECTED in float32. */
#include "fully_connected.h"

typedef struct {
	const float *input, *weights, *bias;
	float *output;
	uint32_t batches, inputs, outputs;
	float low, high;
} dense;

tflm_code tflm_fully_connected_check_float(const tflm_node *node, int32_t activation, tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	float low, high;
	TFLM_TRY(tflm_need_type(node, weights, TFLM_FLOAT32));
	TFLM_TRY(tflm_need_type(node, &node->output, TFLM_FLOAT32));
	if (bias->index >= 0) {
		TFLM_TRY(tflm_need_type(node, bias, TFLM_FLOAT32));
		if (bias->elements != (uint32_t)weights->dims[0]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, bias, (int32_t)bias->elements);
		}
	}
	needs->data = sizeof(dense);
	if (!tflm_activation_range_float(activation, &low, &high)) return TFLM_OK;
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
}

static void run(const void *data)
{
	const dense *op = data;
	const float *input = op->input;
	float *output = op->output;
	for (uint32_t b = 0; b < op->batches; b++, input += op->inputs) {
		const float *weights = op->weights;
		for (uint32_t o = 0; o < op->outputs; o++, weights += op->inputs) {
			float sum = 0;
			for (uint32_t i = 0; i < op->inputs; i++) sum += input[i] * weights[i];
			if (op->bias) sum += op->bias[o];
			*output++ = sum < op->low ? op->low : sum > op->high ? op->high : sum;
		}
	}
}

tflm_run tflm_fully_connected_prepare_float(const tflm_node *node, int32_t activation, void *data)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1], *bias = &node->input[2];
	dense *op = data;
	op->input = tflm_values(input);
	op->weights = tflm_values(weights);
	op->bias = bias->index >= 0 ? tflm_values(bias) : NULL;
	op->output = (float *)(void *)node->output.data;
	op->outputs = (uint32_t)weights->dims[0];
	op->inputs = (uint32_t)weights->dims[1];
	op->batches = input->elements / op->inputs;
	(void)tflm_activation_range_float(activation, &op->low, &op->high);
	return run;
}
