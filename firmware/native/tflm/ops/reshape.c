/* RESHAPE: the same bytes under another shape. The planner lets input and output share their memory, so that there is
   nothing to do unless the input is a constant. The new shape is that of the output tensor; the second input and the
   option that also name it are not read. */
#include "../operators.h"
#include <string.h>

typedef struct {
	const void *input;
	void *output;
	uint32_t bytes;
} reshape;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	if (node->input[0].type != node->output.type) {
		return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, &node->output, node->output.type);
	}
	if (node->input[0].bytes != node->output.bytes) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &node->output, 0);
	needs->data = sizeof(reshape);
	return TFLM_OK;
}

static void run(const void *data)
{
	const reshape *op = data;
	if (op->input != op->output) memcpy(op->output, op->input, op->bytes);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	*(reshape *)data = (reshape){tflm_values(&node->input[0]), node->output.data, node->output.bytes};
	return run;
}

const tflm_operator tflm_reshape = {
	.name = "RESHAPE", .code = 22, .memory = TFLM_SAME_BYTES, .min_inputs = 1, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
