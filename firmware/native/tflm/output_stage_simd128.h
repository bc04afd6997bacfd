/* The output stage of eight channels at a time, exact at the speed of floating point.

   An output is round(sum * ratio) + zero point, clamped. TFLite Micro rounds twice (to 2^-e of an output, e being the
   ratio's shift to the right, then to a whole one), XNNPACK once. WebAssembly has neither the upper half of products of
   32 by 32 bits nor shifts that differ by lane. So q = sum * ratio is computed in float32, clamped (as the bounds are whole
   numbers, that may come first), and added to 384 + zero point + 1/2 + d: this lies in [256, 512), where a float32 has 15
   bits after the point. Its bits hold the rounded output in 8 bits and the distance above the next tie, plus d, in 15.

   The float differs from the exact product by less than 2 units of 2^-15: converting the sum, converting the ratio and
   multiplying err by 2^-24 of it each, together less than 1.5 units where |q| < 256 (beyond, it is the bound that counts);
   adding errs by half a unit. TFLite Micro's first rounding moves the value by at most 2^-e / 2. With d = 3 units +
   2^-e / 2, an output whose 15 bits are at least 2d is on the same side of all ties however it was rounded; the others,
   1 in 240 at e = 8, are computed again in integers. */
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
	float low, high; /* bounds of an output, less the zero point */
	float anchor;    /* 384 + zero point + 1/2 + d */
	int32_t window;  /* 2d in units of 2^-15; more than there are when all must be computed in integers */
} tflm_lanes;

/* The blocks of eight channels that `channels` make, the last one filled up by channels whose weights must be 0. */
static inline uint32_t tflm_blocks(uint32_t channels)
{
	return (channels + TFLM_LANES - 1) / TFLM_LANES;
}

/* Makes the second half of the first. */
void tflm_complete_lanes(tflm_lanes *lanes);
/* lanes: tflm_blocks(channels) of them */
void tflm_make_lanes(const tflm_output_stage *stage, uint32_t channels, tflm_lanes *lanes);

/* 384 + zero point + 1/2 + d + q of four channels. */
static inline v128_t tflm_anchored(const tflm_lanes *lanes, v128_t sums, v128_t scale)
{
	v128_t x = wasm_f32x4_mul(wasm_f32x4_convert_i32x4(sums), scale);
	x = wasm_f32x4_pmin(wasm_f32x4_pmax(x, wasm_f32x4_splat(lanes->low)), wasm_f32x4_splat(lanes->high));
	return wasm_f32x4_add(x, wasm_f32x4_splat(lanes->anchor));
}

/* Sums of eight channels to outputs in int16; `least` becomes the least of itself and their 15 bits. */
static inline v128_t tflm_round_lanes(const tflm_lanes *lanes, v128_t a, v128_t b, v128_t *least)
{
	v128_t x = tflm_anchored(lanes, a, wasm_v128_load(lanes->scale));
	v128_t y = tflm_anchored(lanes, b, wasm_v128_load(lanes->scale + 4));
	v128_t fraction = wasm_i32x4_const_splat(0x7fff);
	*least = wasm_i32x4_min(*least, wasm_i32x4_min(wasm_v128_and(x, fraction), wasm_v128_and(y, fraction)));
	v128_t both = wasm_u16x8_narrow_i32x4(wasm_u32x4_shr(x, 15), wasm_u32x4_shr(y, 15));
	return wasm_i16x8_sub(both, wasm_i16x8_const_splat((int16_t)0x8780)); /* the upper bits of 384.0f */
}

/* Whether any of the outputs that went into `least` must be settled. */
static inline int tflm_in_doubt(const tflm_lanes *lanes, v128_t least)
{
	return wasm_v128_any_true(wasm_i32x4_lt(least, wasm_i32x4_splat(lanes->window)));
}

/* Computes those of [pixels][8] outputs again that are in doubt. */
void tflm_settle(const tflm_lanes *lanes, const int32_t *sums, uint32_t pixels, int8_t *outputs);

/* Writes eight outputs, or as many as there are channels left. */
static inline void tflm_store_lanes(int8_t *to, const int8_t *outputs, uint32_t count)
{
	if (count >= TFLM_LANES) {
		__builtin_memcpy(to, outputs, TFLM_LANES);
		return;
	}
	for (uint32_t i = 0; i < count; i++) to[i] = outputs[i];
}
#endif
#endif
