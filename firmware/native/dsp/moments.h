/* Statistics of a window of samples around its mean. */
#ifndef MOMENTS_H
#define MOMENTS_H
#include <stdint.h>

typedef struct {
	uint32_t rms;      /* counts, Q12: sqrt(m2) */
	uint32_t kurtosis; /* Q16, Pearson's: m4 / m2^2, 3 for Gaussian noise, 1.5 for a sine */
	uint32_t crest;    /* Q16: peak / rms */
} moments;

/* Of 2^log2n deviations from the mean in Q12, at most 2^28 in magnitude; log2n up to 12. Zeros for a constant. */
moments moments_of(const int32_t *deviation, int log2n);
#endif
