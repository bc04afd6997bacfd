/* CONV_2D in int8 for microcontrollers. Windows are gathered (those of a single cell lie side by side already) and
   widened to int16 with the zero point subtracted, two at a time, and multiplied with the filters, which stay int8 in
   flash. */
#include "conv_2d.h"
#if TFLM_FAST
#include "../gather.h"

void tflm_conv_2d_run_fast(const tflm_convolution *op)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t length = s->height * s->width * op->in_channels, side = 0;
	int is_single_cell = s->height == 1 && s->width == 1;
	tflm_fast_ratio *ratios = op->scratch;
	void *windows = ratios + op->out_channels;
	int8_t *row = (int8_t *)windows + TFLM_CONV_WINDOWS * sizeof(int16_t) * tflm_round_up(length, 4);
	int8_t *output = op->output;
	tflm_make_fast_ratios(&op->stage, 0, op->out_channels, ratios);
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			for (int32_t ox = 0; ox < s->out_width; ox++) {
				int32_t x = ox * s->stride_x - s->pad_x;
				const int8_t *cells = row;
				if (is_single_cell) cells = image + (uint32_t)(y * s->in_width + x) * op->in_channels;
				else tflm_gather(s, image, op->in_channels, y, x, (int8_t)op->zero_point, row);
				tflm_conv_2d_widen(cells, length, op->zero_point, windows, side);
				if (side) {
					tflm_conv_2d_multiply(op, ratios, windows, length, output, op->out_channels);
					output += 2 * op->out_channels;
				}
				side = !side;
			}
		}
	}
	if (side) tflm_conv_2d_multiply(op, ratios, windows, length, output, 0);
}
#endif
