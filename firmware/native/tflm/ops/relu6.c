/* RELU6: a clamp to the steps that stand for 0 and 6. As TFLite Micro has it, input and output are taken to be quantized
   alike. */
#include "../unary.h"

static float of_real(const tflm_unary *op, float x)
{
	(void)op;
	return x > 6 ? 6 : x < 0 ? 0 : x;
}

static int32_t of_steps(const tflm_unary *op, int32_t x)
{
	return tflm_clamp(x, op->values[0], op->values[1]);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_unary *op = data;
	tflm_run run = tflm_prepare_unary(node, op, of_real, of_steps);
	if (node->input[0].type != TFLM_FLOAT32) {
		(void)tflm_activation_range(TFLM_ACTIVATION_RELU6, &node->input[0], &op->values[0], &op->values[1]);
		op->zero_input = op->zero_output = 0;
	}
	return run;
}

const tflm_operator tflm_relu6 = {
	.name = "RELU6", .code = 21, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_unary, .prepare = prepare,
};
