#include "dot.h"

/* Four rows at a time, so that x is widened once for four products. The 16-bit intermediate tells the compiler that a
   16 x 16 bit multiply-add will do. */
static void four_rows(const int8_t *x, int16_t offset, const int8_t *weights, uint32_t length, uint32_t *sums)
{
	const int8_t *w0 = weights, *w1 = w0 + length, *w2 = w1 + length, *w3 = w2 + length;
	uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;
	for (uint32_t i = 0; i < length; i++) {
		int16_t value = (int16_t)(x[i] + offset);
		s0 += (uint32_t)(value * w0[i]);
		s1 += (uint32_t)(value * w1[i]);
		s2 += (uint32_t)(value * w2[i]);
		s3 += (uint32_t)(value * w3[i]);
	}
	sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3;
}

static uint32_t one_row(const int8_t *x, int16_t offset, const int8_t *weights, uint32_t length)
{
	uint32_t sum = 0;
	for (uint32_t i = 0; i < length; i++) sum += (uint32_t)((int16_t)(x[i] + offset) * weights[i]);
	return sum;
}

void tflm_dot_rows(const int8_t *x, int32_t offset, const int8_t *weights, uint32_t length, uint32_t rows,
	uint32_t *sums)
{
	uint32_t row = 0;
	for (; row + 4 <= rows; row += 4) four_rows(x, (int16_t)offset, weights + row * length, length, sums + row);
	for (; row < rows; row++) sums[row] = one_row(x, (int16_t)offset, weights + row * length, length);
}
