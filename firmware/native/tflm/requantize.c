#include "requantize.h"

tflm_fast_ratios tflm_make_fast_ratios(const tflm_output_stage *stage, uint32_t channel, uint32_t count, void *memory)
{
	tflm_fast_ratios ratios = {memory, (int8_t *)memory + count * sizeof(int32_t)};
	tflm_ratios_of(stage, channel, count, ratios.doubled, ratios.right);
	for (uint32_t i = 0; i < count; i++) {
		int shift = ratios.right[i], is_rare = shift >= 0 || stage->rounding != TFLM_ROUND_DOUBLE;
		ratios.doubled[i] = (int32_t)((uint32_t)ratios.doubled[i] << 1);
		ratios.right[i] = (int8_t)(is_rare ? ~(shift + 32) : -shift - 1);
	}
	return ratios;
}

int8_t tflm_finish_rare(const tflm_output_stage *stage, int32_t sum, tflm_fast_ratio ratio)
{
	int32_t multiplier = (int32_t)((uint32_t)ratio.doubled >> 1), shift = ~ratio.right - 32;
	int32_t value = tflm_rescale(sum, multiplier, shift, stage->rounding);
	return tflm_to_int8(value, stage->zero_point, stage->low, stage->high);
}
