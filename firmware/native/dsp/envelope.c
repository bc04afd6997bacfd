/* The lines of a band, moved down to zero and transformed back, are the band's analytic signal at a lower rate: its
   squared modulus is the squared envelope. No filter has to be designed, none rings, nothing is aliased as it would be
   by rectifying, and the memory is that of the signal's own spectrum.

   The Hann window comes along and stands squared over the envelope. Its transform has the five lines -2..2 and no
   others: the mean stays within lines 0..2. A transform forwards in place of one backwards reverses time, which the
   modulus of a spectrum does not see. */
#include "envelope.h"
#include "fft.h"
#include "fixed.h"

int envelope_log2(int count, int top)
{
	int log2m = bit_length((uint32_t)(count + top) - 1);
	return log2m < FFT_MIN_LOG2 ? FFT_MIN_LOG2 : log2m;
}

static uint64_t power_at(const int32_t *pair)
{
	return (uint64_t)((int64_t)pair[0] * pair[0] + (int64_t)pair[1] * pair[1]);
}

void envelope_of(int32_t *work, int first, int count, int log2m)
{
	int m = 1 << log2m;
	uint32_t peak = 0;
	for (int i = 0; i < 2 * count; i++) {
		work[i] = work[i + 2 * first];
		uint32_t magnitude = (uint32_t)(work[i] < 0 ? -work[i] : work[i]);
		peak = magnitude > peak ? magnitude : peak;
	}
	for (int i = 2 * count; i < 2 * m; i++)
		work[i] = 0;
	/* a modulus is at most sqrt 2 of its parts: one bit */
	int drop = bit_length(peak) - (29 - log2m);
	for (int i = 0; i < 2 * count; i++)
		work[i] = drop > 0 ? (int32_t)round_shift(work[i], drop) : work[i] * (1 << -drop);
	fft_complex(work, log2m);

	uint64_t most = 0;
	for (int i = 0; i < m; i++) {
		uint64_t power = power_at(work + 2 * i);
		most = power > most ? power : most;
	}
	drop = bit_length(most) - (29 - log2m);
	for (int i = 0; i < m; i++) {
		uint64_t power = power_at(work + 2 * i);
		work[i] = (int32_t)(drop > 0 ? round_shift((int64_t)power, drop) : (int64_t)(power << -drop));
	}
	fft_real(work, log2m);
}
