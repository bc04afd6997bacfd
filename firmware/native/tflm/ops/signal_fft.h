/* SignalRfft and SignalIrfft: the Fourier transform of real signals and back, as kiss_fft (kiss_fft.c, kiss_fftr.c) does it
   in each type. 2^bits real values are taken as half as many complex ones, these are transformed by stages of radix 4
   (the first one of radix 2 when their number is no power of 4), and the spectrum is made of the result. It is all done in
   the output's own memory. */
#ifndef SIGNAL_FFT_H
#define SIGNAL_FFT_H
#include "../operators.h"

typedef struct {
	const void *input;
	void *output;
	uint32_t rows;
	uint16_t length; /* samples of a row: up to 2^bits, zeros behind them. Not for the inverse. */
	uint8_t bits;
} tflm_fft;

/* The functions of each type, made by signal_fft_body.h; data is a tflm_fft. */
void tflm_rfft_int16(const void *data);
void tflm_rfft_int32(const void *data);
void tflm_rfft_float(const void *data);
void tflm_irfft_int16(const void *data);
void tflm_irfft_int32(const void *data);
void tflm_irfft_float(const void *data);

/* Checks and prepares one of the two; for the inverse, input and output change places. */
tflm_code tflm_check_fft(const tflm_node *node, int inverse, tflm_needs *needs);
void tflm_prepare_fft(const tflm_node *node, int inverse, tflm_fft *op);

/* Where the n-th of 2^bits values goes before the first stage: its digits, the last of which is binary when `bits` is odd and
   all others quaternary, in the opposite order. */
static inline uint32_t tflm_reverse_digits(uint32_t n, int bits)
{
	uint32_t place = 0;
	while (bits) {
		int digit = bits > 1 ? 2 : 1;
		bits -= digit;
		place |= (n & ((1u << digit) - 1)) << bits;
		n >>= digit;
	}
	return place;
}
#endif
