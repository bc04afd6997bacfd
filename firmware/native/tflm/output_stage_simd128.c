#include "output_stage_simd128.h"
#if TFLM_SIMD128
#include <string.h>

/* The distance d in units of 2^-15; 0 when the outputs must be computed in integers: a shift to the left can wrap. */
static int32_t distance(const tflm_lanes *lanes)
{
	int32_t e = 31;
	for (uint32_t i = 0; i < TFLM_LANES; i++) {
		if (lanes->multiplier[i] && -lanes->shift[i] < e) e = -lanes->shift[i];
	}
	if (lanes->rounding == TFLM_ROUND_SINGLE) return e < 0 ? 0 : 3;
	return e < 1 ? 0 : 3 + (e < 14 ? 1 << (14 - e) : 1);
}

void tflm_complete_lanes(tflm_lanes *lanes)
{
	int32_t away = distance(lanes);
	for (uint32_t i = 0; i < TFLM_LANES; i++) {
		/* A power of two, so that nothing but the multiplier is rounded. */
		int32_t shift = lanes->shift[i];
		float power = shift > 0 ? (float)(1u << shift) : 1 / (float)(1u << -shift);
		lanes->scale[i] = (float)lanes->multiplier[i] * power / 2147483648.0f;
	}
	lanes->low = (float)(lanes->low_byte - lanes->zero_point);
	lanes->high = (float)(lanes->high_byte - lanes->zero_point);
	lanes->window = away ? 2 * away : INT32_MAX;
	lanes->anchor = 384.5f + (float)lanes->zero_point + (float)away / 32768;
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
	v128_t fraction = wasm_i32x4_const_splat(0x7fff), window = wasm_i32x4_splat(lanes->window);
	for (uint32_t i = 0; i < pixels * TFLM_LANES; i += 4) {
		v128_t x = tflm_anchored(lanes, wasm_v128_load(sums + i), wasm_v128_load(lanes->scale + i % TFLM_LANES));
		uint32_t doubts = wasm_i32x4_bitmask(wasm_i32x4_lt(wasm_v128_and(x, fraction), window));
		for (; doubts; doubts &= doubts - 1) {
			uint32_t at = i + (uint32_t)__builtin_ctz(doubts), lane = at % TFLM_LANES;
			int32_t value = tflm_rescale(sums[at], lanes->multiplier[lane], lanes->shift[lane],
				(tflm_rounding)lanes->rounding);
			outputs[at] = tflm_to_int8(value, lanes->zero_point, lanes->low_byte, lanes->high_byte);
		}
	}
}
#endif
