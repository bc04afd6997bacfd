/* The Fourier transforms of int32 samples: fractions of 2^31. */
#include "signal_fft.h"
#include "../cosine.h"

typedef int32_t scalar;
typedef int64_t product;

static inline scalar narrow(product x)
{
	return (scalar)((x + (1 << 30)) >> 31);
}

static inline scalar add(scalar a, scalar b)
{
	return (scalar)((uint32_t)a + (uint32_t)b);
}

static inline scalar subtract(scalar a, scalar b)
{
	return (scalar)((uint32_t)a - (uint32_t)b);
}

static inline scalar divide(scalar x, int n)
{
	return narrow((product)x * (INT32_MAX / n));
}

static inline scalar halve_sum(scalar a, scalar b)
{
	return add(a, b) >> 1;
}

static inline scalar halve_difference(scalar a, scalar b)
{
	return subtract(a, b) >> 1;
}

#define twiddle tflm_cosine31
#define finish(x, bits) (x)
#define RFFT tflm_rfft_int32
#define IRFFT tflm_irfft_int32
#include "signal_fft_body.h"
