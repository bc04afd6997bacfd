/* SPLIT_V: takes a tensor apart along an axis, in parts of given sizes. */
#include "../interleave.h"
#include "../reader.h"

enum { INPUT_VALUES, INPUT_SIZES, INPUT_AXIS };

static int32_t axis_of(const tflm_node *node)
{
	return tflm_constant_axis(&node->input[INPUT_AXIS], node->input[INPUT_VALUES].rank);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *sizes = &node->input[INPUT_SIZES];
	int32_t axis = axis_of(node);
	TFLM_TRY(tflm_need_type(node, sizes, TFLM_INT32));
	TFLM_TRY(tflm_need_constant(node, sizes));
	if (sizes->elements != node->output_count) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, sizes, (int32_t)sizes->elements);
	}
	TFLM_TRY(tflm_check_split(node, &node->input[INPUT_VALUES], axis, TFLM_ALONG_AXIS, needs));
	for (uint32_t i = 0; i < node->output_count; i++) {
		tflm_tensor part;
		tflm_node_output(node, i, &part);
		int32_t size = (int32_t)tflm_read_u32(sizes->constant + 4 * i);
		/* -1: what is left. */
		if (size != -1 && size != part.dims[axis]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &part, part.dims[axis]);
	}
	return TFLM_OK;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_split(node, &node->input[INPUT_VALUES], axis_of(node), data);
}

const tflm_operator tflm_split_v = {
	.name = "SPLIT_V", .code = 102, .min_inputs = 3, .max_inputs = 3, .outputs = TFLM_ANY,
	.check = check, .prepare = prepare,
};
