/* CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV with int16 activations and int8 weights, as conv.h, depthwise_conv.h
   and transpose_conv.h of tensorflow/lite/kernels/internal/reference/integer_ops. */
#include "convolution.h"

static void write(const tflm_convolution_sum *op, const tflm_cells *cells, uint32_t channel, uint32_t at,
	tflm_ratio ratio)
{
	const int16_t *lines = (const int16_t *)op->input + cells->input;
	const int8_t *weights = (const int8_t *)op->weights + cells->weights;
	int64_t sum = 0;
	for (uint32_t i = 0; i < cells->lines; i++) {
		for (int32_t j = 0; j < (int32_t)cells->columns; j++) {
			const int16_t *x = lines + (int32_t)i * cells->input_y + j * cells->input_x;
			const int8_t *w = weights + (int32_t)i * cells->weights_y + j * cells->weights_x;
			for (uint32_t c = 0; c < cells->depth; c++) sum += x[c] * w[c];
		}
	}
	if (op->wide.short_bias) sum += op->wide.short_bias[channel];
	((int16_t *)op->output)[at] = tflm_finish_wide(&op->wide.stage, channel, sum, ratio.multiplier, ratio.shift);
}

void tflm_run_convolution_int16(const void *data)
{
	tflm_run_convolution(data, 1, write);
}
