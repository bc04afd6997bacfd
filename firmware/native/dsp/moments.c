/* Fourth powers of 28 bits have 112, so squares are first brought to 25 bits under the window's peak: the sum of their
   squares then fits 64 exactly, and what rounding leaves is 3e-8 of the peak's square. */
#include "moments.h"
#include "fixed.h"

/* Shifts left, or right with rounding. */
static uint64_t shifted(uint64_t value, int left)
{
	if (left >= 0)
		return value << left;
	return left < -62 ? 0 : (uint64_t)round_shift((int64_t)value, -left);
}

/* 2^log2n * fourth / second^2 in Q16: both brought to full words, divided, and brought back. */
static uint32_t kurtosis_of(uint64_t fourth, uint64_t second, int log2n)
{
	int up = 63 - bit_length(fourth), norm = 31 - bit_length(second);
	uint64_t root = shifted(second, norm);
	uint64_t quotient = (fourth << up) / (root * root >> 31);
	return (uint32_t)shifted(quotient, 16 + log2n - up + 2 * norm - 31);
}

moments moments_of(const int32_t *deviation, int log2n)
{
	int n = 1 << log2n;
	uint32_t peak = 0;
	for (int i = 0; i < n; i++) {
		uint32_t magnitude = (uint32_t)(deviation[i] < 0 ? -deviation[i] : deviation[i]);
		peak = magnitude > peak ? magnitude : peak;
	}
	if (peak == 0)
		return (moments){ 0, 0, 0 };
	int drop = bit_length((uint64_t)peak * peak) - 25;
	if (drop < 0)
		drop = 0;
	uint64_t second = 0, fourth = 0;
	for (int i = 0; i < n; i++) {
		uint64_t square = shifted((uint64_t)((int64_t)deviation[i] * deviation[i]), -drop);
		second += square;
		fourth += square * square;
	}
	/* Q26, so that the root is rounded in Q12 */
	uint64_t mean_square = shifted(second, drop + 2 - log2n);
	uint32_t rms = (root_u64(mean_square) + 1) >> 1;
	if (rms == 0)
		return (moments){ 0, 0, 0 };
	uint32_t crest = (uint32_t)((((uint64_t)peak << 16) + rms / 2) / rms);
	return (moments){ rms, kurtosis_of(fourth, second, log2n), crest };
}
