#include "requantize.h"

/* The shift of a rare ratio is kept as ~(shift + RARE). */
enum { RARE = 32 };

void tflm_make_fast_ratios(const tflm_output_stage *stage, uint32_t channel, uint32_t count, tflm_fast_ratio *ratios)
{
	int all_rare = stage->rounding != TFLM_ROUND_DOUBLE || stage->low != -128 || stage->high != 127;
	for (uint32_t i = 0; i < count; i++) {
		int8_t shift;
		tflm_ratios_of(stage, channel + i, 1, &ratios[i].doubled, &shift);
		ratios[i].doubled = (int32_t)((uint32_t)ratios[i].doubled << 1);
		ratios[i].right = all_rare || shift >= 0 ? ~(shift + RARE) : -shift - 1;
	}
}

int8_t tflm_finish_any(const tflm_output_stage *stage, const tflm_fast_ratio *ratio, int32_t sum)
{
	if (ratio->right >= 0) return (int8_t)tflm_finish_common(sum, *ratio, stage->zero_point);
	int32_t multiplier = (int32_t)((uint32_t)ratio->doubled >> 1);
	int32_t value = tflm_rescale_call(sum, multiplier, ~ratio->right - RARE, stage->rounding);
	return tflm_to_int8(value, stage->zero_point, stage->low, stage->high);
}
