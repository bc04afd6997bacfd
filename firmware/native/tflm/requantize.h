/* The output stage in a few instructions of a 32-bit machine, with the bits of tflm_finish.

   Double rounding takes a sum to r = (sum * multiplier + 2^30) >> 31, then to r / 2^e with halves away from zero.
   - Multipliers are at least 2^30, so 2 * multiplier - 2^32 fits an int32. With it r is the high word of
     sum * 2^32 + sum * (2 * multiplier - 2^32) + 2^31: one instruction where there is a multiply-accumulate of high words.
   - For e >= 1 the quotient is (((r - (r < 0)) >> (e - 1)) + 1) >> 1.
   Neither overflows for any sum. Ratios from 1/2 on (e = 0, or a shift to the left), the ratio 0 and single rounding are
   rare, and go through tflm_rescale. */
#ifndef REQUANTIZE_H
#define REQUANTIZE_H
#include "output_stage.h"
#include "target.h"
#if TFLM_DSP
#include <arm_acle.h>
#endif

/* The ratio of a channel: 2 * multiplier modulo 2^32 and e - 1, which is below zero for the rare ones, ~(shift + 32). */
typedef struct {
	int32_t doubled;
	int32_t right;
} tflm_fast_ratio;

/* The same of many channels, in 5 bytes each. */
enum { TFLM_FAST_RATIO_BYTES = sizeof(int32_t) + sizeof(int8_t) };
typedef struct {
	int32_t *doubled;
	int8_t *right;
} tflm_fast_ratios;

/* Ratios of `count` channels from `channel` on, in TFLM_FAST_RATIO_BYTES * count bytes of memory. */
tflm_fast_ratios tflm_make_fast_ratios(const tflm_output_stage *stage, uint32_t channel, uint32_t count, void *memory);

/* The output of a rare ratio. */
int8_t tflm_finish_rare(const tflm_output_stage *stage, int32_t sum, tflm_fast_ratio ratio);

static inline tflm_fast_ratio tflm_fast_ratio_of(const tflm_fast_ratios *ratios, uint32_t channel)
{
	return (tflm_fast_ratio){ratios->doubled[channel], ratios->right[channel]};
}

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

/* The output for a sum that has the bias in it. */
static inline int8_t tflm_finish_fast(const tflm_output_stage *stage, int32_t sum, tflm_fast_ratio ratio)
{
	if (ratio.right < 0) return tflm_finish_rare(stage, sum, ratio);
	int32_t value = tflm_high_sum(sum, ratio.doubled);
	value = (value + (value >> 31)) >> ratio.right;
#if TFLM_DSP
	value = __ssat(__qadd(value, 2 * stage->zero_point + 1) >> 1, 8);
#else
	value = value - (value >> 1) + stage->zero_point; /* (value + 1) >> 1, without an overflow */
#endif
	return (int8_t)tflm_clamp(value, stage->low, stage->high);
}
#endif
