/* UNPACK: the slices of a tensor along an axis, which they lack themselves. */
#include "../interleave.h"
#include "../reader.h"

enum { OPTION_COUNT, OPTION_AXIS };

static int32_t axis_of(const tflm_node *node)
{
	return tflm_axis_of(tflm_field_i32(node->model, node->options, OPTION_AXIS, 0), node->input[0].rank);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_split(node, &node->input[0], axis_of(node), TFLM_AT_INDEX, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_split(node, &node->input[0], axis_of(node), data);
}

const tflm_operator tflm_unpack = {
	.name = "UNPACK", .code = 88, .options_type = 64, .min_inputs = 1, .max_inputs = 1, .outputs = TFLM_ANY,
	.check = check, .prepare = prepare,
};
