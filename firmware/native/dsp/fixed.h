/* The two irrational functions that features need, on integers alone. */
#ifndef FIXED_H
#define FIXED_H
#include <stdint.h>

/* log2(value) in Q16, within 0.6 of a unit (9e-6); value must not be 0. */
int32_t log2_q16(uint64_t value);

/* The square root of value, rounded down. */
uint32_t root_u64(uint64_t value);

/* Bits in value: 0 for 0, else floor(log2(value)) + 1. */
int bit_length(uint64_t value);

/* value * 2^-shift, rounded to nearest with halves up; shift 1..62. */
static inline int64_t round_shift(int64_t value, int shift)
{
	return (value + ((int64_t)1 << (shift - 1))) >> shift;
}

/* log2 in Q16 to a feature byte: log * scale + offset, both Q16, rounded to nearest and clamped to int8. */
int8_t feature_byte(int32_t log_q16, int32_t scale_q16, int32_t offset_q16);
#endif
