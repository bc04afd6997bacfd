/* SignalIrfft: real samples from their spectrum, [rows, fft_length + 2] to [rows, fft_length]. */
#include "signal_fft.h"

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_fft(node, 1, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_fft(node, 1, data);
}

const tflm_operator tflm_signal_irfft = {
	.name = "SignalIrfft", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
