/* ADD and SUB in int8 in a few instructions of a 32-bit machine: see requantize.h. */
#ifndef SUM_FAST_H
#define SUM_FAST_H
#include "broadcast.h"

/* Whether they can run with these ratios and this rounding. */
int tflm_has_fast_sum(const tflm_binary *op);
void tflm_run_sum_fast(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count);
#endif
