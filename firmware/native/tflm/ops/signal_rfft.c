/* SignalRfft: the spectrum of real samples, [rows, length] to [rows, fft_length + 2], real and imaginary parts in turn. */
#include "signal_fft.h"
#include "../flexbuffer.h"
#include "../cosine.h"

static tflm_code fft_length(const tflm_node *node, int32_t *length)
{
	TFLM_TRY(tflm_custom_option(node, "fft_length", 4, 1 << TFLM_COSINE_BITS, length));
	return *length & (*length - 1) ? tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, *length) : TFLM_OK;
}

static int32_t last_dimension(const tflm_tensor *tensor)
{
	return tensor->rank ? tensor->dims[tensor->rank - 1] : 0;
}

tflm_code tflm_check_fft(const tflm_node *node, int inverse, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	const tflm_tensor *signal = inverse ? output : input, *spectrum = inverse ? input : output;
	int32_t length, samples = last_dimension(signal), bins = last_dimension(spectrum);
	if (input->type != TFLM_INT32 && input->type != TFLM_FLOAT32) TFLM_TRY(tflm_need_type(node, input, TFLM_INT16));
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(fft_length(node, &length));
	if (samples < (inverse ? length : 1) || samples > length) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, signal, samples);
	}
	if (bins != length + 2) return tflm_fail(node, TFLM_SHAPE_MISMATCH, spectrum, bins);
	if (spectrum->elements / (uint32_t)bins != signal->elements / (uint32_t)samples) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)output->elements);
	}
	needs->data = sizeof(tflm_fft);
	return TFLM_OK;
}

void tflm_prepare_fft(const tflm_node *node, int inverse, tflm_fft *op)
{
	const tflm_tensor *spectrum = inverse ? &node->input[0] : &node->output;
	int32_t length = 1;
	(void)fft_length(node, &length);
	op->input = tflm_values(&node->input[0]);
	op->output = node->output.data;
	op->rows = spectrum->elements / (uint32_t)(length + 2);
	op->length = (uint16_t)last_dimension(&node->input[0]);
	op->bits = 0;
	while (length >> op->bits > 1) op->bits++;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	return tflm_check_fft(node, 0, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	uint8_t type = node->input[0].type;
	tflm_prepare_fft(node, 0, data);
	return type == TFLM_INT16 ? tflm_rfft_int16 : type == TFLM_INT32 ? tflm_rfft_int32 : tflm_rfft_float;
}

const tflm_operator tflm_signal_rfft = {
	.name = "SignalRfft", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
