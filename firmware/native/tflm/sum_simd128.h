/* ADD and SUB in int8 with vectors of 128 bits. */
#ifndef SUM_SIMD128_H
#define SUM_SIMD128_H
#include "broadcast.h"
#include "target.h"
#if TFLM_SIMD128

/* For a tflm_binary whose ratios are those of sum.c. */
void tflm_run_sum_simd128(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count);
#endif
#endif
