/* CONV_2D in int8 for any machine: two windows, whose values alternate, with four filters at once, which takes 8
   registers for the sums and loads 6 values for 8 products. */
#include "conv_2d.h"
#if TFLM_SCALAR

enum { FILTERS = 4 };

void tflm_conv_2d_widen(const int8_t *row, uint32_t length, int16_t zero_point, void *windows, uint32_t side)
{
	int16_t *to = (int16_t *)windows + side;
	for (uint32_t i = 0; i < length; i++, to += TFLM_CONV_WINDOWS) *to = (int16_t)(row[i] - zero_point);
}

/* The `at`th value of both windows and all filters; sums are modulo 2^32. Without the barrier compilers gather so many
   loads and products ahead of the additions that the sums do not stay in registers. */
#define MULTIPLY(at) \
	do { \
		int32_t x0 = x[TFLM_CONV_WINDOWS * (at)], x1 = x[TFLM_CONV_WINDOWS * (at) + 1]; \
		s00 += (uint32_t)(x0 * f0[at]), s01 += (uint32_t)(x1 * f0[at]); \
		s10 += (uint32_t)(x0 * f1[at]), s11 += (uint32_t)(x1 * f1[at]); \
		s20 += (uint32_t)(x0 * f2[at]), s21 += (uint32_t)(x1 * f2[at]); \
		s30 += (uint32_t)(x0 * f3[at]), s31 += (uint32_t)(x1 * f3[at]); \
		__asm__ volatile("" \
			: "+r"(s00), "+r"(s01), "+r"(s10), "+r"(s11), "+r"(s20), "+r"(s21), "+r"(s30), "+r"(s31)::"memory"); \
	} while (0)

/* sums[filter][window] of the filters that begin at f0, f1, f2, f3 */
static void multiply(const int16_t *x, const int8_t *f0, const int8_t *f1, const int8_t *f2, const int8_t *f3,
	uint32_t length, int32_t sums[FILTERS][TFLM_CONV_WINDOWS])
{
	uint32_t s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0;
	for (const int8_t *end = f0 + length / 4 * 4; f0 != end; f0 += 4, f1 += 4, f2 += 4, f3 += 4) {
		MULTIPLY(0);
		MULTIPLY(1);
		MULTIPLY(2);
		MULTIPLY(3);
		x += 4 * TFLM_CONV_WINDOWS;
	}
	for (uint32_t i = 0; i < length % 4; i++) MULTIPLY(i);
	sums[0][0] = (int32_t)s00, sums[0][1] = (int32_t)s01, sums[1][0] = (int32_t)s10, sums[1][1] = (int32_t)s11;
	sums[2][0] = (int32_t)s20, sums[2][1] = (int32_t)s21, sums[3][0] = (int32_t)s30, sums[3][1] = (int32_t)s31;
}

/* A channel of two output cells, `distance` bytes apart. */
static inline void finish(const tflm_output_stage *stage, int32_t zero_point, int32_t bias,
	const tflm_fast_ratio *ratio, const int32_t sums[2], int8_t *output, uint32_t distance)
{
	tflm_fast_ratio common = *ratio;
	int32_t sum0 = (int32_t)((uint32_t)sums[0] + (uint32_t)bias), sum1 = (int32_t)((uint32_t)sums[1] + (uint32_t)bias);
	int8_t first, second;
	if (common.right >= 0) {
		first = (int8_t)tflm_finish_common(sum0, common, zero_point);
		second = (int8_t)tflm_finish_common(sum1, common, zero_point);
	} else {
		first = tflm_finish_any(stage, ratio, sum0);
		second = tflm_finish_any(stage, ratio, sum1);
	}
	output[distance] = second;
	output[0] = first;
}

void tflm_conv_2d_multiply(const tflm_convolution *op, const tflm_fast_ratio *ratios, const void *windows,
	uint32_t length, int8_t *output, uint32_t distance)
{
	const int8_t *filter = op->weights;
	int32_t zero_point = op->stage.zero_point;
	for (uint32_t o = 0; o < op->out_channels; o += FILTERS, filter += FILTERS * length) {
		/* Filters that there are not are the last one again. */
		uint32_t rest = op->out_channels - o, last = rest < FILTERS ? rest - 1 : FILTERS - 1;
		int32_t sums[FILTERS][TFLM_CONV_WINDOWS];
		multiply(windows, filter, filter + (last < 1 ? last : 1) * length, filter + (last < 2 ? last : 2) * length,
			filter + last * length, length, sums);
		for (uint32_t i = 0; i <= last; i++) {
			int32_t bias = tflm_bias_of(&op->stage, o + i);
			finish(&op->stage, zero_point, bias, &ratios[o + i], sums[i], output + o + i, distance);
		}
	}
}
#endif
