/* ARG_MAX: the index of the largest value along an axis, the first of equals. */
#include "../interleave.h"

typedef struct {
	const void *input;
	int32_t *output;
	uint32_t outer, count, inner; /* count: indices of the axis; inner: elements from one to the next */
	uint8_t is_float;
} arg_max;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t axis = tflm_constant_axis(&node->input[1], input->rank);
	if (input->type != TFLM_FLOAT32) TFLM_TRY(tflm_need_type(node, input, TFLM_INT8));
	TFLM_TRY(tflm_need_type(node, output, TFLM_INT32));
	if (axis < 0) return tflm_fail(node, TFLM_BAD_OPERATOR, &node->input[1], axis);
	if (output->rank + 1 != input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	for (int32_t i = 0; i < output->rank; i++) {
		if (output->dims[i] != input->dims[i + (i >= axis)]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[i]);
		}
	}
	needs->data = sizeof(arg_max);
	return TFLM_OK;
}

static int is_larger(const arg_max *op, uint32_t a, uint32_t b)
{
	if (op->is_float) return ((const float *)op->input)[a] > ((const float *)op->input)[b];
	return ((const int8_t *)op->input)[a] > ((const int8_t *)op->input)[b];
}

static void run(const void *data)
{
	const arg_max *op = data;
	for (uint32_t o = 0; o < op->outer * op->inner; o++) {
		uint32_t first = o / op->inner * op->count * op->inner + o % op->inner, best = 0;
		for (uint32_t i = 1; i < op->count; i++) {
			if (is_larger(op, first + i * op->inner, first + best * op->inner)) best = i;
		}
		op->output[o] = (int32_t)best;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	int32_t axis = tflm_constant_axis(&node->input[1], input->rank);
	arg_max *op = data;
	op->input = tflm_values(input);
	op->output = (int32_t *)(void *)node->output.data;
	op->count = (uint32_t)input->dims[axis];
	op->outer = op->inner = 1;
	op->is_float = input->type == TFLM_FLOAT32;
	for (int32_t i = 0; i < input->rank; i++) {
		if (i < axis) op->outer *= (uint32_t)input->dims[i];
		if (i > axis) op->inner *= (uint32_t)input->dims[i];
	}
	return run;
}

const tflm_operator tflm_arg_max = {
	.name = "ARG_MAX", .code = 56, .min_inputs = 2, .max_inputs = 2, .outputs = 1, .check = check, .prepare = prepare,
};
