/* SPLIT: takes a tensor apart along an axis, in equal parts. */
#include "../interleave.h"

enum { INPUT_AXIS, INPUT_VALUES };

static int32_t axis_of(const tflm_node *node)
{
	return tflm_constant_axis(&node->input[INPUT_AXIS], node->input[INPUT_VALUES].rank);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	int32_t axis = axis_of(node);
	TFLM_TRY(tflm_check_split(node, &node->input[INPUT_VALUES], axis, TFLM_ALONG_AXIS, needs));
	for (uint32_t i = 1; i < node->output_count; i++) {
		tflm_tensor part;
		tflm_node_output(node, i, &part);
		if (part.dims[axis] != node->output.dims[axis]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, &part, part.dims[axis]);
		}
	}
	return TFLM_OK;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_split(node, &node->input[INPUT_VALUES], axis_of(node), data);
}

const tflm_operator tflm_split = {
	.name = "SPLIT", .code = 49, .min_inputs = 2, .max_inputs = 2, .outputs = TFLM_ANY,
	.check = check, .prepare = prepare,
};
