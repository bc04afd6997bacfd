/* READ_VARIABLE: copies a variable to the output. */
#include "../operators.h"
#include <string.h>

typedef struct {
	const void *variable;
	void *output;
	uint32_t bytes;
} reading;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	TFLM_TRY(tflm_need_type(node, &node->input[0], TFLM_RESOURCE));
	needs->data = sizeof(reading);
	needs->variable = node->output.bytes;
	needs->fill = tflm_zero_of(&node->output);
	return TFLM_OK;
}

static void run(const void *data)
{
	const reading *op = data;
	memcpy(op->output, op->variable, op->bytes);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	*(reading *)data = (reading){node->input[0].data, node->output.data, node->output.bytes};
	return run;
}

const tflm_operator tflm_read_variable = {
	.name = "READ_VARIABLE", .code = 143, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
