/* ASSIGN_VARIABLE: copies its second input to the variable that the first names. */
#include "../operators.h"
#include <string.h>

typedef struct {
	void *variable;
	const void *input;
	uint32_t bytes;
} assignment;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *value = &node->input[1];
	TFLM_TRY(tflm_need_type(node, &node->input[0], TFLM_RESOURCE));
	if (!value->bytes) return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, value, value->type);
	needs->data = sizeof(assignment);
	needs->variable = value->bytes;
	needs->fill = tflm_zero_of(value);
	return TFLM_OK;
}

static void run(const void *data)
{
	const assignment *op = data;
	memcpy(op->variable, op->input, op->bytes);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	*(assignment *)data = (assignment){node->input[0].data, tflm_values(&node->input[1]), node->input[1].bytes};
	return run;
}

const tflm_operator tflm_assign_variable = {
	.name = "ASSIGN_VARIABLE", .code = 144, .min_inputs = 2, .max_inputs = 2, .outputs = 0,
	.check = check, .prepare = prepare,
};
