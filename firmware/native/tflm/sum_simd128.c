/* An input less its zero point is a number d of 9 bits, which is brought to the common scale by round(d * 2^20 *
   multiplier / 2^(31 + e)). With the multiplier split at bit 11, d * multiplier / 2^11 is d * upper + d * lower / 2^11,
   of which both products fit 32 bits. TFLite Micro rounds this and then its quotient by 2^e. XNNPACK rounds once, and
   what is below 1 cannot matter before the shift; for e = 0 there is nothing, as no ratio is above 1/2. All that is
   exact, and the sum goes through the output stage of eight channels with the same ratio. */
#include "sum_simd128.h"
#if TFLM_SIMD128
#include "arithmetic.h"
#include "output_stage_simd128.h"
#include <string.h>

typedef struct {
	v128_t zero_point;           /* int16 */
	v128_t upper, lower, nudge;  /* int32: of the multiplier, and what is added before the division by 2^11 */
	v128_t half, sign;           /* int32: what is added before the shift, and the bits that are added to negatives */
	uint32_t shift;
} scaling;

static scaling scaling_of(int32_t multiplier, int32_t e, int32_t zero_point, tflm_rounding rounding)
{
	int is_double = rounding == TFLM_ROUND_DOUBLE;
	return (scaling){
		.zero_point = wasm_i16x8_splat((int16_t)zero_point),
		.upper = wasm_i32x4_splat(multiplier >> 11),
		.lower = wasm_i32x4_splat(multiplier & 2047),
		.nudge = wasm_i32x4_splat(is_double ? 1024 : 0),
		.half = wasm_i32x4_splat(e ? (int32_t)(1u << (e - 1)) : 0),
		.sign = wasm_i32x4_splat(is_double && e ? -1 : 0),
		.shift = (uint32_t)e,
	};
}

static inline v128_t scale(const scaling *s, v128_t d)
{
	v128_t low = wasm_i32x4_shr(wasm_i32x4_add(wasm_i32x4_mul(d, s->lower), s->nudge), 11);
	v128_t x = wasm_i32x4_add(wasm_i32x4_mul(d, s->upper), low);
	v128_t negative = wasm_v128_and(wasm_i32x4_shr(x, 31), s->sign);
	return wasm_i32x4_shr(wasm_i32x4_add(wasm_i32x4_add(x, s->half), negative), s->shift);
}

static inline v128_t load(const int8_t *from, uint32_t step)
{
	return step ? wasm_i16x8_load8x8(from) : wasm_i16x8_splat(*from);
}

/* A multiple of eight outputs. */
static inline void add_all(const scaling *s, const tflm_lanes *lanes, int is_sum, const int8_t *a, uint32_t step_a,
	const int8_t *b, uint32_t step_b, int8_t *output, uint32_t count)
{
	const tflm_rounder rounder = tflm_rounder_of(lanes);
	const scaling first = s[0], second = s[1];
	for (; count; count -= TFLM_LANES) {
		v128_t least = wasm_i32x4_const_splat(INT32_MAX);
		v128_t d = wasm_i16x8_sub(load(a, step_a), first.zero_point);
		v128_t e = wasm_i16x8_sub(load(b, step_b), second.zero_point);
		v128_t x = scale(&first, wasm_i32x4_extend_low_i16x8(d)), y = scale(&first, wasm_i32x4_extend_high_i16x8(d));
		v128_t u = scale(&second, wasm_i32x4_extend_low_i16x8(e)), v = scale(&second, wasm_i32x4_extend_high_i16x8(e));
		x = is_sum ? wasm_i32x4_add(x, u) : wasm_i32x4_sub(x, u);
		y = is_sum ? wasm_i32x4_add(y, v) : wasm_i32x4_sub(y, v);
		v128_t outputs = tflm_round_lanes(&rounder, 1, x, y, &least);
		wasm_v128_store64_lane(output, wasm_i8x16_narrow_i16x8(outputs, outputs), 0);
		if (tflm_in_doubt(&rounder, least)) {
			v128_t sums[] = {x, y};
			tflm_settle(lanes, (const int32_t *)sums, 1, output);
		}
		a += step_a * TFLM_LANES;
		b += step_b * TFLM_LANES;
		output += TFLM_LANES;
	}
}

static tflm_lanes lanes_of(const tflm_binary *op)
{
	tflm_lanes lanes = {
		.zero_point = op->zero_output, .low_byte = op->low, .high_byte = op->high, .rounding = op->rounding,
	};
	for (uint32_t i = 0; i < TFLM_LANES; i++) {
		lanes.multiplier[i] = op->multipliers[2];
		lanes.shift[i] = op->shifts[2];
	}
	tflm_complete_lanes(&lanes);
	return lanes;
}

void tflm_run_sum_simd128(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count)
{
	const scaling s[] = {
		scaling_of(op->multipliers[0], -op->shifts[0], op->zero_a, op->rounding),
		scaling_of(op->multipliers[1], -op->shifts[1], op->zero_b, op->rounding),
	};
	const tflm_lanes lanes = lanes_of(op);
	const int8_t *x = a, *y = b;
	int8_t *z = output, tail[3][TFLM_LANES] = {{0}};
	uint32_t whole = count / TFLM_LANES * TFLM_LANES, rest = count - whole;
	if (op->kind == TFLM_SUM) add_all(s, &lanes, 1, x, step_a, y, step_b, z, whole);
	else add_all(s, &lanes, 0, x, step_a, y, step_b, z, whole);
	if (!rest) return;
	for (uint32_t i = 0; i < rest; i++) {
		tail[0][i] = x[(whole + i) * step_a];
		tail[1][i] = y[(whole + i) * step_b];
	}
	add_all(s, &lanes, op->kind == TFLM_SUM, tail[0], 1, tail[1], 1, tail[2], TFLM_LANES);
	memcpy(z + whole, tail[2], rest);
}
#endif
