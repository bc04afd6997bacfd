/* A recursive band-pass of second order on integers. */
#ifndef FILTER_H
#define FILTER_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
	int32_t gain, back1, back2; /* Q28: y = gain (x - x2) + back1 y1 - back2 y2 */
	int32_t x1, x2, y1, y2;
} band_pass;

/* Unit gain at the geometric mean of low and high (Hz, 0 < low < high <= rate / 2), -3 dB about at the edges: the bilinear
   transform's BPF of R. Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients". */
band_pass band_pass_of(int32_t low, int32_t high, int32_t rate);

/* Forgets what it has heard. */
void band_pass_clear(band_pass *f);

/* The sum of the squares of what two of them, one behind the other, leave of the samples shifted left by bits (1..8). */
uint64_t band_pass_energy(band_pass *two, const int16_t *samples, size_t count, int bits);
#endif
