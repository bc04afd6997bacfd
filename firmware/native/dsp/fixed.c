/* The logarithm comes out bit by bit: squaring a number in [1, 2) doubles its logarithm, and whether the square reaches
   2 is the next bit. No table, and the error is the last bit's alone: errors of early squarings are halved with every
   later bit. */
#include "fixed.h"

int bit_length(uint64_t value)
{
	return value ? 64 - __builtin_clzll(value) : 0;
}

int32_t log2_q16(uint64_t value)
{
	int top = bit_length(value) - 1;
	uint32_t y = (uint32_t)((value << (63 - top)) >> 32);
	uint32_t bits = (uint32_t)top;
	for (int i = 0; i < 17; i++) {
		uint64_t square = (uint64_t)y * y;
		uint32_t bit = (uint32_t)(square >> 63);
		bits = bits << 1 | bit;
		y = (uint32_t)(square >> (31 + bit));
	}
	return (int32_t)((bits + 1) >> 1);
}

uint32_t root_u64(uint64_t value)
{
	uint64_t root = 0;
	uint64_t bit = (uint64_t)1 << 62;
	while (bit > value)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (value >= root + bit) {
			value -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return (uint32_t)root;
}

int8_t feature_byte(int32_t log_q16, int32_t scale_q16, int32_t offset_q16)
{
	int64_t value = round_shift((int64_t)log_q16 * scale_q16 + (int64_t)offset_q16 * 65536, 32);
	return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}
