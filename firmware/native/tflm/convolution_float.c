/* CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV in float32, with the products in TFLite's order. */
#include "convolution.h"

static void write(const tflm_convolution_sum *op, const tflm_cells *cells, uint32_t channel, uint32_t at,
	tflm_ratio ratio)
{
	const float *lines = (const float *)op->input + cells->input;
	const float *weights = (const float *)op->weights + cells->weights;
	float sum = 0;
	(void)ratio;
	for (uint32_t i = 0; i < cells->lines; i++) {
		for (int32_t j = 0; j < (int32_t)cells->columns; j++) {
			const float *x = lines + (int32_t)i * cells->input_y + j * cells->input_x;
			const float *w = weights + (int32_t)i * cells->weights_y + j * cells->weights_x;
			for (uint32_t c = 0; c < cells->depth; c++) sum += x[c] * w[c];
		}
	}
	if (op->real.bias) sum += op->real.bias[channel];
	((float *)op->output)[at] = sum < op->real.low ? op->real.low : sum > op->real.high ? op->real.high : sum;
}

void tflm_run_convolution_float(const void *data)
{
	tflm_run_convolution(data, 0, write);
}
