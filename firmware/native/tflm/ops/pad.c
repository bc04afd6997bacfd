/* PAD in int8: the image with a border of zero points. As tensorflow/lite/kernels/internal/reference/pad.h. */
#include "../operators.h"
#include "../reader.h"
#include <string.h>

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t elements; /* of the output */
	uint32_t rank;
	uint32_t dims[TFLM_RANK], before[TFLM_RANK], steps[TFLM_RANK]; /* of the input; steps of the output */
	int8_t zero_point;
} pad;

/* Cells before the image in dimension `i` (`side` 0) or after it (1). */
static int32_t padding(const tflm_node *node, uint32_t i, uint32_t side)
{
	return (int32_t)tflm_read_u32(node->input[1].constant + 4 * (2 * i + side));
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *paddings = &node->input[1], *output = &node->output;
	TFLM_TRY(tflm_need_int8(node, input));
	TFLM_TRY(tflm_need_int8(node, output));
	TFLM_TRY(tflm_need_type(node, paddings, TFLM_INT32));
	if (!input->rank) return tflm_fail(node, TFLM_BAD_SHAPE, input, 0);
	if (!paddings->constant || paddings->elements != 2u * input->rank) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, paddings, (int32_t)paddings->elements);
	}
	if (output->rank != input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	for (uint32_t i = 0; i < input->rank; i++) {
		int64_t before = padding(node, i, 0), after = padding(node, i, 1);
		if (before < 0 || after < 0 || before + input->dims[i] + after != output->dims[i]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[i]);
		}
	}
	/* Values are copied as they are. */
	if (input->scale != output->scale || input->zero_point != output->zero_point) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
	}
	needs->data = sizeof(pad);
	return TFLM_OK;
}

static void run(const void *data)
{
	const pad *op = data;
	uint32_t index[TFLM_RANK] = {0}, inner = op->rank - 1, line = op->dims[inner];
	const int8_t *from = op->input;
	int8_t *to = op->output;
	memset(op->output, op->zero_point, op->elements);
	for (uint32_t i = 0; i <= inner; i++) to += op->before[i] * op->steps[i];
	for (;; from += line) {
		memcpy(to, from, line);
		uint32_t i = inner;
		for (;;) {
			if (!i--) return;
			to += op->steps[i];
			if (++index[i] < op->dims[i]) break;
			index[i] = 0;
			to -= op->steps[i] * op->dims[i];
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	pad *op = data;
	uint32_t step = 1;
	op->input = tflm_values(input);
	op->output = (int8_t *)output->data;
	op->elements = output->elements;
	op->rank = input->rank;
	op->zero_point = (int8_t)output->zero_point;
	for (uint32_t i = input->rank; i-- > 0;) {
		op->dims[i] = (uint32_t)input->dims[i];
		op->before[i] = (uint32_t)padding(node, i, 0);
		op->steps[i] = step;
		step *= (uint32_t)output->dims[i];
	}
	return run;
}

const tflm_operator tflm_pad = {
	.name = "PAD", .code = 34, .min_inputs = 2, .max_inputs = 2, .outputs = 1, .check = check, .prepare = prepare,
};
