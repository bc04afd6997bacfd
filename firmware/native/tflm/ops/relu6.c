/* RELU6 in int8: a clamp to the steps that stand for 0 and 6. As TFLite Micro has it, input and output are taken to be
   quantized alike. */
#include "../operators.h"
#include "../quantized.h"

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t elements;
	int8_t low, high;
} relu6;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	TFLM_TRY(tflm_need_int8(node, input));
	TFLM_TRY(tflm_need_int8(node, output));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	needs->data = sizeof(relu6);
	return TFLM_OK;
}

static void run(const void *data)
{
	const relu6 *op = data;
	for (uint32_t i = 0; i < op->elements; i++) op->output[i] = (int8_t)tflm_clamp(op->input[i], op->low, op->high);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	int32_t low, high;
	(void)tflm_activation_range(TFLM_ACTIVATION_RELU6, &node->input[0], &low, &high);
	*(relu6 *)data = (relu6){
		.input = tflm_values(&node->input[0]), .output = (int8_t *)node->output.data,
		.elements = node->output.elements, .low = (int8_t)low, .high = (int8_t)high,
	};
	return run;
}

const tflm_operator tflm_relu6 = {
	.name = "RELU6", .code = 21, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
