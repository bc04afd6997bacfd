/* The spectrum of a band's envelope: what beats, knocks or rolls inside the noise of a machine. */
#ifndef ENVELOPE_H
#define ENVELOPE_H
#include <stdint.h>

/* Lines 0..2 of an envelope's spectrum hold its mean, spread by the window. */
enum { ENVELOPE_FIRST = 3 };

/* log2 of the size that envelope_of needs for a band of count lines and envelope lines up to top. */
int envelope_log2(int count, int top);

/* work holds what fft_real left of n samples under a Hann window. Takes the band of lines first..first + count - 1
   (0 < first, first + count <= n / 2) and leaves the spectrum of its squared envelope, in the form of fft_real of
   size 2^log2m, at the same spacing of lines as the signal's spectrum; correct up to line 2^log2m - count.
   2^log2m is 64..n / 2. All lines share one unknown scale: set them against line 0. */
void envelope_of(int32_t *work, int first, int count, int log2m);
#endif
