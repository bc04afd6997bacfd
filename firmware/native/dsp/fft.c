/* Samples have 16 bits, words have 32, and a transform of n points grows by at most n <= 2^12: so there is room to
   scale a block once, before the transform, and never inside it. Rounding noise then stays some 140 dB below the
   block's peak whatever its level, and every output of a block shares one exponent. */
#include "fft.h"
#include "fixed.h"
#include "sine.h"

/* cos and sin of pi * i / 2048, i in 0..2047 */
static inline int32_t cosine_at(int i)
{
	return i <= SINE_QUARTER ? sine_quarter[SINE_QUARTER - i] : -sine_quarter[i - SINE_QUARTER];
}

static inline int32_t sine_at(int i)
{
	return i <= SINE_QUARTER ? sine_quarter[i] : sine_quarter[2 * SINE_QUARTER - i];
}

static void reverse_bits(int32_t *data, int n)
{
	for (int i = 1, j = 0; i < n; i++) {
		int bit = n >> 1;
		for (; j & bit; bit >>= 1)
			j ^= bit;
		j ^= bit;
		if (i < j) {
			int32_t re = data[2 * i], im = data[2 * i + 1];
			data[2 * i] = data[2 * j];
			data[2 * i + 1] = data[2 * j + 1];
			data[2 * j] = re;
			data[2 * j + 1] = im;
		}
	}
}

/* (a, b) becomes (a + b w, a - b w) with w = c - i s. */
static inline void butterfly(int32_t *a, int32_t *b, int32_t c, int32_t s)
{
	int32_t re = (int32_t)round_shift((int64_t)b[0] * c + (int64_t)b[1] * s, 30);
	int32_t im = (int32_t)round_shift((int64_t)b[1] * c - (int64_t)b[0] * s, 30);
	b[0] = a[0] - re;
	b[1] = a[1] - im;
	a[0] += re;
	a[1] += im;
}

/* The first two passes, whose factors are 1 and -i, at once. */
static void first_passes(int32_t *data, int n)
{
	for (int32_t *a = data; a < data + 2 * n; a += 8) {
		int32_t sum_re = a[0] + a[2], sum_im = a[1] + a[3], dif_re = a[0] - a[2], dif_im = a[1] - a[3];
		int32_t more_re = a[4] + a[6], more_im = a[5] + a[7], less_re = a[4] - a[6], less_im = a[5] - a[7];
		a[0] = sum_re + more_re;
		a[1] = sum_im + more_im;
		a[2] = dif_re + less_im;
		a[3] = dif_im - less_re;
		a[4] = sum_re - more_re;
		a[5] = sum_im - more_im;
		a[6] = dif_re - less_im;
		a[7] = dif_im + less_re;
	}
}

void fft_complex(int32_t *data, int log2n)
{
	int n = 1 << log2n;
	reverse_bits(data, n);
	first_passes(data, n);
	for (int half = 4; half < n; half <<= 1) {
		int step = 2 * SINE_QUARTER / half;
		for (int32_t *a = data; a < data + 2 * n; a += 4 * half) {
			int32_t *b = a + 2 * half;
			/* the second half's factors are the first half's times -i */
			const int32_t *c = sine_quarter + SINE_QUARTER, *s = sine_quarter;
			for (int j = 0; j < half; j += 2, c -= step, s += step) {
				butterfly(a + j, b + j, *c, *s);
				butterfly(a + j + half, b + j + half, -*s, *c);
			}
		}
	}
}

/* Even samples are the real parts and odd ones the imaginary parts of a complex signal of half the length; the symmetry
   of real signals' spectra tells the two apart again: X[k] = E[k] + exp(-2 pi i k / n) O[k]. */
void fft_real(int32_t *data, int log2n)
{
	int half = 1 << (log2n - 1);
	int step = 2 * SINE_QUARTER / half;
	fft_complex(data, log2n - 1);
	int32_t re = data[0], im = data[1];
	data[0] = re + im;
	data[1] = re - im;
	for (int k = 1; k <= half / 2; k++) {
		int32_t *p = data + 2 * k, *q = data + 2 * (half - k);
		int64_t even_re = (int64_t)p[0] + q[0], even_im = (int64_t)p[1] - q[1];
		int64_t odd_re = (int64_t)p[1] + q[1], odd_im = (int64_t)q[0] - p[0];
		int32_t c = cosine_at(k * step), s = sine_at(k * step);
		int64_t turned_re = round_shift(odd_re * c + odd_im * s, 30);
		int64_t turned_im = round_shift(odd_im * c - odd_re * s, 30);
		p[0] = (int32_t)round_shift(even_re + turned_re, 1);
		p[1] = (int32_t)round_shift(even_im + turned_im, 1);
		q[0] = (int32_t)round_shift(even_re - turned_re, 1);
		q[1] = (int32_t)round_shift(turned_im - even_im, 1);
	}
}

uint64_t fft_power(const int32_t *data, int log2n, int k)
{
	int64_t re, im;
	if (k == 0 || k == 1 << (log2n - 1)) {
		re = data[k == 0 ? 0 : 1];
		im = 0;
	} else {
		re = data[2 * k];
		im = data[2 * k + 1];
	}
	return (uint64_t)(re * re) + (uint64_t)(im * im);
}

int fft_window(int32_t *data, int count, int log2n)
{
	uint32_t peak = 0;
	uint64_t turn = 0, step = ((uint64_t)1 << 48) / (uint32_t)count; /* 2^48 is a whole turn */
	for (int i = 0; i < count; i++, turn += step) {
		int64_t weight = ((int64_t)(1 << 30) - cosine_q30((uint32_t)(turn >> 16))) >> 1;
		data[i] = (int32_t)round_shift(data[i] * weight, 30);
		uint32_t magnitude = (uint32_t)(data[i] < 0 ? -data[i] : data[i]);
		peak = magnitude > peak ? magnitude : peak;
	}
	int exponent = 30 - log2n - bit_length(peak);
	for (int i = 0; i < count; i++)
		data[i] = exponent < 0 ? (int32_t)round_shift(data[i], -exponent) : data[i] * (1 << exponent);
	for (int i = count; i < 1 << log2n; i++)
		data[i] = 0;
	return exponent;
}
