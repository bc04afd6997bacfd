/* CONV_2D in int8 on the DSP extension, whose SMLAD adds two products of int16 to a sum. Weights are taken apart by
   SXTB16, so windows are laid out in the order which that makes: of each four values of both windows first those at 0
   and 2, then those at 1 and 3. With two filters at once each load serves twice: 16 products in 16 instructions. */
#include "conv_2d.h"
#if TFLM_DSP
#include "../four.h"

/* Four values each of two windows: those at 0 and 2 of both, then those at 1 and 3. */
typedef struct {
	int16x2_t even[TFLM_CONV_WINDOWS], odd[TFLM_CONV_WINDOWS];
} quad;

void tflm_conv_2d_widen(const int8_t *row, uint32_t length, int16_t zero_point, void *windows, uint32_t side)
{
	quad *quads = windows;
	for (; length >= 4; length -= 4, row += 4, quads++) {
		tflm_four four = tflm_widen(row, zero_point);
		quads->even[side] = four.even;
		quads->odd[side] = four.odd;
	}
	int16_t *values = (int16_t *)quads + 2 * side;
	for (uint32_t i = 0; i < length; i++) values[(i & 1) * 4 + (i >> 1)] = (int16_t)(row[i] - zero_point);
}

/* Four values of two filters with those of two windows, and steps on. */
#define MULTIPLY_QUAD \
	"ldr %[b], [%[filter], %[distance]]\n\t" \
	"ldr %[a], [%[filter]], #4\n\t" \
	"ldrd %[x], %[y], [%[quads]], #8\n\t" \
	"sxtb16 %[t], %[a]\n\t" \
	"smlad %[s00], %[x], %[t], %[s00]\n\t" \
	"smlad %[s01], %[y], %[t], %[s01]\n\t" \
	"sxtb16 %[t], %[b]\n\t" \
	"smlad %[s10], %[x], %[t], %[s10]\n\t" \
	"smlad %[s11], %[y], %[t], %[s11]\n\t" \
	"ldrd %[x], %[y], [%[quads]], #8\n\t" \
	"sxtb16 %[a], %[a], ror #8\n\t" \
	"smlad %[s00], %[x], %[a], %[s00]\n\t" \
	"smlad %[s01], %[y], %[a], %[s01]\n\t" \
	"sxtb16 %[b], %[b], ror #8\n\t" \
	"smlad %[s10], %[x], %[b], %[s10]\n\t" \
	"smlad %[s11], %[y], %[b], %[s11]\n\t"

/* Adds to sums[filter][window] the products of two filters, `distance` bytes apart, and two windows. */
__attribute__((always_inline)) static inline void multiply(const quad *quads, const int8_t *filter, uint32_t distance,
	uint32_t length, int32_t sums[2][2])
{
	int32_t s00 = sums[0][0], s01 = sums[0][1], s10 = sums[1][0], s11 = sums[1][1];
	uint32_t count = length / 8, a, b, t, x, y;
	if (count) {
		__asm__ volatile(
			"1:\n\t" MULTIPLY_QUAD MULTIPLY_QUAD "subs %[count], #1\n\tbne 1b"
			: [s00] "+r"(s00), [s01] "+r"(s01), [s10] "+r"(s10), [s11] "+r"(s11), [filter] "+r"(filter),
			  [quads] "+r"(quads), [count] "+r"(count), [a] "=&r"(a), [b] "=&r"(b), [t] "=&r"(t), [x] "=&r"(x),
			  [y] "=&r"(y)
			: [distance] "r"(distance)
			: "cc", "memory");
	}
	if (length & 4) {
		__asm__ volatile(
			MULTIPLY_QUAD
			: [s00] "+r"(s00), [s01] "+r"(s01), [s10] "+r"(s10), [s11] "+r"(s11), [filter] "+r"(filter),
			  [quads] "+r"(quads), [a] "=&r"(a), [b] "=&r"(b), [t] "=&r"(t), [x] "=&r"(x), [y] "=&r"(y)
			: [distance] "r"(distance)
			: "memory");
	}
	for (uint32_t i = 0; i < length % 4; i++, filter++) {
		const int16_t *values = (const int16_t *)quads + (i & 1) * 4 + (i >> 1);
		s00 += values[0] * filter[0], s01 += values[2] * filter[0];
		s10 += values[0] * filter[distance], s11 += values[2] * filter[distance];
	}
	sums[0][0] = s00, sums[0][1] = s01, sums[1][0] = s10, sums[1][1] = s11;
}

/* A channel of two output cells, `distance` bytes apart. */
static inline void finish(const tflm_output_stage *stage, int32_t zero_point, const tflm_fast_ratio *ratio,
	const int32_t sums[2], int8_t *output, uint32_t distance)
{
	tflm_fast_ratio common = *ratio;
	if (common.right >= 0) {
		output[distance] = (int8_t)tflm_finish_common(sums[1], common, zero_point);
		output[0] = (int8_t)tflm_finish_common(sums[0], common, zero_point);
	} else {
		output[distance] = tflm_finish_any(stage, ratio, sums[1]);
		output[0] = tflm_finish_any(stage, ratio, sums[0]);
	}
}

void tflm_conv_2d_multiply(const tflm_convolution *op, const tflm_fast_ratio *ratio, const void *windows,
	uint32_t length, int8_t *output, uint32_t distance)
{
	const int8_t *filter = op->weights, *end = output + op->out_channels;
	const int32_t *bias = op->stage.bias;
	int32_t zero_point = op->stage.zero_point;
	for (; output < end; output += 2, ratio += 2, filter += 2 * length) {
		uint32_t other = output + 1 < end; /* 0: an odd last channel, computed twice */
		int32_t sums[2][2] = {{0}};
		if (bias) {
			sums[0][0] = sums[0][1] = bias[0];
			sums[1][0] = sums[1][1] = bias[other];
			bias += 2;
		}
		multiply(windows, filter, other * length, length, sums);
		finish(&op->stage, zero_point, ratio, sums[0], output, distance);
		if (other) finish(&op->stage, zero_point, ratio + 1, sums[1], output + 1, distance);
	}
}
#endif
