/* Four int8 values side by side, such as channels of a cell or weights, widened to 16 bits, and their products. On the
   DSP extension SXTB16 takes bytes 0 and 2 of a word apart into two halves, and with a rotation bytes 1 and 3; loops
   over these are in assembly where a compiler would spend registers on what it believes to save. */
#ifndef FOUR_H
#define FOUR_H
#include "target.h"
#include <stdint.h>
#include <string.h>

#if TFLM_DSP
#include <arm_acle.h>

typedef struct {
	int16x2_t even, odd; /* values 0 and 2, values 1 and 3 */
} tflm_four;

/* Four bytes at any address. */
static inline tflm_four tflm_four_of(const int8_t *bytes)
{
	uint32_t word;
	int16x2_t odd;
	memcpy(&word, bytes, sizeof word);
	__asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(word));
	return (tflm_four){__sxtb16((int8x4_t)word), odd};
}

/* The same less the zero point. */
static inline tflm_four tflm_widen(const int8_t *bytes, int16_t zero_point)
{
	int16x2_t zeros = (int16x2_t)((uint32_t)(uint16_t)zero_point * 0x10001u);
	tflm_four four = tflm_four_of(bytes);
	return (tflm_four){__ssub16(four.even, zeros), __ssub16(four.odd, zeros)};
}

#define TFLM_ADD_TAP(at) \
	"ldrd %[x_even], %[x_odd], [%[x], #" #at "]\n\t" \
	"ldrd %[w_even], %[w_odd], [%[w], #" #at "]\n\t" \
	"smlabb %[s0], %[x_even], %[w_even], %[s0]\n\t" \
	"smlatt %[s2], %[x_even], %[w_even], %[s2]\n\t" \
	"smlabb %[s1], %[x_odd], %[w_odd], %[s1]\n\t" \
	"smlatt %[s3], %[x_odd], %[w_odd], %[s3]\n\t"

#define TFLM_ADD_TAPS(taps, count) \
	do { \
		int16x2_t x_even, x_odd, w_even, w_odd; \
		__asm__(taps \
			: [s0] "+r"(sums[0]), [s1] "+r"(sums[1]), [s2] "+r"(sums[2]), [s3] "+r"(sums[3]), [x_even] "=&r"(x_even), \
			  [x_odd] "=&r"(x_odd), [w_even] "=&r"(w_even), [w_odd] "=&r"(w_odd) \
			: [x] "r"(x), [w] "r"(w), "m"(*(const tflm_four(*)[count])x), "m"(*(const tflm_four(*)[count])w)); \
	} while (0)

/* sums[i] += x[i] * w[i] */
static inline void tflm_add_products(const tflm_four *x, const tflm_four *w, int32_t sums[4])
{
	TFLM_ADD_TAPS(TFLM_ADD_TAP(0), 1);
}

/* The same of three one after the other. */
static inline void tflm_add_three_products(const tflm_four *x, const tflm_four *w, int32_t sums[4])
{
	TFLM_ADD_TAPS(TFLM_ADD_TAP(0) TFLM_ADD_TAP(8) TFLM_ADD_TAP(16), 3);
}

/* sums[i] += x * bytes[i] */
static inline void tflm_add_scaled(int16_t x, const int8_t *bytes, int32_t sums[4])
{
	tflm_four w = tflm_four_of(bytes);
	sums[0] = __smlabb(x, w.even, sums[0]);
	sums[1] = __smlabb(x, w.odd, sums[1]);
	sums[2] = __smlabt(x, w.even, sums[2]);
	sums[3] = __smlabt(x, w.odd, sums[3]);
}
#else
typedef struct {
	int16_t of[4];
} tflm_four;

static inline tflm_four tflm_widen(const int8_t *bytes, int16_t zero_point)
{
	return (tflm_four){{
		(int16_t)(bytes[0] - zero_point), (int16_t)(bytes[1] - zero_point), (int16_t)(bytes[2] - zero_point),
		(int16_t)(bytes[3] - zero_point),
	}};
}

/* Sums are modulo 2^32. Behind each step they are held in registers: compilers would gather so many loads and products
   ahead of the additions that there are none left. */
#define TFLM_ADD_PRODUCTS(a0, a1, a2, a3, b0, b1, b2, b3) \
	do { \
		sums[0] = (int32_t)((uint32_t)sums[0] + (uint32_t)((a0) * (b0))); \
		sums[1] = (int32_t)((uint32_t)sums[1] + (uint32_t)((a1) * (b1))); \
		sums[2] = (int32_t)((uint32_t)sums[2] + (uint32_t)((a2) * (b2))); \
		sums[3] = (int32_t)((uint32_t)sums[3] + (uint32_t)((a3) * (b3))); \
		__asm__ volatile("" : "+r"(sums[0]), "+r"(sums[1]), "+r"(sums[2]), "+r"(sums[3])::"memory"); \
	} while (0)

static inline void tflm_add_products(const tflm_four *x, const tflm_four *w, int32_t sums[4])
{
	TFLM_ADD_PRODUCTS(x->of[0], x->of[1], x->of[2], x->of[3], w->of[0], w->of[1], w->of[2], w->of[3]);
}

static inline void tflm_add_three_products(const tflm_four *x, const tflm_four *w, int32_t sums[4])
{
	tflm_add_products(x, w, sums);
	tflm_add_products(x + 1, w + 1, sums);
	tflm_add_products(x + 2, w + 2, sums);
}

static inline void tflm_add_scaled(int16_t x, const int8_t *bytes, int32_t sums[4])
{
	TFLM_ADD_PRODUCTS(x, x, x, x, bytes[0], bytes[1], bytes[2], bytes[3]);
}
#endif
#endif
