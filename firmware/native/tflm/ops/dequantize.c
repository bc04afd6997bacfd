/* DEQUANTIZE: scale * (q - zero_point), in double as tensorflow/lite/kernels/internal/reference/dequantize.h has it. */
#include "../operators.h"

typedef struct {
	const void *input;
	float *output;
	uint32_t elements;
	float scale;
	int32_t zero_point;
	uint8_t type;
} dequantize;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	if (input->type != TFLM_INT8 && input->type != TFLM_UINT8 && input->type != TFLM_INT16) {
		return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, input, input->type);
	}
	TFLM_TRY(tflm_need_scale(node, input));
	TFLM_TRY(tflm_need_type(node, output, TFLM_FLOAT32));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	needs->data = sizeof(dequantize);
	return TFLM_OK;
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	const tflm_tensor *input = &node->input[0];
	(void)scratch, (void)rounding;
	*(dequantize *)data = (dequantize){
		.input = tflm_values(input), .output = (float *)(void *)node->output.data, .elements = input->elements,
		.scale = input->scale, .zero_point = input->zero_point, .type = input->type,
	};
}

static int32_t load(const dequantize *op, uint32_t i)
{
	if (op->type == TFLM_INT8) return ((const int8_t *)op->input)[i];
	if (op->type == TFLM_UINT8) return ((const uint8_t *)op->input)[i];
	return ((const int16_t *)op->input)[i];
}

static void run(const void *data)
{
	const dequantize *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		op->output[i] = (float)((double)op->scale * (double)(load(op, i) - op->zero_point));
	}
}

const tflm_operator tflm_dequantize = {
	.name = "DEQUANTIZE", .code = 6, .min_inputs = 1, .max_inputs = 1,
	.check = check, .prepare = prepare, .run = run,
};
