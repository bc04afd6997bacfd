/* CALL_ONCE: runs a subgraph without inputs and outputs at the first inference, to give variables their first values. The
   interpreter does the calling, see interpreter.c. */
#include "../interpreter.h"
#include "../reader.h"

enum { OPTION_SUBGRAPH };

uint32_t tflm_called_graph(const tflm_model *model, uint32_t operator)
{
	uint32_t options = tflm_field_target(model, tflm_operator_table(model, operator), OPERATOR_OPTIONS);
	return (uint32_t)tflm_field_i32(model, options, OPTION_SUBGRAPH, 0);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	(void)node;
	needs->data = sizeof(tflm_call);
	return TFLM_OK;
}

const tflm_operator tflm_call_once = {
	.name = "CALL_ONCE", .code = 129, .options_type = 103, .memory = TFLM_SUBGRAPH, .check = check,
};
