/* PACK: stacks inputs of one shape along a new axis. */
#include "../interleave.h"
#include "../reader.h"

enum { OPTION_COUNT, OPTION_AXIS };

static int32_t axis_of(const tflm_node *node)
{
	return tflm_axis_of(tflm_field_i32(node->model, node->options, OPTION_AXIS, 0), node->output.rank);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_join(node, axis_of(node), TFLM_AT_INDEX, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_join(node, axis_of(node), data);
}

const tflm_operator tflm_pack = {
	.name = "PACK", .code = 83, .options_type = 59, .min_inputs = 1, .max_inputs = TFLM_ANY, .outputs = 1,
	.check = check, .prepare = prepare,
};
