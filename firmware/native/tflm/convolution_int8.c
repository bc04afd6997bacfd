/* TRANSPOSE_CONV, and CONV_2D of groups of channels, in int8. */
#include "convolution.h"

static void write(const tflm_convolution_sum *op, const tflm_cells *cells, uint32_t channel, uint32_t at,
	tflm_ratio ratio)
{
	const int8_t *lines = (const int8_t *)op->input + cells->input;
	const int8_t *weights = (const int8_t *)op->weights + cells->weights;
	uint32_t sum = 0;
	for (uint32_t i = 0; i < cells->lines; i++) {
		for (int32_t j = 0; j < (int32_t)cells->columns; j++) {
			const int8_t *x = lines + (int32_t)i * cells->input_y + j * cells->input_x;
			const int8_t *w = weights + (int32_t)i * cells->weights_y + j * cells->weights_x;
			for (uint32_t c = 0; c < cells->depth; c++) sum += (uint32_t)((x[c] - op->zero_point) * w[c]);
		}
	}
	const tflm_output_stage *stage = &op->stage;
	if (stage->bias) sum += (uint32_t)stage->bias[channel];
	int32_t value = tflm_rescale_call((int32_t)sum, ratio.multiplier, ratio.shift, stage->rounding);
	((int8_t *)op->output)[at] = tflm_to_int8(value, stage->zero_point, stage->low, stage->high);
}

void tflm_run_convolution_int8(const void *data)
{
	tflm_run_convolution(data, 1, write);
}
