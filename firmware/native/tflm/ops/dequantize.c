/* DEQUANTIZE: scale * (q - zero_point), as tensorflow/lite/kernels/internal/reference/dequantize.h. The
   product is computed in double there, which makes no difference: both factors are floats, and it is rounded to one. */
#include "../operators.h"
#include "../quantized.h"

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

static void run(const void *data)
{
	const dequantize *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		op->output[i] = op->scale * (float)(tflm_load(op->type, op->input, i) - op->zero_point);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	*(dequantize *)data = (dequantize){
		.input = tflm_values(input), .output = (float *)(void *)node->output.data, .elements = input->elements,
		.scale = input->scale, .zero_point = input->zero_point, .type = input->type,
	};
	return run;
}

const tflm_operator tflm_dequantize = {
	.name = "DEQUANTIZE", .code = 6, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
