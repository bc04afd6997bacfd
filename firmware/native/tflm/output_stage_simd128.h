/* The output stage of eight channels at a time, exact at the speed of floating point.

   An output is the rounded q = sum * ratio plus the zero point, clamped. XNNPACK rounds once: floor(q + 1/2). TFLite
   Micro rounds twice: to 2^-e of an output, e being the ratio's shift to the right, halves up; then to a whole one,
   halves away from zero. Let q >= 0. The second step rounds up from k + 1/2 on, a multiple of 2^-e if e > 0, and the
   first step reaches that from k + 1/2 - 2^-e / 2 on. So both together are floor(q + 1/2 + c) with c = 2^-e / 2, and
   likewise floor(q + 1/2 - c) for q < 0; c is 0 for e = 0, where there is no second step.

   WebAssembly has neither the upper half of products of 32 by 32 bits nor shifts that differ by lane, so q is computed
   in float32. It is clamped first, which may be since the bounds are whole numbers, and added to 384 + zero point + 1/2
   + c + d: this lies in [256, 512), where a float32 has 15 bits after the point. Its bits hold the output in 8 bits,
   and in 15 the distance above the last tie, plus d. The float is wrong by less than 2 units of 2^-15: converting the
   sum, converting the ratio and multiplying err by 2^-24 of q each, together less than 1.5 units where |q| < 256
   (beyond, it is the bound that counts), and adding errs by half a unit; leaving out a c below one unit, by half a unit
   more. With d of 4 units, an output whose 15 bits are 8 or more is right; the others, 1 in 4096, are computed again in
   integers. */
#ifndef OUTPUT_STAGE_SIMD128_H
#define OUTPUT_STAGE_SIMD128_H
#include "output_stage.h"
#include "target.h"
#if TFLM_SIMD128
#include <wasm_simd128.h>

enum { TFLM_LANES = 8 };

/* What eight channels need. */
typedef struct {
	int32_t bias[TFLM_LANES], multiplier[TFLM_LANES], shift[TFLM_LANES];
	int32_t zero_point, low_byte, high_byte, rounding;
	/* Made of the above: */
	float scale[TFLM_LANES];
	float anchor[TFLM_LANES]; /* 384 + zero point + 1/2 + d, and c unless it is signed */
	float away[TFLM_LANES];   /* c if it is signed, else 0 */
	float low, high;          /* bounds of an output, less the zero point */
	int32_t window;           /* 2d in units of 2^-15; more than there are when all must be computed in integers */
	int32_t is_signed;        /* q can be below 0 where that matters; the functions below are told, so that loops need
	                             not ask */
} tflm_lanes;

/* The blocks of eight channels that `channels` make, the last one filled up by channels whose weights must be 0. */
static inline uint32_t tflm_blocks(uint32_t channels)
{
	return (channels + TFLM_LANES - 1) / TFLM_LANES;
}

/* Whether weights and biases are in the file, so that they can be packed. */
static inline int tflm_can_pack(const tflm_node *node)
{
	const tflm_tensor *bias = &node->input[2];
	return node->input[1].constant && (bias->index < 0 || bias->constant);
}

/* Makes the second half of the first. */
void tflm_complete_lanes(tflm_lanes *lanes);
/* lanes: tflm_blocks(channels) of them */
void tflm_make_lanes(const tflm_output_stage *stage, uint32_t channels, tflm_lanes *lanes);

/* The same in vectors, as loops should have it: what is loaded in a loop is loaded again after each store. */
typedef struct {
	v128_t scale[2], anchor[2], away[2], low, high, window;
} tflm_rounder;

static inline tflm_rounder tflm_rounder_of(const tflm_lanes *lanes)
{
	return (tflm_rounder){
		.scale = {wasm_v128_load(lanes->scale), wasm_v128_load(lanes->scale + 4)},
		.anchor = {wasm_v128_load(lanes->anchor), wasm_v128_load(lanes->anchor + 4)},
		.away = {wasm_v128_load(lanes->away), wasm_v128_load(lanes->away + 4)},
		.low = wasm_f32x4_splat(lanes->low),
		.high = wasm_f32x4_splat(lanes->high),
		.window = wasm_i32x4_splat(lanes->window),
	};
}

/* 384 + zero point + 1/2 + c + d + q of the first or second four channels. */
static inline v128_t tflm_anchored(const tflm_rounder *r, int is_signed, int half, v128_t sums)
{
	v128_t q = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sums), r->scale[half]);
	q = wasm_f32x4_pmin(wasm_f32x4_pmax(q, r->low), r->high);
	v128_t x = wasm_f32x4_add(q, r->anchor[half]);
	if (!is_signed) return x;
	v128_t sign = wasm_v128_and(q, wasm_i32x4_const_splat(INT32_MIN));
	return wasm_f32x4_add(x, wasm_v128_or(r->away[half], sign));
}

/* Sums of eight channels to outputs in int16; `least` becomes the least of itself and their 15 bits. */
static inline v128_t tflm_round_lanes(const tflm_rounder *r, int is_signed, v128_t a, v128_t b, v128_t *least)
{
	v128_t x = tflm_anchored(r, is_signed, 0, a), y = tflm_anchored(r, is_signed, 1, b);
	v128_t fraction = wasm_i32x4_const_splat(0x7fff);
	*least = wasm_i32x4_min(*least, wasm_i32x4_min(wasm_v128_and(x, fraction), wasm_v128_and(y, fraction)));
	v128_t both = wasm_u16x8_narrow_i32x4(wasm_u32x4_shr(x, 15), wasm_u32x4_shr(y, 15));
	return wasm_i16x8_sub(both, wasm_i16x8_const_splat((int16_t)0x8780)); /* the upper bits of 384.0f */
}

/* Whether any of the outputs that went into `least` must be settled. */
static inline int tflm_in_doubt(const tflm_rounder *r, v128_t least)
{
	return wasm_v128_any_true(wasm_i32x4_lt(least, r->window));
}

/* Computes those of [pixels][8] outputs again that are in doubt. */
void tflm_settle(const tflm_lanes *lanes, const int32_t *sums, uint32_t pixels, int8_t *outputs);
/* Writes up to eight outputs. */
void tflm_store_lanes(int8_t *to, const int8_t *outputs, uint32_t count);
#endif
#endif
