/* PADV2: the input with a border of a value that its third input gives. */
#include "../padding.h"

enum { INPUT_VALUE = 2 };

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *value = &node->input[INPUT_VALUE], *output = &node->output;
	TFLM_TRY(tflm_need_type(node, value, node->input[0].type));
	if (value->elements != 1) return tflm_fail(node, TFLM_SHAPE_MISMATCH, value, (int32_t)value->elements);
	if (output->type == TFLM_INT8 && (value->scale != output->scale || value->zero_point != output->zero_point)) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, value, value->zero_point);
	}
	return tflm_check_padding(node, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_padding(node, tflm_values(&node->input[INPUT_VALUE]), data);
}

const tflm_operator tflm_padv2 = {
	.name = "PADV2", .code = 60, .min_inputs = 3, .max_inputs = 3, .outputs = 1, .check = check, .prepare = prepare,
};
