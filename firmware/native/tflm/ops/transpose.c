/* TRANSPOSE: dimension i of the output is dimension permutation[i] of the input. */
#include "../reader.h"
#include "../strided.h"

static int32_t dimension(const tflm_node *node, uint32_t i)
{
	return (int32_t)tflm_read_u32(node->input[1].constant + 4 * i);
}

static void make_strides(const tflm_node *node, tflm_strides *strides)
{
	const tflm_tensor *input = &node->input[0];
	uint32_t steps[TFLM_RANK], from = tflm_type_bytes(input->type), to = from;
	strides->block = from;
	strides->rank = input->rank;
	for (uint32_t i = input->rank; i-- > 0; from *= (uint32_t)input->dims[i]) steps[i] = from;
	for (uint32_t i = input->rank; i-- > 0; to *= (uint32_t)node->output.dims[i]) {
		uint32_t count = (uint32_t)node->output.dims[i];
		strides->dims[i] = (tflm_steps){count, (int32_t)steps[dimension(node, i)], (int32_t)to};
	}
	tflm_simplify_strides(strides);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *order = &node->input[1], *output = &node->output;
	uint32_t seen = 0;
	tflm_strides strides;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(tflm_need_type(node, order, TFLM_INT32));
	TFLM_TRY(tflm_need_constant(node, order));
	if (order->elements != input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, order, (int32_t)order->elements);
	if (output->rank != input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	for (uint32_t i = 0; i < input->rank; i++) {
		int32_t from = dimension(node, i);
		if (from < 0 || from >= input->rank || seen >> from & 1) return tflm_fail(node, TFLM_BAD_OPERATOR, order, from);
		if (output->dims[i] != input->dims[from]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[i]);
		seen |= 1u << from;
	}
	make_strides(node, &strides);
	needs->data = tflm_strided_bytes(&strides);
	return TFLM_OK;
}

static void run(const void *data)
{
	tflm_run_strided(data);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_strides strides;
	make_strides(node, &strides);
	tflm_make_strided(data, &strides, tflm_values(&node->input[0]), node->output.data);
	return run;
}

const tflm_operator tflm_transpose = {
	.name = "TRANSPOSE", .code = 39, .min_inputs = 2, .max_inputs = 2, .outputs = 1, .check = check, .prepare = prepare,
};
