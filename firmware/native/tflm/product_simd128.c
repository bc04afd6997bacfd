#include "product_simd128.h"
#if TFLM_SIMD128
#include <string.h>

enum { TILE = 4, MOST_BYTES = 1 << 24 };

typedef struct {
	v128_t a, b; /* of channels 0 to 3 and 4 to 7 */
} sums;

static uint32_t pairs_of(const tflm_product *p)
{
	return (p->run + 1) / 2;
}

/* Bytes of a block's weights. */
static uint32_t block_bytes(const tflm_product *p)
{
	return p->rows * pairs_of(p) * 2 * TFLM_LANES;
}

static uint32_t offset_count(const tflm_product *p)
{
	return (p->pixels + TILE - 1) / TILE * TILE;
}

uint32_t tflm_product_bytes(const tflm_product *p)
{
	uint64_t blocks = tflm_blocks(p->channels), weights = (uint64_t)p->rows * pairs_of(p) * 2 * TFLM_LANES;
	uint64_t bytes = sizeof *p + (offset_count(p) + (uint64_t)p->rows) * sizeof(uint32_t) + 3 * 16;
	if (weights > MOST_BYTES) return 0;
	bytes += blocks * (sizeof(tflm_lanes) + weights);
	return bytes > MOST_BYTES ? 0 : tflm_round_up((uint32_t)bytes, 16);
}

static void pack(const tflm_product *p, const int8_t *weights, uint32_t channel_step, uint32_t value_step, int8_t *to)
{
	for (uint32_t first = 0; first < p->channels; first += TFLM_LANES) {
		for (uint32_t row = 0; row < p->rows; row++) {
			for (uint32_t i = 0; i < p->run; i += 2) {
				for (uint32_t lane = 0; lane < TFLM_LANES; lane++, to += 2) {
					uint32_t channel = first + lane, value = row * p->run + i;
					const int8_t *from = weights + channel * channel_step + value * value_step;
					int is_channel = channel < p->channels;
					to[0] = is_channel ? from[0] : 0;
					to[1] = is_channel && i + 1 < p->run ? from[value_step] : 0;
				}
			}
		}
	}
}

tflm_product *tflm_make_product(const tflm_product *shape, const tflm_output_stage *stage, const int8_t *weights,
	uint32_t channel_step, uint32_t value_step, void *memory)
{
	tflm_product *p = memory;
	*p = *shape;
	uint8_t *at = (uint8_t *)memory + tflm_round_up((uint32_t)sizeof *p, 16);
	tflm_lanes *lanes = (tflm_lanes *)(void *)at;
	at += tflm_blocks(p->channels) * sizeof *lanes;
	p->lanes = lanes;
	p->weights = (int8_t *)at;
	tflm_make_lanes(stage, p->channels, lanes);
	pack(p, weights, channel_step, value_step, (int8_t *)at);
	at += tflm_blocks(p->channels) * block_bytes(p);
	p->offsets = (uint32_t *)(void *)at;
	p->skips = (int32_t *)(p->offsets + offset_count(p));
	memset(at, 0, (offset_count(p) + p->rows) * sizeof(uint32_t));
	return p;
}

static inline void multiply_add(sums *s, const int16_t *x, v128_t a, v128_t b)
{
	v128_t pair = wasm_v128_load32_splat(x);
	s->a = wasm_i32x4_add(s->a, wasm_i32x4_dot_i16x8(pair, a));
	s->b = wasm_i32x4_add(s->b, wasm_i32x4_dot_i16x8(pair, b));
}

/* One pair of values of four windows. */
static inline void step(sums *s, const int16_t *const *x, const int8_t *weights, uint32_t pair)
{
	v128_t a = wasm_i16x8_load8x8(weights + 16u * pair), b = wasm_i16x8_load8x8(weights + 16u * pair + 8u);
	for (int i = 0; i < TILE; i++) multiply_add(&s[i], x[i] + 2u * pair, a, b);
}

static inline void advance(const int16_t **x, int32_t values)
{
	for (int i = 0; i < TILE; i++) x[i] += values;
}

/* Outputs of a tile, [pixel][8 channels]. */
typedef struct {
	v128_t first, second; /* two pixels each */
} outputs;

static inline outputs finish(const tflm_lanes *lanes, int is_signed, const sums *s)
{
	const tflm_rounder rounder = tflm_rounder_of(lanes);
	v128_t least = wasm_i32x4_const_splat(INT32_MAX), of[TILE];
	for (int i = 0; i < TILE; i++) of[i] = tflm_round_lanes(&rounder, is_signed, s[i].a, s[i].b, &least);
	outputs result = {wasm_i8x16_narrow_i16x8(of[0], of[1]), wasm_i8x16_narrow_i16x8(of[2], of[3])};
	if (!tflm_in_doubt(&rounder, least)) return result;
	/* Copies: what has an address that is known elsewhere would be kept in memory. */
	v128_t kept[2 * TILE], settled[2] = {result.first, result.second};
	for (int i = 0; i < TILE; i++) kept[2 * i] = s[i].a, kept[2 * i + 1] = s[i].b;
	tflm_settle(lanes, (const int32_t *)kept, TILE, (int8_t *)settled);
	return (outputs){settled[0], settled[1]};
}

/* Stores what there is of a tile at an edge. */
static void store_part(outputs tile, uint32_t pixels, uint32_t count, uint32_t step, int8_t *to)
{
	int8_t bytes[TILE * TFLM_LANES];
	wasm_v128_store(bytes, tile.first);
	wasm_v128_store(bytes + 16, tile.second);
	for (uint32_t i = 0; i < pixels; i++) tflm_store_lanes(to + i * step, bytes + i * TFLM_LANES, count);
}

/* A block of channels of all pixels; `count` of the channels are there. */
static inline __attribute__((always_inline)) void multiply_block(const tflm_product *p, const tflm_lanes *lanes,
	int is_signed, const int8_t *block, const int16_t *image, uint32_t count, int8_t *to)
{
	const uint32_t pairs = pairs_of(p), rows = p->rows, step_to = p->channels, *offsets = p->offsets;
	const int32_t *const first_skip = p->skips;
	for (uint32_t left_pixels = p->pixels; left_pixels; offsets += TILE) {
		v128_t a = wasm_v128_load(lanes->bias), b = wasm_v128_load(lanes->bias + 4);
		sums s[TILE] = {{a, b}, {a, b}, {a, b}, {a, b}};
		const int16_t *x[TILE] = {image + offsets[0], image + offsets[1], image + offsets[2], image + offsets[3]};
		const int8_t *weights = block;
		const int32_t *skip = first_skip;
		uint32_t row = rows;
		do {
			uint32_t left = pairs;
			/* Two steps with a way out between them: V8 moves all loads of a straight piece of code to its start, and
			   of a longer one they would not fit into the registers. */
			for (;;) {
				step(s, x, weights, 0);
				if (left == 1) {
					weights += 16;
					advance(x, 2);
					break;
				}
				step(s, x, weights, 1);
				weights += 32;
				advance(x, 4);
				left -= 2;
				if (!left) break;
			}
			if (!--row) break;
			advance(x, *skip++);
		} while (1);
		outputs tile = finish(lanes, is_signed, s);
		if (left_pixels < TILE || count < TFLM_LANES) {
			uint32_t pixels = left_pixels < TILE ? left_pixels : TILE;
			store_part(tile, pixels, count, step_to, to);
			to += TILE * step_to;
			left_pixels -= pixels;
			continue;
		}
		wasm_v128_store64_lane(to, tile.first, 0);
		wasm_v128_store64_lane(to += step_to, tile.first, 1);
		wasm_v128_store64_lane(to += step_to, tile.second, 0);
		wasm_v128_store64_lane(to += step_to, tile.second, 1);
		to += step_to;
		left_pixels -= TILE;
	}
}

/* One pixel and two blocks: where there is but one pixel, as in most of FULLY_CONNECTED, weights are used only once,
   and loading them is most of the work. */
static void multiply_pixel(const tflm_product *p, const tflm_lanes *lanes, const int8_t *weights, const int16_t *image,
	uint32_t count, int8_t *to)
{
	sums s = {wasm_v128_load(lanes[0].bias), wasm_v128_load(lanes[0].bias + 4)};
	sums t = {wasm_v128_load(lanes[1].bias), wasm_v128_load(lanes[1].bias + 4)};
	const int32_t *skips = p->skips;
	const int8_t *more = weights + block_bytes(p);
	uint32_t pairs = pairs_of(p), rows = p->rows;
	const int16_t *x = image + p->offsets[0];
	do {
		for (uint32_t left = pairs; left; left--, x += 2, weights += 16, more += 16) {
			multiply_add(&s, x, wasm_i16x8_load8x8(weights), wasm_i16x8_load8x8(weights + 8u));
			multiply_add(&t, x, wasm_i16x8_load8x8(more), wasm_i16x8_load8x8(more + 8u));
		}
		x += *skips++;
	} while (--rows);
	v128_t least = wasm_i32x4_const_splat(INT32_MAX), other = least;
	const tflm_rounder r = tflm_rounder_of(lanes), q = tflm_rounder_of(lanes + 1);
	v128_t first = tflm_round_lanes(&r, 1, s.a, s.b, &least), second = tflm_round_lanes(&q, 1, t.a, t.b, &other);
	v128_t kept[4] = {s.a, s.b, t.a, t.b}, result = wasm_i8x16_narrow_i16x8(first, second);
	int8_t *bytes = (int8_t *)&result;
	if (tflm_in_doubt(&r, least)) tflm_settle(lanes, (const int32_t *)kept, 1, bytes);
	if (tflm_in_doubt(&q, other)) tflm_settle(lanes + 1, (const int32_t *)(kept + 2), 1, bytes + TFLM_LANES);
	if (count >= 2 * TFLM_LANES) wasm_v128_store(to, result);
	else tflm_store_lanes(to, bytes, count);
}

void tflm_multiply(const tflm_product *p, const int16_t *image, int8_t *output)
{
	uint32_t size = block_bytes(p), channel = 0;
	const int8_t *weights = p->weights;
	const tflm_lanes *lanes = p->lanes;
	if (p->pixels == 1) {
		for (; channel + TFLM_LANES < p->channels; channel += 2 * TFLM_LANES, lanes += 2, weights += 2 * size) {
			multiply_pixel(p, lanes, weights, image, p->channels - channel, output + channel);
		}
	}
	for (; channel < p->channels; channel += TFLM_LANES, weights += size, lanes++) {
		uint32_t rest = p->channels - channel, count = rest < TFLM_LANES ? rest : TFLM_LANES;
		if (lanes->is_signed) multiply_block(p, lanes, 1, weights, image, count, output + channel);
		else multiply_block(p, lanes, 0, weights, image, count, output + channel);
	}
}
#endif
