#include "output_stage_simd128.h"
#if TFLM_SIMD128
#include <string.h>

enum { DISTANCE = 4, FRACTION_BITS = 15 };

static float power_of_two(int32_t exponent)
{
	return exponent < 0 ? 1 / (float)(1u << -exponent) : (float)(1u << exponent);
}

void tflm_complete_lanes(tflm_lanes *lanes)
{
	int is_double = lanes->rounding == TFLM_ROUND_DOUBLE;
	lanes->low = (float)(lanes->low_byte - lanes->zero_point);
	lanes->high = (float)(lanes->high_byte - lanes->zero_point);
	lanes->is_signed = is_double && lanes->low < 0;
	lanes->window = 2 * DISTANCE;
	for (uint32_t i = 0; i < TFLM_LANES; i++) {
		int32_t e = -lanes->shift[i];
		/* A shift to the left may wrap. */
		if (e < 0) lanes->window = INT32_MAX;
		lanes->scale[i] = (float)lanes->multiplier[i] * power_of_two(-e) / 2147483648.0f;
		float c = is_double && e > 0 && e < FRACTION_BITS ? power_of_two(-e - 1) : 0;
		lanes->away[i] = lanes->is_signed ? c : 0;
		lanes->anchor[i] = 384.5f + (float)lanes->zero_point + DISTANCE * power_of_two(-FRACTION_BITS);
		if (!lanes->is_signed) lanes->anchor[i] += c;
	}
}

static void make_block(const tflm_output_stage *stage, uint32_t first, uint32_t count, tflm_lanes *lanes)
{
	int8_t shifts[TFLM_LANES];
	memset(lanes, 0, sizeof *lanes);
	tflm_ratios_of(stage, first, count, lanes->multiplier, shifts);
	for (uint32_t i = 0; i < count; i++) {
		lanes->bias[i] = stage->bias ? stage->bias[first + i] : 0;
		lanes->shift[i] = shifts[i];
	}
	lanes->rounding = stage->rounding;
	lanes->zero_point = stage->zero_point;
	lanes->low_byte = stage->low;
	lanes->high_byte = stage->high;
	tflm_complete_lanes(lanes);
}

void tflm_make_lanes(const tflm_output_stage *stage, uint32_t channels, tflm_lanes *lanes)
{
	for (uint32_t first = 0; first < channels; first += TFLM_LANES) {
		uint32_t rest = channels - first;
		make_block(stage, first, rest < TFLM_LANES ? rest : TFLM_LANES, lanes++);
	}
}

void tflm_settle(const tflm_lanes *lanes, const int32_t *sums, uint32_t pixels, int8_t *outputs)
{
	const tflm_rounder rounder = tflm_rounder_of(lanes);
	v128_t fraction = wasm_i32x4_const_splat(0x7fff);
	for (uint32_t i = 0; i < pixels * TFLM_LANES; i += 4) {
		uint32_t lane = i % TFLM_LANES;
		v128_t x = tflm_anchored(&rounder, lanes->is_signed, lane / 4, wasm_v128_load(sums + i));
		uint32_t doubts = wasm_i32x4_bitmask(wasm_i32x4_lt(wasm_v128_and(x, fraction), rounder.window));
		for (; doubts; doubts &= doubts - 1) {
			uint32_t at = (uint32_t)__builtin_ctz(doubts);
			int32_t value = tflm_rescale(sums[i + at], lanes->multiplier[lane + at], lanes->shift[lane + at],
				(tflm_rounding)lanes->rounding);
			outputs[i + at] = tflm_to_int8(value, lanes->zero_point, lanes->low_byte, lanes->high_byte);
		}
	}
}

/* A loop: a call of memory.copy would take longer. */
__attribute__((no_builtin("memcpy"), noinline)) void tflm_store_lanes(int8_t *to, const int8_t *outputs, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) to[i] = outputs[i];
}
#endif
