/* SignalFftAutoScale: shifts int16 samples to the left as far as the loudest allows; the second output says how far.
   As signal/src/fft_auto_scale.cc and max_abs.cc of TFLite Micro, whose magnitude of -32768 is -32768 again. */
#include "tensor_checks.h"

typedef struct {
	const int16_t *input;
	int16_t *output;
	int32_t *shift;
	uint32_t elements;
} auto_scale;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_tensor shift;
	tflm_node_output(node, 1, &shift);
	static const uint8_t types[] = {TFLM_INT16, TFLM_INT16, TFLM_INT32};
	TFLM_TRY(tflm_need_types(node, 1, types));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	if (shift.elements != 1) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &shift, (int32_t)shift.elements);
	needs->data = sizeof(auto_scale);
	return TFLM_OK;
}

static void run(const void *data)
{
	const auto_scale *op = data;
	int32_t largest = 0, shift = 0;
	for (uint32_t i = 0; i < op->elements; i++) {
		int32_t value = op->input[i];
		if (value > largest) largest = value;
		else if (-value > largest) largest = (int16_t)-value;
	}
	if (largest > 0) {
		for (; largest < 1 << 14; largest *= 2) shift++;
	}
	for (uint32_t i = 0; i < op->elements; i++) op->output[i] = (int16_t)(op->input[i] * (1 << shift));
	*op->shift = shift;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	auto_scale *op = data;
	tflm_tensor shift;
	tflm_node_output(node, 1, &shift);
	op->input = tflm_values(&node->input[0]);
	op->output = (int16_t *)(void *)node->output.data;
	op->shift = (int32_t *)(void *)shift.data;
	op->elements = node->output.elements;
	return run;
}

/* All is read before anything is written. */
const tflm_operator tflm_signal_fft_auto_scale = {
	.name = "SignalFftAutoScale", .code = TFLM_CUSTOM, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1,
	.outputs = 2, .check = check, .prepare = prepare,
};
