/* SUB: see sum.h. */
#include "../reader.h"
#include "../sum.h"

enum { OPTION_ACTIVATION };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_sum(node, activation(node), needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_sum(node, TFLM_DIFFERENCE, activation(node), data);
}

const tflm_operator tflm_sub = {
	.name = "SUB", .code = 41, .options_type = 28, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
