/* Fourier transforms of int32 in place, and the window before them. Sizes are powers of two, given as log2. */
#ifndef FFT_H
#define FFT_H
#include <stdint.h>

enum { FFT_MIN_LOG2 = 6, FFT_MAX_LOG2 = 12 };

/* Inputs must not exceed this in magnitude (a complex input in its modulus): then nothing can overflow. */
#define FFT_LIMIT(log2n) ((int32_t)1 << (30 - (log2n)))

/* X[k] = sum x[i] exp(-2 pi i k / n) of 2^log2n complex numbers (re, im pairs), log2n 5..11; not scaled. */
void fft_complex(int32_t *data, int log2n);

/* The same of 2^log2n real numbers, log2n 6..12. Afterwards data[0] is X[0], data[1] is X[n/2], and data[2k],
   data[2k+1] are the real and imaginary part of X[k]. */
void fft_real(int32_t *data, int log2n);

/* |X[k]|^2 of what fft_real left, k in 0..n/2. The sum over all k is below 2^60. */
uint64_t fft_power(const int32_t *data, int log2n, int k);

/* Block floating point: multiplies data[0..count) by a Hann window, 1/2 - 1/2 cos(2 pi i / count), and by the power of
   two that brings the peak of the product to between a half and the whole of FFT_LIMIT(log2n); fills up to 2^log2n with
   zeros. |data| must be below 2^30. Returns the exponent e: what is left is window * input * 2^e. */
int fft_window(int32_t *data, int count, int log2n);
#endif
