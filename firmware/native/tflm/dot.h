/* Dot products of int8 vectors: nearly all the time of a network goes here, so these loops are written for the compiler
   to turn into vector instructions. */
#ifndef DOT_H
#define DOT_H
#include <stdint.h>

/* sums[k] = sum over i of (x[i] + offset) * weights[k * length + i] for `rows` rows of weights, modulo 2^32.
   offset in [-127, 128]. */
void tflm_dot_rows(const int8_t *x, int32_t offset, const int8_t *weights, uint32_t length, uint32_t rows,
	uint32_t *sums);
#endif
