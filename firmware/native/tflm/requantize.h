/* The output stage in a few instructions of a 32-bit machine, with the bits of tflm_finish.

   Double rounding takes a sum to r = (sum * multiplier + 2^30) >> 31, then to r / 2^e with halves away from zero.
   - Multipliers are at least 2^30, so 2 * multiplier - 2^32 fits an int32. With it r is the high word of sum * 2^32 +
     sum * (2 * multiplier - 2^32) + 2^31: one instruction where there is a multiply-accumulate of high words.
   - For e >= 1 the quotient is (((r - (r < 0)) >> (e - 1)) + 1) >> 1.
   Neither overflows for any sum. What is rare goes through tflm_rescale_call: ratios from 1/2 on (e = 0, or a shift to
   the left), the ratio 0, single rounding, and activations that leave less than all of int8. */
#ifndef REQUANTIZE_H
#define REQUANTIZE_H
#include "output_stage.h"
#include "target.h"
#if TFLM_DSP
#include <arm_acle.h>
#endif

/* The ratio of a channel: 2 * multiplier modulo 2^32, and e - 1, which is below zero for a rare one: ~(shift + 32). */
typedef struct {
	int32_t doubled, right;
} tflm_fast_ratio;

/* Ratios of `count` channels from `channel` on. */
void tflm_make_fast_ratios(const tflm_output_stage *stage, uint32_t channel, uint32_t count, tflm_fast_ratio *ratios);

/* The output for a sum that has the bias in it, with a ratio that is a rare one perhaps. */
int8_t tflm_finish_any(const tflm_output_stage *stage, const tflm_fast_ratio *ratio, int32_t sum);

/* The bias of a channel. */
static inline int32_t tflm_bias_of(const tflm_output_stage *stage, uint32_t channel)
{
	return stage->bias ? stage->bias[channel] : 0;
}

/* (sum * multiplier + 2^30) >> 31 */
static inline int32_t tflm_high_sum(int32_t sum, int32_t doubled)
{
#if TFLM_DSP
	int32_t high;
	__asm__("smmlar %0, %1, %2, %1" : "=r"(high) : "r"(sum), "r"(doubled));
	return high;
#else
	uint32_t low = (uint32_t)sum * (uint32_t)doubled;
	return (int32_t)((int64_t)sum * (uint32_t)doubled >> 32) + (int32_t)(low >> 31);
#endif
}

/* The same with a ratio that is not a rare one. */
static inline int32_t tflm_finish_common(int32_t sum, tflm_fast_ratio ratio, int32_t zero_point)
{
	int32_t value = tflm_high_sum(sum, ratio.doubled);
	value = (value + (value >> 31)) >> ratio.right;
#if TFLM_DSP
	return __ssat(__qadd(value, 2 * zero_point + 1) >> 1, 8);
#else
	value = value - (value >> 1) + zero_point; /* (value + 1) >> 1, without an overflow */
	return tflm_clamp(value, -128, 127);
#endif
}

/* The same with any ratio, where the common ones are to be quick. */
static inline int8_t tflm_finish_fast(const tflm_output_stage *stage, const tflm_fast_ratio *ratio, int32_t sum)
{
	if (ratio->right < 0) return tflm_finish_any(stage, ratio, sum);
	return (int8_t)tflm_finish_common(sum, *ratio, stage->zero_point);
}
#endif
