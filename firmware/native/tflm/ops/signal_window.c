/* SignalWindow: output[i] = input[i] * weights[i] >> shift in int16, saturated, over the last dimension. */
#include "../flexbuffer.h"
#include "../quantized.h"
#include "tensor_checks.h"

typedef struct {
	const int16_t *input, *weights;
	int16_t *output;
	uint32_t elements;
	uint16_t length;
	uint8_t shift;
} window;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1];
	int32_t shift;
	static const uint8_t types[] = {TFLM_INT16, TFLM_INT16, TFLM_INT16};
	TFLM_TRY(tflm_need_types(node, 2, types));
	TFLM_TRY(tflm_need_same_shape(node, input, &node->output));
	TFLM_TRY(tflm_custom_option(node, "shift", 0, 30, &shift));
	if (!weights->elements || weights->elements > UINT16_MAX || input->elements % weights->elements) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, (int32_t)weights->elements);
	}
	needs->data = sizeof(window);
	return TFLM_OK;
}

static void run(const void *data)
{
	const window *op = data;
	for (uint32_t i = 0, k = 0; i < op->elements; i++) {
		op->output[i] = (int16_t)tflm_clamp(op->input[i] * op->weights[k] >> op->shift, INT16_MIN, INT16_MAX);
		if (++k == op->length) k = 0;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	window *op = data;
	int32_t shift = 0;
	(void)tflm_custom_option(node, "shift", 0, 30, &shift);
	op->input = tflm_values(&node->input[0]);
	op->weights = tflm_values(&node->input[1]);
	op->output = (int16_t *)(void *)node->output.data;
	op->elements = node->output.elements;
	op->length = (uint16_t)node->input[1].elements;
	op->shift = (uint8_t)shift;
	return run;
}

const tflm_operator tflm_signal_window = {
	.name = "SignalWindow", .code = TFLM_CUSTOM, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2,
	.outputs = 1, .check = check, .prepare = prepare,
};
