/* DEPTHWISE_CONV_2D in int8 with vectors of 128 bits. With one input channel it is a convolution like others. With one
   filter for each channel, two cells of a window are interleaved, so that i32x4.dot_i16x8 adds the products of both:
   the weights are packed as [block of 8 channels][pair of cells][channel][2] in int16. The image holds one block of
   channels at a time, so that cells next to each other are 8 values apart; beyond the last channel it holds anything,
   as weights are 0 there. Several filters for each of several channels are left to the version for any machine. */
#include "depthwise_conv_2d.h"
#if TFLM_SIMD128
#include "../convolve_simd128.h"
#include "../image_simd128.h"
#include "../output_stage_simd128.h"

enum { MOST_BYTES = 1 << 24 };

/* Two cells of a window: their offsets in the image, in values. The last one of an odd number is alone, twice. */
typedef struct {
	uint32_t first, second;
} cells;

/* What is packed: this, lanes of the blocks, weights, pairs of cells, then the windows' offsets. */
typedef struct {
	uint32_t pixels, pairs;
	const tflm_lanes *lanes;
	const int16_t *weights;
	const cells *cells;
	const uint32_t *offsets;
} filters;

static uint32_t pairs_of(const tflm_sweep *s)
{
	return ((uint32_t)s->height * s->width + 1) / 2;
}

void tflm_depthwise_conv_2d_needs_simd128(const tflm_node *node, const tflm_sweep *s, tflm_needs *needs)
{
	uint32_t in_channels = (uint32_t)node->input[0].dims[3], channels = (uint32_t)node->input[1].dims[3];
	if (!tflm_can_pack(node)) return;
	if (in_channels == 1) {
		tflm_convolve_needs(s, 1, channels, needs);
		return;
	}
	if (in_channels != channels) return;
	tflm_image image = tflm_image_of(s, TFLM_LANES);
	uint64_t pairs = pairs_of(s), pixels = (uint64_t)s->out_height * s->out_width;
	uint64_t bytes = tflm_blocks(channels) * (sizeof(tflm_lanes) + pairs * 2 * TFLM_LANES * sizeof(int16_t));
	bytes += tflm_round_up(sizeof(filters), 16) + pairs * sizeof(cells) + pixels * sizeof(uint32_t);
	uint32_t workspace = tflm_image_bytes(&image);
	if (bytes > MOST_BYTES || !workspace) return;
	needs->packed = (uint32_t)bytes;
	needs->workspace = workspace;
}

static void pack_weights(const tflm_depthwise *op, int16_t *to)
{
	uint32_t channels = op->in_channels, count = (uint32_t)op->sweep.height * op->sweep.width;
	for (uint32_t first = 0; first < channels; first += TFLM_LANES) {
		for (uint32_t cell = 0; cell < count; cell += 2) {
			for (uint32_t lane = 0; lane < TFLM_LANES; lane++, to += 2) {
				const int8_t *from = op->weights + cell * channels + first + lane;
				int is_channel = first + lane < channels;
				to[0] = is_channel ? from[0] : 0;
				to[1] = is_channel && cell + 1 < count ? from[channels] : 0;
			}
		}
	}
}

static void pack_cells(const tflm_sweep *s, const tflm_image *image, cells *to)
{
	uint32_t count = (uint32_t)s->height * s->width, offsets[2];
	for (uint32_t cell = 0; cell < count; cell += 2) {
		for (uint32_t i = 0; i < 2; i++) {
			uint32_t at = cell + i < count ? cell + i : cell;
			uint32_t row = at / s->width * s->dilation_y, column = at % s->width * s->dilation_x;
			offsets[i] = (row * image->width + column) * image->channels;
		}
		*to++ = (cells){offsets[0], offsets[1]};
	}
}

void tflm_depthwise_conv_2d_pack_simd128(const tflm_depthwise *op, void *packed)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels, blocks = tflm_blocks(channels);
	if (channels == 1) {
		tflm_convolve_pack(s, 1, op->multiplier, &op->stage, op->weights, 1, op->multiplier, packed);
		return;
	}
	tflm_image image = tflm_image_of(s, TFLM_LANES);
	tflm_lanes *lanes = (tflm_lanes *)(void *)((uint8_t *)packed + tflm_round_up(sizeof(filters), 16));
	int16_t *weights = (int16_t *)(lanes + blocks);
	cells *pairs = (cells *)(void *)(weights + blocks * pairs_of(s) * 2 * TFLM_LANES);
	uint32_t *offsets = (uint32_t *)(pairs + pairs_of(s));
	*(filters *)packed = (filters){(uint32_t)s->out_height * s->out_width, pairs_of(s), lanes, weights, pairs, offsets};
	tflm_make_lanes(&op->stage, channels, lanes);
	pack_weights(op, weights);
	pack_cells(s, &image, pairs);
	tflm_window_offsets(&image, s, offsets);
}

typedef struct {
	v128_t a, b; /* of channels 0 to 3 and 4 to 7 */
} sums;

static inline void multiply_add(sums *s, v128_t x, v128_t y, v128_t a, v128_t b)
{
	s->a = wasm_i32x4_add(s->a, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11), a));
	s->b = wasm_i32x4_add(s->b, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15), b));
}

/* Outputs of a block of channels from their sums. */
static inline void finish(const tflm_lanes *lanes, const tflm_rounder *r, int is_signed, sums s, uint32_t count,
	int8_t *to)
{
	v128_t least = wasm_i32x4_const_splat(INT32_MAX);
	v128_t outputs = tflm_round_lanes(r, is_signed, s.a, s.b, &least);
	outputs = wasm_i8x16_narrow_i16x8(outputs, outputs);
	if (tflm_in_doubt(r, least)) {
		v128_t kept[] = {s.a, s.b}, settled = outputs;
		tflm_settle(lanes, (const int32_t *)kept, 1, (int8_t *)&settled);
		outputs = settled;
	}
	if (count == TFLM_LANES) {
		wasm_v128_store64_lane(to, outputs, 0);
		return;
	}
	v128_t bytes = outputs;
	tflm_store_lanes(to, (const int8_t *)&bytes, count);
}

/* Windows of any size. */
static inline void filter_any(const filters *f, const tflm_lanes *lanes, int is_signed, const int16_t *weights,
	const int16_t *values, uint32_t count, uint32_t step, int8_t *to)
{
	const tflm_rounder rounder = tflm_rounder_of(lanes);
	const v128_t a = wasm_v128_load(lanes->bias), b = wasm_v128_load(lanes->bias + 4);
	const uint32_t pixels = f->pixels, pairs = f->pairs, *offsets = f->offsets;
	const cells *const first = f->cells;
	for (uint32_t i = 0; i < pixels; i++, to += step) {
		const int16_t *x = values + *offsets++, *w = weights;
		const cells *pair = first;
		sums s = {a, b};
		for (uint32_t left = pairs; left; left--, pair++, w += 2 * TFLM_LANES) {
			multiply_add(&s, wasm_v128_load(x + pair->first), wasm_v128_load(x + pair->second), wasm_v128_load(w),
				wasm_v128_load(w + TFLM_LANES));
		}
		finish(lanes, &rounder, is_signed, s, count, to);
	}
}

/* Windows of 3 x 3 cells that are next to each other, most of all: the weights stay in vectors. */
static inline void filter_3x3(const filters *f, const tflm_lanes *lanes, int is_signed, const int16_t *weights,
	const int16_t *values, uint32_t line, uint32_t count, uint32_t step, int8_t *to)
{
	const tflm_rounder rounder = tflm_rounder_of(lanes);
	const v128_t a = wasm_v128_load(lanes->bias), b = wasm_v128_load(lanes->bias + 4);
	const uint32_t pixels = f->pixels, *offsets = f->offsets;
	v128_t w[10];
	for (int i = 0; i < 10; i++) w[i] = wasm_v128_load(weights + i * TFLM_LANES);
	for (uint32_t i = 0; i < pixels; i++, to += step) {
		const int16_t *x = values + *offsets++, *y = x + line, *z = y + line;
		v128_t x0 = wasm_v128_load(x), x1 = wasm_v128_load(x + 8u), x2 = wasm_v128_load(x + 16u);
		v128_t y0 = wasm_v128_load(y), y1 = wasm_v128_load(y + 8u), y2 = wasm_v128_load(y + 16u);
		v128_t z0 = wasm_v128_load(z), z1 = wasm_v128_load(z + 8u), z2 = wasm_v128_load(z + 16u);
		sums s = {a, b};
		multiply_add(&s, x0, x1, w[0], w[1]);
		multiply_add(&s, x2, y0, w[2], w[3]);
		multiply_add(&s, y1, y2, w[4], w[5]);
		multiply_add(&s, z0, z1, w[6], w[7]);
		multiply_add(&s, z2, z2, w[8], w[9]);
		finish(lanes, &rounder, is_signed, s, count, to);
	}
}

static void filter_block(const tflm_sweep *s, const filters *f, const tflm_lanes *lanes, const int16_t *weights,
	const int16_t *values, uint32_t line, uint32_t count, uint32_t step, int8_t *to)
{
	int is_compact = s->height == 3 && s->width == 3 && s->dilation_y == 1 && s->dilation_x == 1;
	if (!is_compact) {
		filter_any(f, lanes, 1, weights, values, count, step, to);
	} else if (lanes->is_signed || count < TFLM_LANES) {
		filter_3x3(f, lanes, 1, weights, values, line, count, step, to);
	} else {
		filter_3x3(f, lanes, 0, weights, values, line, TFLM_LANES, step, to);
	}
}

void tflm_depthwise_conv_2d_run_simd128(const tflm_depthwise *op)
{
	const tflm_sweep *s = &op->sweep;
	const filters *f = op->packed;
	const int8_t *input = op->input;
	int8_t *output = op->output;
	uint32_t channels = op->in_channels;
	if (channels == 1) {
		tflm_convolve(op->packed, s, 1, op->zero_point, input, op->workspace, output);
		return;
	}
	const tflm_image image = tflm_image_of(s, TFLM_LANES);
	tflm_fill_border(&image, s, op->workspace);
	for (uint32_t batch = 0; batch < s->batches; batch++) {
		const tflm_lanes *lanes = f->lanes;
		const int16_t *weights = f->weights;
		for (uint32_t c = 0; c < channels; c += TFLM_LANES, lanes++, weights += f->pairs * 2 * TFLM_LANES) {
			uint32_t count = channels - c < TFLM_LANES ? channels - c : TFLM_LANES;
			tflm_fill_image(&image, s, input + c, channels, count, op->zero_point, op->workspace);
			filter_block(s, f, lanes, weights, op->workspace, image.width * TFLM_LANES, count, channels, output + c);
		}
		input += (uint32_t)s->in_height * s->in_width * channels;
		output += f->pixels * channels;
	}
}
#endif
