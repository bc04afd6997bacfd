/* CONV_2D in int8 on the DSP extension, whose SMLAD adds two products of int16 to a sum. Weights stay int8 in flash: SXTB16
   takes bytes 0 and 2 of a word apart into two halves, and with a rotation bytes 1 and 3. So the window's cells, once
   gathered, are laid out in that order as int16 with the zero point subtracted: of each four, first those at 0 and 2, then
   those at 1 and 3. Two windows stand side by side and are multiplied with two filters at once, so that each load serves
   twice: 16 products in 16 instructions. */
#include "conv_2d.h"
#if TFLM_DSP
#include "../dsp.h"
#include "../gather.h"
#include "../requantize.h"

/* Four values each of two windows. */
typedef struct {
	int16x2_t even[TFLM_CONV_WINDOWS], odd[TFLM_CONV_WINDOWS];
} quad;

/* Lays a row out as window `side` of the quads; what the last quad has beyond the row is zero. */
static void expand(const int8_t *row, uint32_t length, int16_t zero_point, quad *quads, uint32_t side)
{
	int16x2_t zero = tflm_both_halves(zero_point);
	for (; length >= 4; length -= 4, row += 4, quads++) {
		uint32_t word = tflm_word_at(row);
		quads->even[side] = __ssub16(tflm_even_bytes(word), zero);
		quads->odd[side] = __ssub16(tflm_odd_bytes(word), zero);
	}
	if (!length) return;
	uint16_t rest[4] = {0};
	for (uint32_t i = 0; i < length; i++) rest[i] = (uint16_t)(row[i] - zero_point);
	quads->even[side] = (int16x2_t)(rest[0] | (uint32_t)rest[2] << 16);
	quads->odd[side] = (int16x2_t)(rest[1] | (uint32_t)rest[3] << 16);
}

/* Four values of two filters each, from `first` and `distance` bytes behind, with those of the windows in `quad`. */
#define MULTIPLY_QUAD(at) \
	do { \
		uint32_t a = tflm_word_at(first + 4 * (at)), b = tflm_word_at(first + distance + 4 * (at)); \
		int16x2_t even = tflm_even_bytes(a); \
		s00 = __smlad(quads[at].even[0], even, s00); \
		s01 = __smlad(quads[at].even[1], even, s01); \
		even = tflm_even_bytes(b); \
		s10 = __smlad(quads[at].even[0], even, s10); \
		s11 = __smlad(quads[at].even[1], even, s11); \
		int16x2_t odd = tflm_odd_bytes(a); \
		s00 = __smlad(quads[at].odd[0], odd, s00); \
		s01 = __smlad(quads[at].odd[1], odd, s01); \
		odd = tflm_odd_bytes(b); \
		s10 = __smlad(quads[at].odd[0], odd, s10); \
		s11 = __smlad(quads[at].odd[1], odd, s11); \
	} while (0)

/* Adds to sums[filter][window] the products of two windows and two filters, which lie `distance` bytes apart. */
static inline void multiply(const quad *quads, const int8_t *first, uint32_t distance, uint32_t length,
	int32_t sums[2][2])
{
	int32_t s00 = sums[0][0], s01 = sums[0][1], s10 = sums[1][0], s11 = sums[1][1];
	for (const int8_t *end = first + length / 8 * 8; first != end; first += 8, quads += 2) {
		MULTIPLY_QUAD(0);
		MULTIPLY_QUAD(1);
	}
	if (length & 4) {
		MULTIPLY_QUAD(0);
		first += 4, quads++;
	}
	for (uint32_t i = 0; i < length % 4; i++, first++) {
		const int16_t *values = (const int16_t *)quads + (i & 1) * 4 + (i >> 1);
		int32_t a = first[0], b = first[distance];
		s00 += values[0] * a, s01 += values[2] * a, s10 += values[0] * b, s11 += values[2] * b;
	}
	sums[0][0] = s00, sums[0][1] = s01, sums[1][0] = s10, sums[1][1] = s11;
}

/* All channels of `windows` (1 or 2) output cells. */
static void run_cells(const tflm_convolution *op, const tflm_fast_ratios *ratios, const quad *quads, uint32_t length,
	int8_t *output, uint32_t windows)
{
	uint32_t channels = op->out_channels;
	const int8_t *weights = op->weights;
	for (uint32_t o = 0; o < channels; o += 2, weights += 2 * length) {
		/* An odd last channel is computed twice. */
		uint32_t other = o + 1 < channels;
		int32_t sums[2][2];
		sums[0][0] = sums[0][1] = tflm_bias_of(&op->stage, o);
		sums[1][0] = sums[1][1] = tflm_bias_of(&op->stage, o + other);
		multiply(quads, weights, other * length, length, sums);
		for (uint32_t i = 0; i <= other; i++) {
			tflm_fast_ratio ratio = tflm_fast_ratio_of(ratios, o + i);
			output[o + i] = tflm_finish_fast(&op->stage, sums[i][0], ratio);
			if (windows > 1) output[channels + o + i] = tflm_finish_fast(&op->stage, sums[i][1], ratio);
		}
	}
}

void tflm_conv_2d_run_dsp(const tflm_convolution *op)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t length = s->height * s->width * op->in_channels, side = 0;
	int is_single_cell = s->height == 1 && s->width == 1;
	quad *quads = op->scratch;
	void *behind = quads + (length + 3) / 4;
	tflm_fast_ratios ratios = tflm_make_fast_ratios(&op->stage, 0, op->out_channels, behind);
	int8_t *row = (int8_t *)behind + TFLM_FAST_RATIO_BYTES * op->out_channels, *output = op->output;
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			for (int32_t ox = 0; ox < s->out_width; ox++) {
				int32_t x = ox * s->stride_x - s->pad_x;
				const int8_t *cells = row;
				if (is_single_cell) cells = image + (uint32_t)(y * s->in_width + x) * op->in_channels;
				else tflm_gather(s, image, op->in_channels, y, x, (int8_t)op->zero_point, row);
				expand(cells, length, op->zero_point, quads, side);
				if (side) {
					run_cells(op, &ratios, quads, length, output, 2);
					output += 2 * op->out_channels;
				}
				side = !side;
			}
		}
	}
	if (side) run_cells(op, &ratios, quads, length, output, 1);
}
#endif
