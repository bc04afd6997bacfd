/* SignalRfft and SignalIrfft: the Fourier transform of real signals and back, as kiss_fft (kiss_fft.c,
   kiss_fftr.c) does it in int16, int32 and float32. 2^bits real values are taken as half as many complex ones,
   these are transformed by stages of radix 4 (the first one of radix 2 when their number is no power of 4), and
   the spectrum is made of the result. It is all done in the output's own memory. */
#ifndef SIGNAL_FFT_H
#define SIGNAL_FFT_H
#include "../operators.h"

typedef struct {
	const void *input;
	void *output;
	uint32_t rows;
	uint16_t length; /* values of an input row; samples are followed by zeros up to 2^bits */
	uint8_t bits, type, inverse;
} tflm_fft;

/* Checks and prepares one of the two; for the inverse, input and output change places. */
tflm_code tflm_check_fft(const tflm_node *node, int inverse, tflm_needs *needs);
tflm_run tflm_prepare_fft(const tflm_node *node, int inverse, void *data);
#endif
