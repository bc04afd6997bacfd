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

/* Up to four bytes; zeros for those that there are not. */
static inline uint32_t bytes_at(const int8_t *bytes, uint32_t count)
{
	uint32_t word = 0;
	if (count == BLOCK) return tflm_word_at(bytes);
	for (uint32_t i = 0; i < count; i++) word |= (uint32_t)(uint8_t)bytes[i] << 8 * i;
	return word;
}

/* Fills in a row of the padded image. */
static void fill_row(const block *b, const int8_t *image, uint32_t row, tflm_four *to)
{
	const tflm_sweep *s = &b->op->sweep;
	const tflm_four nothing = {0, 0};
	uint32_t channels = b->op->in_channels, before = s->pad_x, cells = b->columns - before;
	int16x2_t zeros = tflm_both_halves(b->op->zero_point);
	tflm_four *end = to + b->columns;
	if (row < s->pad_y || row - s->pad_y >= s->in_height) before = b->columns, cells = 0;
	if (cells > s->in_width) cells = s->in_width;
	for (uint32_t i = 0; i < before; i++) *to++ = nothing;
	const int8_t *from = image + (row - s->pad_y) * s->in_width * channels + b->channel;
	if (b->count == BLOCK) {
		for (; cells; cells--, from += channels) *to++ = tflm_widen(tflm_word_at(from), zeros);
	} else {
		for (; cells; cells--, from += channels) *to++ = tflm_widen(bytes_at(from, b->count), zeros);
	}
	while (to != end) *to++ = nothing;
}

/* Fills in rows of the padded image up to `end`. */
static void fill(block *b, const int8_t *image, uint32_t end)
{
	if (b->filled + b->rows < end) b->filled = end - b->rows;
	for (; b->filled < end; b->filled++) fill_row(b, image, b->filled, b->ring + b->filled % b->rows * b->columns);
}

/* Loads of four values at `at` bytes behind x and of the next weights, and four multiply-adds. */
#define ADD_TAP(at) \
	"ldrd %[x_even], %[x_odd], [%[x], #" #at "]\n\t" \
	"ldrd %[w_even], %[w_odd], [%[w]], #8\n\t" \
	"smlabb %[s0], %[x_even], %[w_even], %[s0]\n\t" \
	"smlatt %[s2], %[x_even], %[w_even], %[s2]\n\t" \
	"smlabb %[s1], %[x_odd], %[w_odd], %[s1]\n\t" \
	"smlatt %[s3], %[x_odd], %[w_odd], %[s3]\n\t"

#define ADD_TAPS(taps) \
	do { \
		int16x2_t x_even, x_odd, w_even, w_odd; \
		__asm__ volatile( \
			taps \
			: [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [s3] "+r"(s3), [w] "+r"(w), [x_even] "=&r"(x_even), \
			  [x_odd] "=&r"(x_odd), [w_even] "=&r"(w_even), [w_odd] "=&r"(w_odd) \
			: [x] "r"(x) \
			: "memory"); \
	} while (0)

/* Outputs of the block's channels. */
static inline void finish(const block *b, int32_t s0, int32_t s1, int32_t s2, int32_t s3, int8_t *output)
{
	if (b->is_rare) {
		const int32_t sums[BLOCK] = {s0, s1, s2, s3};
		for (uint32_t i = 0; i < b->count; i++) output[i] = tflm_finish_any(&b->op->stage, &b->ratios[i], sums[i]);
		return;
	}
	int32_t zero_point = b->op->stage.zero_point;
	output[0] = (int8_t)tflm_finish_common(s0, b->ratios[0], zero_point);
	output[1] = (int8_t)tflm_finish_common(s1, b->ratios[1], zero_point);
	output[2] = (int8_t)tflm_finish_common(s2, b->ratios[2], zero_point);
	output[3] = (int8_t)tflm_finish_common(s3, b->ratios[3], zero_point);
}

/* A row of output cells from the rows of the ring that begin with the padded image's row `first`. */
static void run_row(const block *b, uint32_t first, int8_t *output)
{
	const tflm_sweep *s = &b->op->sweep;
	for (uint32_t ox = 0; ox < s->out_width; ox++, output += b->op->in_channels) {
		int32_t s0 = b->bias[0], s1 = b->bias[1], s2 = b->bias[2], s3 = b->bias[3];
		const tflm_four *w = b->weights;
		for (uint32_t i = 0; i < s->height; i++) {
			const tflm_four *x = b->ring + (first + i * s->dilation_y) % b->rows * b->columns + ox * s->stride_x;
			for (uint32_t j = 0; j < s->width; j++, x += s->dilation_x) ADD_TAPS(ADD_TAP(0));
		}
		finish(b, s0, s1, s2, s3, output);
	}
}

/* The same for windows of 3 x 3 cells that touch each other. */
static void run_row_of_3x3(const block *b, uint32_t first, int8_t *output)
{
	const tflm_four *rows[3];
	uint32_t stride = b->op->sweep.stride_x, channels = b->op->in_channels;
	for (uint32_t i = 0; i < 3; i++) rows[i] = b->ring + (first + i) % 3 * b->columns;
	for (const int8_t *end = output + b->op->sweep.out_width * channels; output != end; output += channels) {
		int32_t s0 = b->bias[0], s1 = b->bias[1], s2 = b->bias[2], s3 = b->bias[3];
		const tflm_four *w = b->weights, *x = rows[0];
		ADD_TAPS(ADD_TAP(0) ADD_TAP(8) ADD_TAP(16));
		rows[0] = x + stride;
		x = rows[1];
		ADD_TAPS(ADD_TAP(0) ADD_TAP(8) ADD_TAP(16));
		rows[1] = x + stride;
		x = rows[2];
		ADD_TAPS(ADD_TAP(0) ADD_TAP(8) ADD_TAP(16));
		rows[2] = x + stride;
		finish(b, s0, s1, s2, s3, output);
	}
}

static void run_block(block *b)
{
	const tflm_depthwise *op = b->op;
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels;
	int is_3x3 = s->height == 3 && s->width == 3 && s->dilation_y == 1 && s->dilation_x == 1;
	for (uint32_t i = 0; i < (uint32_t)s->height * s->width; i++) {
		b->weights[i] = tflm_widen(bytes_at(op->weights + i * channels + b->channel, b->count), 0);
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
		for (uint32_t i = 0; i < b.count; i++) b.is_rare |= b.ratios[i].right < 0;
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
static void run_cell(const tflm_depthwise *op, const tflm_fast_ratio *ratios, const int8_t *image, int32_t y, int32_t x,
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
				output[f + i] = tflm_finish_any(&op->stage, &ratios[f + i], sums[i]);
			}
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

void tflm_depthwise_conv_2d_run_dsp(const tflm_depthwise *op)
{
	if (tflm_depthwise_ring(op->multiplier, &op->sweep)) run_blocks(op);
	else run_cells(op);
}
#endif
