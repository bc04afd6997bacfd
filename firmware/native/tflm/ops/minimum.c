/* MINIMUM: the smaller of each two elements, as they are. TFLite Micro takes their scales to be equal. */
#include "../arithmetic.h"

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_choice(node, TFLM_SMALLER, data);
}

const tflm_operator tflm_minimum = {
	.name = "MINIMUM", .code = 57, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = tflm_check_choice, .prepare = prepare,
};
