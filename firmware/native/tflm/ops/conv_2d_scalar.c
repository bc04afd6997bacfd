/* CONV_2D in int8 for any machine: the window's cells are gathered into a row (those outside of the image as the zero
   point, which counts nothing), unless the window is a single cell, which is a row already. Then an output channel is the
   dot product of two contiguous rows. */
#include "conv_2d.h"
#if TFLM_SCALAR
#include "../dot.h"
#include <string.h>

enum { BLOCK = 32 };

/* The cells of the window whose first cell is at (y, x) of the image, as a row. */
static void gather(const tflm_convolution *op, const int8_t *image, int32_t y, int32_t x, int8_t *row)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels, line = s->width * channels;
	int32_t top, bottom, left, right;
	tflm_visible(y, s->height, s->dilation_y, s->in_height, &top, &bottom);
	tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
	if (bottom - top < s->height || right - left < s->width) memset(row, op->zero_point, s->height * line);
	if (right <= left) return;
	for (int32_t i = top; i < bottom; i++) {
		int8_t *to = row + (uint32_t)i * line + (uint32_t)left * channels;
		const int8_t *from = image + ((y + i * s->dilation_y) * s->in_width + x + left * s->dilation_x) * (int32_t)channels;
		if (s->dilation_x == 1) {
			memcpy(to, from, (uint32_t)(right - left) * channels);
			continue;
		}
		for (int32_t j = left; j < right; j++, to += channels, from += s->dilation_x * channels) {
			memcpy(to, from, channels);
		}
	}
}

/* Outputs of `rows` channels from `first` on. */
static void run_block(const tflm_convolution *op, uint32_t first, uint32_t rows)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t length = s->height * s->width * op->in_channels;
	const int8_t *weights = op->weights + first * length;
	int32_t multipliers[BLOCK];
	int8_t shifts[BLOCK], *output = op->output + first;
	tflm_ratios_of(&op->stage, first, rows, multipliers, shifts);
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			for (int32_t ox = 0; ox < s->out_width; ox++, output += op->out_channels) {
				int32_t x = ox * s->stride_x - s->pad_x;
				uint32_t sums[BLOCK];
				const int8_t *row = op->scratch;
				if (row) gather(op, image, y, x, op->scratch);
				else row = image + (uint32_t)(y * s->in_width + x) * op->in_channels;
				tflm_dot_rows(row, -op->zero_point, weights, length, rows, sums);
				for (uint32_t i = 0; i < rows; i++) {
					output[i] = tflm_finish(&op->stage, first + i, sums[i], multipliers[i], shifts[i]);
				}
			}
		}
	}
}

void tflm_conv_2d_run_scalar(const tflm_convolution *op)
{
	for (uint32_t first = 0; first < op->out_channels; first += BLOCK) {
		uint32_t rest = op->out_channels - first;
		run_block(op, first, rest < BLOCK ? rest : BLOCK);
	}
}
#endif
