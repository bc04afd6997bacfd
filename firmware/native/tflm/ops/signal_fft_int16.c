/* The Fourier transforms of int16 samples: fractions of 2^15. */
#include "signal_fft.h"
#include "../cosine.h"

typedef int16_t scalar;
typedef int32_t product;

static inline scalar narrow(product x)
{
	return (scalar)((x + (1 << 14)) >> 15);
}

static inline scalar add(scalar a, scalar b)
{
	return (scalar)(a + b);
}

static inline scalar subtract(scalar a, scalar b)
{
	return (scalar)(a - b);
}

static inline scalar divide(scalar x, int n)
{
	return narrow(x * (INT16_MAX / n));
}

static inline scalar halve_sum(scalar a, scalar b)
{
	return (scalar)((a + b) >> 1);
}

static inline scalar halve_difference(scalar a, scalar b)
{
	return (scalar)((a - b) >> 1);
}

#define twiddle tflm_cosine15
#define finish(x, bits) (x)
#define RFFT tflm_rfft_int16
#define IRFFT tflm_irfft_int16
#include "signal_fft_body.h"
