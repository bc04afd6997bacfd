/* DEPTHWISE_CONV_2D in int8 with vectors of 128 bits. With one input channel it is a convolution like others. With one
   filter for each channel, two cells of a window are interleaved, so that i32x4.dot_i16x8 adds the products of both: the
   weights are packed as [block of 8 channels][pair of cells][channel][2] in int16. Several filters for each of several
   channels are left to the version for any machine. */
#include "depthwise_conv_2d.h"
#if TFLM_SIMD128
#include "../convolve_simd128.h"
#include "../image_simd128.h"
#include "../output_stage_simd128.h"

enum { TILE = 2, MOST_BYTES = 1 << 24 };

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
	if (in_channels == 1) {
		tflm_convolve_needs(s, 1, channels, needs);
		return;
	}
	if (in_channels != channels) return;
	tflm_image image = tflm_image_of(s, channels, TFLM_LANES);
	uint64_t pairs = pairs_of(s), pixels = (uint64_t)s->out_height * s->out_width + TILE - 1;
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
			offsets[i] = (at / s->width * s->dilation_y * image->width + at % s->width * s->dilation_x) * image->channels;
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
	tflm_image image = tflm_image_of(s, channels, TFLM_LANES);
	tflm_lanes *lanes = (tflm_lanes *)(void *)((uint8_t *)packed + tflm_round_up(sizeof(filters), 16));
	int16_t *weights = (int16_t *)(lanes + blocks);
	cells *pairs = (cells *)(void *)(weights + blocks * pairs_of(s) * 2 * TFLM_LANES);
	uint32_t *offsets = (uint32_t *)(pairs + pairs_of(s));
	*(filters *)packed = (filters){(uint32_t)s->out_height * s->out_width, pairs_of(s), lanes, weights, pairs, offsets};
	tflm_make_lanes(&op->stage, channels, lanes);
	pack_weights(op, weights);
	pack_cells(s, &image, pairs);
	tflm_window_offsets(&image, s, offsets);
	offsets[s->out_height * s->out_width] = 0;
}

typedef struct {
	v128_t a, b; /* of channels 0 to 3 and 4 to 7 */
} sums;

static inline void multiply_add(sums *s, v128_t x, v128_t y, v128_t a, v128_t b)
{
	s->a = wasm_i32x4_add(s->a, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(x, y, 0, 8, 1, 9, 2, 10, 3, 11), a));
	s->b = wasm_i32x4_add(s->b, wasm_i32x4_dot_i16x8(wasm_i16x8_shuffle(x, y, 4, 12, 5, 13, 6, 14, 7, 15), b));
}

/* Outputs of two windows, [window][8 channels]. */
static inline void filter_tile(const filters *f, const tflm_lanes *lanes, const int16_t *weights, const int16_t *first,
	const int16_t *second, int8_t *outputs)
{
	v128_t a = wasm_v128_load(lanes->bias), b = wasm_v128_load(lanes->bias + 4);
	sums s = {a, b}, t = {a, b};
	const cells *pair = f->cells;
	for (uint32_t left = f->pairs; left; left--, pair++, weights += 2 * TFLM_LANES) {
		v128_t w = wasm_v128_load(weights), v = wasm_v128_load(weights + TFLM_LANES);
		multiply_add(&s, wasm_v128_load(first + pair->first), wasm_v128_load(first + pair->second), w, v);
		multiply_add(&t, wasm_v128_load(second + pair->first), wasm_v128_load(second + pair->second), w, v);
	}
	v128_t least = wasm_i32x4_const_splat(INT32_MAX);
	v128_t x = tflm_round_lanes(lanes, s.a, s.b, &least), y = tflm_round_lanes(lanes, t.a, t.b, &least);
	wasm_v128_store(outputs, wasm_i8x16_narrow_i16x8(x, y));
	if (!tflm_in_doubt(lanes, least)) return;
	v128_t kept[4] = {s.a, s.b, t.a, t.b};
	tflm_settle(lanes, (const int32_t *)kept, TILE, outputs);
}

void tflm_depthwise_conv_2d_run_simd128(const tflm_depthwise *op)
{
	const tflm_sweep *s = &op->sweep;
	const filters *f = op->packed;
	const int8_t *input = op->input;
	int8_t *output = op->output, outputs[TILE * TFLM_LANES];
	uint32_t channels = op->in_channels;
	if (channels == 1) {
		tflm_convolve(op->packed, s, 1, op->zero_point, input, op->workspace, output);
		return;
	}
	tflm_image image = tflm_image_of(s, channels, TFLM_LANES);
	for (uint32_t batch = 0; batch < s->batches; batch++) {
		tflm_fill_image(&image, s, input, op->zero_point, op->workspace);
		const tflm_lanes *lanes = f->lanes;
		const int16_t *weights = f->weights;
		for (uint32_t c = 0; c < channels; c += TFLM_LANES, lanes++, weights += f->pairs * 2 * TFLM_LANES) {
			const int16_t *values = (const int16_t *)op->workspace + c;
			int8_t *to = output + c;
			for (uint32_t i = 0; i < f->pixels; i += TILE) {
				filter_tile(f, lanes, weights, values + f->offsets[i], values + f->offsets[i + 1], outputs);
				tflm_store_lanes(to, outputs, channels - c);
				to += channels;
				if (i + 1 < f->pixels) tflm_store_lanes(to, outputs + TFLM_LANES, channels - c);
				to += channels;
			}
		}
		input += (uint32_t)s->in_height * s->in_width * channels;
		output += f->pixels * channels;
	}
}
#endif
