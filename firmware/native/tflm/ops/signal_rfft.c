/* SignalRfft: the spectrum of real samples, [rows, length] to [rows, fft_length + 2], real and imaginary parts
   in turn. */
#include "signal_fft.h"

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_fft(node, 0, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_fft(node, 0, data);
}

const tflm_operator tflm_signal_rfft = {
	.name = "SignalRfft", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
