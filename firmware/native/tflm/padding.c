#include "padding.h"
#include "reader.h"
#include "strided.h"
#include <string.h>

/* The copy of the input follows. */
typedef struct {
	const uint8_t *value; /* NULL: bytes of `zero` */
	uint8_t *output;
	uint32_t bytes;       /* of the output */
	uint8_t width, zero;
} padding;

/* Indices before the input's in dimension `i` (`side` 0) or after them (1). */
static int32_t amount(const tflm_node *node, uint32_t i, uint32_t side)
{
	return (int32_t)tflm_read_u32(node->input[1].constant + 4 * (2 * i + side));
}

/* Returns the offset in the output of the first element that is copied. */
static uint32_t make_strides(const tflm_node *node, tflm_strides *strides)
{
	const tflm_tensor *input = &node->input[0];
	uint32_t from = tflm_type_bytes(input->type), to = from, first = 0;
	strides->block = from;
	strides->rank = input->rank;
	for (uint32_t i = input->rank; i-- > 0;) {
		strides->dims[i] = (tflm_steps){(uint32_t)input->dims[i], (int32_t)from, (int32_t)to};
		first += (uint32_t)amount(node, i, 0) * to;
		from *= (uint32_t)input->dims[i];
		to *= (uint32_t)node->output.dims[i];
	}
	tflm_simplify_strides(strides);
	return first;
}

tflm_code tflm_check_padding(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *amounts = &node->input[1], *output = &node->output;
	tflm_strides strides;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(tflm_need_type(node, amounts, TFLM_INT32));
	TFLM_TRY(tflm_need_constant(node, amounts));
	if (amounts->elements != 2u * input->rank) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, amounts, (int32_t)amounts->elements);
	}
	if (output->rank != input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	for (uint32_t i = 0; i < input->rank; i++) {
		int64_t before = amount(node, i, 0), after = amount(node, i, 1);
		if (before < 0 || after < 0 || before + input->dims[i] + after != output->dims[i]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[i]);
		}
	}
	/* Values are copied as they are. */
	if (input->scale != output->scale || input->zero_point != output->zero_point) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
	}
	(void)make_strides(node, &strides);
	needs->data = (uint32_t)sizeof(padding) + tflm_strided_bytes(&strides);
	return TFLM_OK;
}

static void run(const void *data)
{
	const padding *op = data;
	if (op->value) {
		for (uint32_t i = 0; i < op->bytes; i += op->width) memcpy(op->output + i, op->value, op->width);
	} else {
		memset(op->output, op->zero, op->bytes);
	}
	tflm_run_strided((const tflm_strided *)(const void *)(op + 1));
}

tflm_run tflm_prepare_padding(const tflm_node *node, const void *value, void *data)
{
	const tflm_tensor *output = &node->output;
	tflm_strides strides;
	padding *op = data;
	op->value = value;
	op->output = output->data;
	op->bytes = output->bytes;
	op->width = (uint8_t)tflm_type_bytes(output->type);
	op->zero = (uint8_t)tflm_zero_of(output);
	uint32_t first = make_strides(node, &strides);
	tflm_make_strided((tflm_strided *)(void *)(op + 1), &strides, tflm_values(&node->input[0]), output->data + first);
	return run;
}
