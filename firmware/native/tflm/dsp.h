/* What the DSP extension does with words of bytes and halves. Written in assembly where a compiler would spend registers
   on what it believes to save. */
#ifndef DSP_EXTENSION_H
#define DSP_EXTENSION_H
#include "target.h"
#if TFLM_DSP
#include <arm_acle.h>
#include <stdint.h>
#include <string.h>

/* Four values, or weights, widened to 16 bits: those at 0 and 2 in the halves of a word, those at 1 and 3 in another. */
typedef struct {
	int16x2_t even, odd;
} tflm_four;

/* Four bytes at any address, which loads of single words may have. */
static inline uint32_t tflm_word_at(const int8_t *bytes)
{
	uint32_t word;
	memcpy(&word, bytes, sizeof word);
	return word;
}

static inline int16x2_t tflm_even_bytes(uint32_t word)
{
	return __sxtb16((int8x4_t)word);
}

static inline int16x2_t tflm_odd_bytes(uint32_t word)
{
	int16x2_t halves;
	__asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(word));
	return halves;
}

/* The bytes of a word less the value in both halves of `zeros`. */
static inline tflm_four tflm_widen(uint32_t word, int16x2_t zeros)
{
	return (tflm_four){__ssub16(tflm_even_bytes(word), zeros), __ssub16(tflm_odd_bytes(word), zeros)};
}

/* The same value in both halves. */
static inline int16x2_t tflm_both_halves(int16_t value)
{
	return (int16x2_t)((uint32_t)(uint16_t)value * 0x10001u);
}
#endif
#endif
