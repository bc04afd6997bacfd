/* Words of bytes and halves on the DSP extension, for the operators' versions for it. */
#ifndef DSP_EXTENSION_H
#define DSP_EXTENSION_H
#include "target.h"
#if TFLM_DSP
#include <arm_acle.h>
#include <stdint.h>
#include <string.h>

/* Four bytes at any address, which loads of single words may have. */
static inline uint32_t tflm_word_at(const int8_t *bytes)
{
	uint32_t word;
	memcpy(&word, bytes, sizeof word);
	return word;
}

/* Bytes 0 and 2 of a word, widened to the halves of another. */
static inline int16x2_t tflm_even_bytes(uint32_t word)
{
	return __sxtb16((int8x4_t)word);
}

/* Bytes 1 and 3. */
static inline int16x2_t tflm_odd_bytes(uint32_t word)
{
	int16x2_t halves;
	__asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(word));
	return halves;
}

/* The same value in both halves. */
static inline int16x2_t tflm_both_halves(int16_t value)
{
	return (int16x2_t)((uint32_t)(uint16_t)value * 0x10001u);
}

/* sum + product of the low (b), high (t) halves. */
static inline int32_t tflm_add_low(int16x2_t a, int16x2_t b, int32_t sum)
{
	return __smlabb(a, b, sum);
}

static inline int32_t tflm_add_high(int16x2_t a, int16x2_t b, int32_t sum)
{
	return __smlatt(a, b, sum);
}
#endif
#endif
