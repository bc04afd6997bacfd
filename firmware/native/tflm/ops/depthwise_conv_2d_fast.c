/* DEPTHWISE_CONV_2D in int8 for microcontrollers.

   With one filter a channel, four channels are done at a time, for the whole image: their weights lie widened on the
   stack, and the rows of the image that the window touches lie widened, with their padding, in a ring of rows, so that
   each value is widened once and the loop over the window knows no border. All else, such as several filters a
   channel, gathers the window of one channel and multiplies it with up to four filters at a time. */
#include "depthwise_conv_2d.h"
#if TFLM_FAST
#include "../four.h"
#include "../requantize.h"

enum { BLOCK = TFLM_DEPTHWISE_BLOCK };

/* Four channels, or what is left of them, of an image that is being swept. */
typedef struct {
	const tflm_depthwise *op;
	uint32_t channel, count;
	tflm_fast_ratio ratios[BLOCK];
	int is_rare; /* one of the ratios is, or there are less than four */
	int32_t bias[BLOCK];
	tflm_four weights[TFLM_DEPTHWISE_TAPS];
	tflm_four *ring;
	uint32_t rows, columns, filled; /* of the ring; rows of the padded image that have been filled in so far */
} block;

/* Up to four bytes, widened; those that there are not may be anything. */
static tflm_four widen_some(const int8_t *bytes, uint32_t count, int16_t zero_point)
{
	int8_t four[BLOCK] = {0};
	for (uint32_t i = 0; i < count; i++) four[i] = bytes[i];
	return tflm_widen(four, zero_point);
}

/* Fills in a row of the padded image. */
static void fill_row(const block *b, const int8_t *image, uint32_t row, tflm_four *to)
{
	const tflm_sweep *s = &b->op->sweep;
	const tflm_four nothing = {0};
	uint32_t channels = b->op->in_channels, before = s->pad_x, cells = b->columns - before;
	int16_t zero_point = b->op->zero_point;
	tflm_four *end = to + b->columns;
	if (row < s->pad_y || row - s->pad_y >= s->in_height) before = b->columns, cells = 0;
	if (cells > s->in_width) cells = s->in_width;
	for (uint32_t i = 0; i < before; i++) *to++ = nothing;
	const int8_t *from = image + b->channel + (row - s->pad_y) * s->in_width * channels;
	if (b->count == BLOCK) {
		for (; cells; cells--, from += channels) *to++ = tflm_widen(from, zero_point);
	} else {
		for (; cells; cells--, from += channels) *to++ = widen_some(from, b->count, zero_point);
	}
	while (to != end) *to++ = nothing;
}

/* Fills in rows of the padded image up to `end`. */
static void fill(block *b, const int8_t *image, uint32_t end)
{
	if (b->filled + b->rows < end) b->filled = end - b->rows;
	for (; b->filled < end; b->filled++) fill_row(b, image, b->filled, b->ring + b->filled % b->rows * b->columns);
}

/* Outputs of the block's channels. */
static inline void finish(const block *b, const int32_t sums[BLOCK], int8_t *output)
{
	const tflm_output_stage *stage = &b->op->stage;
	if (b->is_rare) {
		for (uint32_t i = 0; i < b->count; i++) output[i] = tflm_finish_any(stage, &b->ratios[i], sums[i]);
		return;
	}
	int32_t zero_point = stage->zero_point;
	output[0] = (int8_t)tflm_finish_common(sums[0], b->ratios[0], zero_point);
	output[1] = (int8_t)tflm_finish_common(sums[1], b->ratios[1], zero_point);
	output[2] = (int8_t)tflm_finish_common(sums[2], b->ratios[2], zero_point);
	output[3] = (int8_t)tflm_finish_common(sums[3], b->ratios[3], zero_point);
}

/* A row of output cells from the rows of the ring that begin with the padded image's row `first`. */
static void run_row(const block *b, uint32_t first, int8_t *output)
{
	const tflm_sweep *s = &b->op->sweep;
	for (uint32_t ox = 0; ox < s->out_width; ox++, output += b->op->in_channels) {
		int32_t sums[BLOCK] = {b->bias[0], b->bias[1], b->bias[2], b->bias[3]};
		const tflm_four *w = b->weights;
		for (uint32_t i = 0; i < s->height; i++) {
			const tflm_four *x = b->ring + (first + i * s->dilation_y) % b->rows * b->columns + ox * s->stride_x;
			for (uint32_t j = 0; j < s->width; j++, x += s->dilation_x) tflm_add_products(x, w++, sums);
		}
		finish(b, sums, output);
	}
}

/* The same for windows of 3 x 3 cells that touch each other. */
static void run_row_of_3x3(const block *b, uint32_t first, int8_t *output)
{
	const tflm_four *x0 = b->ring + first % 3 * b->columns, *x1 = b->ring + (first + 1) % 3 * b->columns,
		*x2 = b->ring + (first + 2) % 3 * b->columns, *w = b->weights;
	uint32_t stride = b->op->sweep.stride_x, channels = b->op->in_channels;
	for (const int8_t *end = output + b->op->sweep.out_width * channels; output != end; output += channels) {
		int32_t sums[BLOCK] = {b->bias[0], b->bias[1], b->bias[2], b->bias[3]};
		tflm_add_three_products(x0, w, sums);
		tflm_add_three_products(x1, w + 3, sums);
		tflm_add_three_products(x2, w + 6, sums);
		x0 += stride, x1 += stride, x2 += stride;
		finish(b, sums, output);
	}
}

static void run_block(block *b)
{
	const tflm_depthwise *op = b->op;
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels;
	int is_3x3 = s->height == 3 && s->width == 3 && s->dilation_y == 1 && s->dilation_x == 1;
	for (uint32_t i = 0; i < (uint32_t)s->height * s->width; i++) {
		b->weights[i] = widen_some(op->weights + i * channels + b->channel, b->count, 0);
	}
	int8_t *output = op->output + b->channel;
	for (uint32_t batch = 0; batch < s->batches; batch++) {
		const int8_t *image = op->input + batch * s->in_height * s->in_width * channels;
		b->filled = 0;
		for (uint32_t oy = 0; oy < s->out_height; oy++, output += s->out_width * channels) {
			uint32_t first = oy * s->stride_y;
			fill(b, image, first + b->rows);
			if (is_3x3) run_row_of_3x3(b, first, output);
			else run_row(b, first, output);
		}
	}
}

static void run_blocks(const tflm_depthwise *op)
{
	block b = {
		.op = op, .ring = op->scratch,
		.rows = tflm_depthwise_rows(&op->sweep), .columns = tflm_depthwise_columns(&op->sweep),
	};
	for (; b.channel < op->in_channels; b.channel += BLOCK) {
		b.count = op->in_channels - b.channel < BLOCK ? op->in_channels - b.channel : BLOCK;
		tflm_make_fast_ratios(&op->stage, b.channel, b.count, b.ratios);
		b.is_rare = b.count < BLOCK;
		for (uint32_t i = 0; i < b.count; i++) {
			b.is_rare |= b.ratios[i].right < 0;
			b.bias[i] = tflm_bias_of(&op->stage, b.channel + i);
		}
		run_block(&b);
	}
}

/* The window of one channel, whose first cell is at (y, x) of the image, widened; 0 outside of the image. */
static void gather(const tflm_depthwise *op, const int8_t *image, int32_t y, int32_t x, int16_t *taps)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t step = s->dilation_x * op->in_channels;
	int32_t left, right;
	tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
	for (int32_t i = 0; i < s->height; i++, y += s->dilation_y) {
		int16_t *end = taps + s->width;
		if (y >= 0 && y < s->in_height && left < right) {
			const int8_t *from = image + (uint32_t)(y * s->in_width + x + left * s->dilation_x) * op->in_channels;
			int16_t *visible_end = taps + right;
			for (int32_t j = 0; j < left; j++) *taps++ = 0;
			for (; taps != visible_end; from += step) *taps++ = (int16_t)(*from - op->zero_point);
		}
		while (taps != end) *taps++ = 0;
	}
}

/* Adds to sums the products of the taps with up to four filters; weights for a tap lie `distance` behind those for the
   tap before. */
static void multiply(const int16_t *taps, uint32_t length, const int8_t *weights, uint32_t distance, uint32_t count,
	int32_t sums[BLOCK])
{
	int32_t s[BLOCK] = {sums[0], sums[1], sums[2], sums[3]};
	if (count == BLOCK) {
		for (uint32_t i = 0; i < length; i++, weights += distance) tflm_add_scaled(taps[i], weights, s);
	} else {
		for (uint32_t i = 0; i < length; i++, weights += distance) {
			for (uint32_t k = 0; k < count; k++) s[k] = (int32_t)((uint32_t)s[k] + (uint32_t)(taps[i] * weights[k]));
		}
	}
	sums[0] = s[0], sums[1] = s[1], sums[2] = s[2], sums[3] = s[3];
}

/* All filters of all channels for the output cell whose window begins at (y, x). */
static void run_cell(const tflm_depthwise *op, const tflm_fast_ratio *ratios, const int8_t *image, int32_t y, int32_t x,
	int16_t *taps, int8_t *output)
{
	uint32_t filters = op->in_channels * op->multiplier, length = (uint32_t)op->sweep.height * op->sweep.width;
	for (uint32_t channel = 0; channel < op->in_channels; channel++) {
		gather(op, image + channel, y, x, taps);
		for (uint32_t f = channel * op->multiplier, end = f + op->multiplier; f < end; f += BLOCK) {
			uint32_t count = end - f < BLOCK ? end - f : BLOCK;
			int32_t sums[BLOCK] = {0};
			for (uint32_t i = 0; i < count; i++) sums[i] = tflm_bias_of(&op->stage, f + i);
			multiply(taps, length, op->weights + f, filters, count, sums);
			for (uint32_t i = 0; i < count; i++) output[f + i] = tflm_finish_fast(&op->stage, &ratios[f + i], sums[i]);
		}
	}
}

static void run_cells(const tflm_depthwise *op)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t filters = op->in_channels * op->multiplier;
	tflm_fast_ratio *ratios = op->scratch;
	int16_t *taps = (int16_t *)(ratios + filters);
	int8_t *output = op->output;
	tflm_make_fast_ratios(&op->stage, 0, filters, ratios);
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			for (int32_t ox = 0; ox < s->out_width; ox++, output += filters) {
				int32_t y = oy * s->stride_y - s->pad_y, x = ox * s->stride_x - s->pad_x;
				run_cell(op, ratios, image, y, x, taps, output);
			}
		}
	}
}

void tflm_depthwise_conv_2d_run_fast(const tflm_depthwise *op)
{
	if (tflm_depthwise_ring(op->multiplier, &op->sweep)) run_blocks(op);
	else run_cells(op);
}
#endif
