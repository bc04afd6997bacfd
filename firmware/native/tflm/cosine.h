/* Twiddle factors: the bits that kiss_fft computes in double precision, without it. */
#ifndef COSINE_H
#define COSINE_H
#include <stdint.h>

/* The most `bits` may be; the least is 2. */
enum { TFLM_COSINE_BITS = 12 };

/* cos(2 pi k / 2^bits) times 2^15 - 1 or 2^31 - 1, rounded; any k. That of 15 bits is quick up to 10 bits of k. */
int16_t tflm_cosine15(uint32_t k, int bits);
int32_t tflm_cosine31(uint32_t k, int bits);
#endif
