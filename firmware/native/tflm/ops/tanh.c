/* TANH: see sigmoid.h. */
#include "../sigmoid.h"

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_sigmoid(node, 1, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_sigmoid(node, 1, data);
}

const tflm_operator tflm_tanh = {
	.name = "TANH", .code = 28, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
