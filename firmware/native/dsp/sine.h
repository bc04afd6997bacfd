/* Sine and cosine without a libm: 1.0 is 2^30, a turn is 2^32. */
#ifndef SINE_H
#define SINE_H
#include <stdint.h>

enum { SINE_QUARTER = 1024 };

/* sin(pi/2 * i/1024) for i in 0..1024, Q30, rounded to nearest. */
extern const int32_t sine_quarter[SINE_QUARTER + 1];

/* sin(2 pi turn / 2^32) in Q30, within 3e-7; exact to the table at multiples of 2^20. */
int32_t sine_q30(uint32_t turn);
int32_t cosine_q30(uint32_t turn);
#endif
