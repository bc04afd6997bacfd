/* VAR_HANDLE: stands for a variable, known by its container and name, that is kept from one inference to the next. The
   planner gives the variable its memory, see planner.c, and the size that READ_VARIABLE and ASSIGN_VARIABLE ask for. */
#include "../interpreter.h"
#include "../reader.h"
#include <string.h>

enum { OPTION_CONTAINER, OPTION_NAME };

/* The options of the operator that makes the tensor; the planner asks only for tensors that one makes. */
static uint32_t options_of(const tflm_model *model, int32_t tensor)
{
	uint32_t operator = 0;
	while (operator + 1 < model->operator_count && tflm_operator_output(model, operator, 0) != tensor) operator++;
	return tflm_field_target(model, tflm_operator_table(model, operator), OPERATOR_OPTIONS);
}

static int same_text(const tflm_model *a, uint32_t text_a, const tflm_model *b, uint32_t text_b)
{
	uint32_t length = tflm_vector_count(a, text_a);
	return length == tflm_vector_count(b, text_b) &&
		(!length || !memcmp(a->bytes + text_a + 4, b->bytes + text_b + 4, length));
}

int tflm_same_variable(const tflm_model *a, int32_t tensor_a, const tflm_model *b, int32_t tensor_b)
{
	uint32_t options_a = options_of(a, tensor_a), options_b = options_of(b, tensor_b);
	for (uint32_t field = OPTION_CONTAINER; field <= OPTION_NAME; field++) {
		if (!same_text(a, tflm_field_target(a, options_a, field), b, tflm_field_target(b, options_b, field))) return 0;
	}
	return 1;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	(void)needs;
	return tflm_need_type(node, &node->output, TFLM_RESOURCE);
}

static void run(const void *data)
{
	(void)data;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	(void)node, (void)data;
	return run;
}

const tflm_operator tflm_var_handle = {
	.name = "VAR_HANDLE", .code = 142, .options_type = 111, .memory = TFLM_VARIABLE, .outputs = 1,
	.check = check, .prepare = prepare,
};
