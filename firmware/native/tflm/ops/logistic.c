/* LOGISTIC, 1 / (1 + e^-x): see sigmoid.h. */
#include "../sigmoid.h"

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_sigmoid(node, 0, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_sigmoid(node, 0, data);
}

const tflm_operator tflm_logistic = {
	.name = "LOGISTIC", .code = 14, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
