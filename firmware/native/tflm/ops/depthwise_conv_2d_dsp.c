/* DEPTHWISE_CONV_2D in int8 on the DSP extension.

   With one filter a channel, four channels are done at a time, for the whole image: their weights lie widened on the stack,
   and the rows of the image that the window touches lie widened, with their padding, in a ring of rows, so that each value
   is widened once and the loop over the window knows no border. A tap of four channels is two loads and four multiply-adds.
   All else, such as several filters a channel, gathers the window of one channel and multiplies it with up to four filters
   at a time. */
#include "depthwise_conv_2d.h"
#if TFLM_DSP
#include "../dsp.h"
#include "../requantize.h"

enum { BLOCK = TFLM_DEPTHWISE_BLOCK };

/* Four values, or weights: channels 0 and 2, 1 and 3. */
typedef struct {
	int16x2_t even, odd;
} four;

/* Four channels, or what is left of them, of an image that is being swept. */
typedef struct {
	const tflm_depthwise *op;
	uint32_t channel, count;
	tflm_fast_ratios ratios;
	int32_t bias[BLOCK];
	four weights[TFLM_DEPTHWISE_TAPS];
	four *ring;
	uint32_t rows, columns, filled; /* of the ring; rows of the padded image that have been filled in so far */
} block;

/* Up to four bytes; zeros for those that there are not. */
static inline uint32_t bytes_at(const int8_t *bytes, uint32_t count)
{
	uint32_t word = 0;
	if (count == BLOCK) return tflm_word_at(bytes);
	for (uint32_t i = 0; i < count; i++) word |= (uint32_t)(uint8_t)bytes[i] << 8 * i;
	return word;
}

static four widened(uint32_t word, int16_t zero_point)
{
	int16x2_t zero = tflm_both_halves(zero_point);
	return (four){__ssub16(tflm_even_bytes(word), zero), __ssub16(tflm_odd_bytes(word), zero)};
}

/* Fills in rows of the padded image up to `end`. */
static void fill(block *b, const int8_t *image, uint32_t end)
{
	const tflm_sweep *s = &b->op->sweep;
	uint32_t channels = b->op->in_channels;
	int16_t zero_point = b->op->zero_point;
	if (b->filled + b->rows < end) b->filled = end - b->rows;
	for (; b->filled < end; b->filled++) {
		four *to = b->ring + b->filled % b->rows * b->columns, *row_end = to + b->columns;
		int32_t y = (int32_t)b->filled - s->pad_y;
		memset(to, 0, b->columns * sizeof *to);
		if (y < 0 || y >= s->in_height) continue;
		to += s->pad_x;
		const int8_t *from = image + (uint32_t)y * s->in_width * channels + b->channel;
		if ((uint32_t)(row_end - to) > s->in_width) row_end = to + s->in_width;
		for (; to < row_end; to++, from += channels) *to = widened(bytes_at(from, b->count), zero_point);
	}
}

static inline void add_tap(const four *x, const four *w, int32_t sums[BLOCK])
{
	int16x2_t x_even = x->even, x_odd = x->odd, w_even = w->even, w_odd = w->odd;
	sums[0] = tflm_add_low(x_even, w_even, sums[0]);
	sums[2] = tflm_add_high(x_even, w_even, sums[2]);
	sums[1] = tflm_add_low(x_odd, w_odd, sums[1]);
	sums[3] = tflm_add_high(x_odd, w_odd, sums[3]);
}

static inline void finish(const block *b, const int32_t sums[BLOCK], int8_t *output)
{
	for (uint32_t i = 0; i < b->count; i++) {
		output[i] = tflm_finish_fast(&b->op->stage, sums[i], tflm_fast_ratio_of(&b->ratios, i));
	}
}

static inline void start(const block *b, int32_t sums[BLOCK])
{
	for (uint32_t i = 0; i < BLOCK; i++) sums[i] = b->bias[i];
}

/* A row of output cells from the rows of the ring that begin with the padded image's row `first`. */
static void run_row(const block *b, uint32_t first, int8_t *output)
{
	const tflm_sweep *s = &b->op->sweep;
	for (uint32_t ox = 0; ox < s->out_width; ox++, output += b->op->in_channels) {
		int32_t sums[BLOCK];
		const four *w = b->weights;
		start(b, sums);
		for (uint32_t i = 0; i < s->height; i++) {
			const four *x = b->ring + (first + i * s->dilation_y) % b->rows * b->columns + ox * s->stride_x;
			for (uint32_t j = 0; j < s->width; j++, x += s->dilation_x) add_tap(x, w++, sums);
		}
		finish(b, sums, output);
	}
}

/* The same for windows of 3 x 3 cells that touch each other. */
static void run_row_of_3x3(const block *b, uint32_t first, int8_t *output)
{
	const four *x0 = b->ring + first % 3 * b->columns, *x1 = b->ring + (first + 1) % 3 * b->columns,
		*x2 = b->ring + (first + 2) % 3 * b->columns, *w = b->weights;
	uint32_t stride = b->op->sweep.stride_x, channels = b->op->in_channels;
	for (const int8_t *end = output + b->op->sweep.out_width * channels; output != end; output += channels) {
		int32_t sums[BLOCK];
		start(b, sums);
		add_tap(x0, w, sums), add_tap(x0 + 1, w + 1, sums), add_tap(x0 + 2, w + 2, sums);
		add_tap(x1, w + 3, sums), add_tap(x1 + 1, w + 4, sums), add_tap(x1 + 2, w + 5, sums);
		add_tap(x2, w + 6, sums), add_tap(x2 + 1, w + 7, sums), add_tap(x2 + 2, w + 8, sums);
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
		b->weights[i] = widened(bytes_at(op->weights + i * channels + b->channel, b->count), 0);
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
		int32_t memory[BLOCK + 1];
		b.count = op->in_channels - b.channel < BLOCK ? op->in_channels - b.channel : BLOCK;
		b.ratios = tflm_make_fast_ratios(&op->stage, b.channel, b.count, memory);
		for (uint32_t i = 0; i < b.count; i++) b.bias[i] = tflm_bias_of(&op->stage, b.channel + i);
		run_block(&b);
	}
}

/* The window of one channel, whose first cell is at (y, x) of the image, as int16 without the zero point. */
static void gather(const tflm_depthwise *op, const int8_t *image, int32_t y, int32_t x, int16_t *taps)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t step = s->dilation_x * op->in_channels;
	for (int32_t i = 0; i < s->height; i++, y += s->dilation_y) {
		const int8_t *cell = image + (y * s->in_width + x) * (int32_t)op->in_channels;
		int is_inside = y >= 0 && y < s->in_height;
		for (int32_t column = x; column < x + s->width * s->dilation_x; column += s->dilation_x, cell += step) {
			*taps++ = is_inside && column >= 0 && column < s->in_width ? (int16_t)(*cell - op->zero_point) : 0;
		}
	}
}

/* Adds to sums the products of the taps with up to four filters, whose weights for one tap lie `distance` behind those
   for the tap before. */
static void multiply(const int16_t *taps, uint32_t length, const int8_t *weights, uint32_t distance, uint32_t count,
	int32_t sums[BLOCK])
{
	int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2], s3 = sums[3];
	for (uint32_t i = 0; i < length; i++, weights += distance) {
		uint32_t word = bytes_at(weights, count);
		int16x2_t even = tflm_even_bytes(word), odd = tflm_odd_bytes(word);
		int32_t tap = *taps++;
		s0 = __smlabb(tap, even, s0);
		s1 = __smlabb(tap, odd, s1);
		s2 = __smlabt(tap, even, s2);
		s3 = __smlabt(tap, odd, s3);
	}
	sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

/* All filters of all channels for the output cell whose window begins at (y, x). */
static void run_cell(const tflm_depthwise *op, const tflm_fast_ratios *ratios, const int8_t *image, int32_t y, int32_t x,
	int16_t *taps, int8_t *output)
{
	uint32_t filters = op->in_channels * op->multiplier, length = (uint32_t)op->sweep.height * op->sweep.width;
	for (uint32_t channel = 0; channel < op->in_channels; channel++) {
		gather(op, image + channel, y, x, taps);
		for (uint32_t f = channel * op->multiplier, end = f + op->multiplier; f < end; f += BLOCK) {
			uint32_t count = end - f < BLOCK ? end - f : BLOCK;
			int32_t sums[BLOCK];
			for (uint32_t i = 0; i < BLOCK; i++) sums[i] = i < count ? tflm_bias_of(&op->stage, f + i) : 0;
			multiply(taps, length, op->weights + f, filters, count, sums);
			for (uint32_t i = 0; i < count; i++) {
				output[f + i] = tflm_finish_fast(&op->stage, sums[i], tflm_fast_ratio_of(ratios, f + i));
			}
		}
	}
}

static void run_cells(const tflm_depthwise *op)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t filters = op->in_channels * op->multiplier;
	tflm_fast_ratios ratios = tflm_make_fast_ratios(&op->stage, 0, filters, op->scratch);
	int16_t *taps = (int16_t *)((uint8_t *)op->scratch + tflm_round_up(TFLM_FAST_RATIO_BYTES * filters, 4));
	int8_t *output = op->output;
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			for (int32_t ox = 0; ox < s->out_width; ox++, output += filters) {
				int32_t y = oy * s->stride_y - s->pad_y, x = ox * s->stride_x - s->pad_x;
				run_cell(op, &ratios, image, y, x, taps, output);
			}
		}
	}
}

void tflm_depthwise_conv_2d_run_dsp(const tflm_depthwise *op)
{
	if (tflm_depthwise_ring(op->multiplier, &op->sweep)) run_blocks(op);
	else run_cells(op);
}
#endif
