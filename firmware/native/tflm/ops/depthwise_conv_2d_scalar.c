/* DEPTHWISE_CONV_2D in int8 for any machine: channels lie next to each other in the image and in the filter, so the loops
   over cells are outside and those over a block of channels inside. */
#include "depthwise_conv_2d.h"
#if TFLM_SCALAR
#include <string.h>

enum { BLOCK = 32 };

/* The part of the window that lies in the image. */
typedef struct {
	const int8_t *image, *weights; /* its first cell */
	uint32_t lines, columns;
	uint32_t step_y, step_x; /* bytes of the image from a cell to the next */
	uint32_t line;           /* bytes of the weights from a line to the next */
} view;

/* One filter for each channel: sums of `count` channels from `channel` on. */
static void sum_channels(const tflm_depthwise *op, const view *v, uint32_t channel, uint32_t count, uint32_t *sums)
{
	int16_t offset = (int16_t)-op->zero_point;
	memset(sums, 0, count * sizeof *sums);
	for (uint32_t i = 0; i < v->lines; i++) {
		for (uint32_t j = 0; j < v->columns; j++) {
			const int8_t *x = v->image + i * v->step_y + j * v->step_x + channel;
			const int8_t *w = v->weights + i * v->line + j * op->in_channels + channel;
			for (uint32_t c = 0; c < count; c++) sums[c] += (uint32_t)((int16_t)(x[c] + offset) * w[c]);
		}
	}
}

/* Several filters for one input channel: sums of `count` of its output channels from `channel` on. */
static void sum_filters(const tflm_depthwise *op, const view *v, uint32_t channel, uint32_t count, uint32_t *sums)
{
	uint32_t channels = op->in_channels * op->multiplier, in_channel = channel / op->multiplier;
	memset(sums, 0, count * sizeof *sums);
	for (uint32_t i = 0; i < v->lines; i++) {
		for (uint32_t j = 0; j < v->columns; j++) {
			int32_t x = v->image[i * v->step_y + j * v->step_x + in_channel] - op->zero_point;
			const int8_t *w = v->weights + i * v->line + j * channels + channel;
			for (uint32_t c = 0; c < count; c++) sums[c] += (uint32_t)(x * w[c]);
		}
	}
}

static void run_cell(const tflm_depthwise *op, const view *v, int8_t *output)
{
	uint32_t channels = op->in_channels * op->multiplier;
	/* A run of channels that one of the two loops above can take at once. */
	uint32_t run = op->multiplier == 1 ? channels : op->multiplier;
	for (uint32_t first = 0; first < channels; first += run) {
		for (uint32_t c = 0; c < run; c += BLOCK) {
			uint32_t count = run - c < BLOCK ? run - c : BLOCK;
			uint32_t sums[BLOCK];
			int32_t multipliers[BLOCK];
			int8_t shifts[BLOCK];
			if (op->multiplier == 1) sum_channels(op, v, c, count, sums);
			else sum_filters(op, v, first + c, count, sums);
			tflm_ratios_of(&op->stage, first + c, count, multipliers, shifts);
			for (uint32_t i = 0; i < count; i++) {
				uint32_t at = first + c + i;
				output[at] = tflm_finish(&op->stage, at, sums[i], multipliers[i], shifts[i]);
			}
		}
	}
}

void tflm_depthwise_conv_2d_run_scalar(const tflm_depthwise *op)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels, filters = channels * op->multiplier;
	int32_t top, bottom, left, right;
	int8_t *output = op->output;
	view v = {
		.step_y = (uint32_t)s->dilation_y * s->in_width * channels, .step_x = s->dilation_x * channels,
		.line = s->width * filters,
	};
	for (int32_t b = 0; b < s->batches; b++) {
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			tflm_visible(y, s->height, s->dilation_y, s->in_height, &top, &bottom);
			for (int32_t ox = 0; ox < s->out_width; ox++, output += filters) {
				int32_t x = ox * s->stride_x - s->pad_x;
				tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
				/* A dilated window can miss the image altogether. */
				v.lines = right > left && bottom > top ? (uint32_t)(bottom - top) : 0;
				v.columns = (uint32_t)(right - left);
				if (v.lines) {
					int32_t first_y = b * s->in_height + y + top * s->dilation_y, first_x = x + left * s->dilation_x;
					v.image = op->input + (uint32_t)(first_y * s->in_width + first_x) * channels;
					v.weights = op->weights + (uint32_t)top * v.line + (uint32_t)left * filters;
				}
				run_cell(op, &v, output);
			}
		}
	}
}
#endif
