/* SignalFilterBankSpectralSubtraction: follows the noise of each channel with a low-pass filter and subtracts it, but
   leaves some of the signal. The second output is the noise, with `smoothing_bits` bits more than the signal. As
   signal/src/filter_bank_spectral_subtraction.cc of TFLite Micro, modulo 2^32 where that is. */
#include "../flexbuffer.h"
#include "tensor_checks.h"
#include <string.h>

typedef struct {
	const uint32_t *input;
	uint32_t *output, *noise, *state;
	uint32_t channels;
	/* Of the even channels, then of the odd ones; all in units of 2^-bits. */
	uint32_t smoothing[2], one_minus_smoothing[2], remaining;
	uint8_t smoothing_bits, bits, clamping;
} subtraction;

static tflm_code read_options(const tflm_node *node, subtraction *op)
{
	static const char *const names[] = {
		"smoothing", "alternate_smoothing", "one_minus_smoothing", "alternate_one_minus_smoothing",
		"min_signal_remaining",
	};
	uint32_t *const targets[] = {
		&op->smoothing[0], &op->smoothing[1], &op->one_minus_smoothing[0], &op->one_minus_smoothing[1], &op->remaining,
	};
	int32_t value = 0;
	for (uint32_t i = 0; i < sizeof names / sizeof *names; i++) {
		TFLM_TRY(tflm_custom_option(node, names[i], INT32_MIN, INT32_MAX, &value));
		*targets[i] = (uint32_t)value;
	}
	TFLM_TRY(tflm_custom_option(node, "smoothing_bits", 0, 31, &value));
	op->smoothing_bits = (uint8_t)value;
	TFLM_TRY(tflm_custom_option(node, "spectral_subtraction_bits", 0, 63, &value));
	op->bits = (uint8_t)value;
	TFLM_TRY(tflm_custom_option(node, "clamping", 0, 1, &value));
	op->clamping = (uint8_t)value;
	TFLM_TRY(tflm_custom_option(node, "num_channels", 0, INT32_MAX, &value));
	op->channels = (uint32_t)value;
	return TFLM_OK;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0];
	subtraction op;
	tflm_tensor noise;
	tflm_node_output(node, 1, &noise);
	static const uint8_t types[] = {TFLM_UINT32, TFLM_UINT32, TFLM_UINT32};
	TFLM_TRY(tflm_need_types(node, 1, types));
	TFLM_TRY(tflm_need_same_shape(node, input, &node->output));
	TFLM_TRY(tflm_need_same_shape(node, input, &noise));
	TFLM_TRY(read_options(node, &op));
	if (op.channels != input->elements) return tflm_fail(node, TFLM_SHAPE_MISMATCH, input, (int32_t)op.channels);
	needs->data = sizeof(subtraction);
	needs->state = input->bytes;
	return TFLM_OK;
}

static void run(const void *data)
{
	const subtraction *op = data;
	for (uint32_t i = 0; i < op->channels; i++) {
		uint32_t signal = op->input[i], scaled = signal << op->smoothing_bits;
		uint64_t sum = (uint64_t)scaled * op->smoothing[i & 1];
		sum += (uint64_t)op->state[i] * op->one_minus_smoothing[i & 1];
		uint32_t noise = (uint32_t)(sum >> op->bits), estimate = noise < scaled ? noise : scaled;
		uint32_t least = (uint32_t)((uint64_t)signal * op->remaining >> op->bits);
		uint32_t rest = (scaled - estimate) >> op->smoothing_bits;
		op->state[i] = op->clamping ? estimate : noise;
		op->output[i] = rest > least ? rest : least;
	}
	memcpy(op->noise, op->state, op->channels * sizeof *op->noise);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	subtraction *op = data;
	tflm_tensor noise;
	tflm_node_output(node, 1, &noise);
	(void)read_options(node, op);
	op->input = tflm_values(&node->input[0]);
	op->output = (uint32_t *)(void *)node->output.data;
	op->noise = (uint32_t *)(void *)noise.data;
	op->state = node->state;
	return run;
}

const tflm_operator tflm_signal_filter_bank_spectral_subtraction = {
	.name = "SignalFilterBankSpectralSubtraction", .code = TFLM_CUSTOM, .memory = TFLM_IN_PLACE, .min_inputs = 1,
	.max_inputs = 1, .outputs = 2, .check = check, .prepare = prepare,
};
