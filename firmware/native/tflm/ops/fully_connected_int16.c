/* FULLY_CONNECTED with int16 activations, as tensorflow/lite/kernels/internal/reference/integer_ops/fully_connected.h. */
#include "fully_connected.h"
#include "../wide_stage.h"

typedef struct {
	const int16_t *input;
	const int8_t *weights; /* [outputs, inputs] */
	int16_t *output;
	uint32_t batches, inputs, outputs;
	tflm_wide_stage stage;
} dense;

tflm_code tflm_fully_connected_check_int16(const tflm_node *node, int32_t activation, tflm_needs *needs)
{
	needs->data = sizeof(dense);
	return tflm_check_wide_stage(node, TFLM_RATIOS_DENSE, 0, activation, 1);
}

static void run(const void *data)
{
	const dense *op = data;
	for (uint32_t o = 0; o < op->outputs; o++) {
		const int8_t *weights = op->weights + o * op->inputs;
		int32_t multiplier;
		int8_t shift;
		tflm_ratios_of(&op->stage.stage, o, 1, &multiplier, &shift);
		for (uint32_t b = 0; b < op->batches; b++) {
			const int16_t *input = op->input + b * op->inputs;
			int64_t sum = 0;
			for (uint32_t i = 0; i < op->inputs; i++) sum += input[i] * weights[i];
			op->output[b * op->outputs + o] = tflm_finish_wide(&op->stage, o, sum, multiplier, shift);
		}
	}
}

tflm_run tflm_fully_connected_prepare_int16(const tflm_node *node, int32_t activation, void *data)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1];
	dense *op = data;
	op->input = tflm_values(input);
	op->weights = tflm_values(weights);
	op->output = (int16_t *)(void *)node->output.data;
	op->outputs = (uint32_t)weights->dims[0];
	op->inputs = (uint32_t)weights->dims[1];
	op->batches = input->elements / op->inputs;
	tflm_make_wide_stage(&op->stage, node, TFLM_RATIOS_DENSE, activation, 1);
	return run;
}
