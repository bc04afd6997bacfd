#include "same_bytes.h"
#include <string.h>

typedef struct {
	const void *input;
	void *output;
	uint32_t bytes;
} same_bytes;

tflm_code tflm_check_same_bytes(const tflm_node *node, tflm_needs *needs)
{
	TFLM_TRY(tflm_need_type(node, &node->output, node->input[0].type));
	if (node->input[0].bytes != node->output.bytes) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &node->output, 0);
	needs->data = sizeof(same_bytes);
	return TFLM_OK;
}

/* The next dimension from `i` on that is not 1; 1 when there is none. */
static int32_t next_dimension(const tflm_tensor *tensor, uint32_t *i)
{
	while (*i < tensor->rank) {
		int32_t dim = tensor->dims[(*i)++];
		if (dim != 1) return dim;
	}
	return 1;
}

tflm_code tflm_check_same_order(const tflm_node *node, tflm_needs *needs)
{
	uint32_t a = 0, b = 0;
	int32_t dim;
	do {
		dim = next_dimension(&node->input[0], &a);
		if (next_dimension(&node->output, &b) != dim) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &node->output, dim);
	} while (dim != 1);
	return tflm_check_same_bytes(node, needs);
}

static void run(const void *data)
{
	const same_bytes *op = data;
	if (op->input != op->output) memcpy(op->output, op->input, op->bytes);
}

tflm_run tflm_prepare_same_bytes(const tflm_node *node, void *data)
{
	*(same_bytes *)data = (same_bytes){tflm_values(&node->input[0]), node->output.data, node->output.bytes};
	return run;
}
