/* Element-wise operators of two inputs: shapes are aligned at their last dimensions, and a dimension of 1 is repeated.
   Neighbouring dimensions that are repeated in the same way are merged, so that equal shapes become one run. */
#ifndef BROADCAST_H
#define BROADCAST_H
#include "operators.h"

typedef struct {
	uint32_t rank;
	/* Outermost first; steps in elements from one index to the next, 0 where an input is repeated. */
	uint32_t counts[TFLM_RANK], step_a[TFLM_RANK], step_b[TFLM_RANK];
} tflm_broadcast;

/* Of the node's first two inputs; shape-mismatch when they do not go together or the output has another shape. */
tflm_code tflm_make_broadcast(const tflm_node *node, tflm_broadcast *broadcast);

/* Calls `run` for each run of `count` outputs, whose inputs step by 0 or 1 from a[0] and b[0]. */
typedef void (*tflm_binary_run)(const void *data, const int8_t *a, uint32_t step_a, const int8_t *b, uint32_t step_b,
	int8_t *output, uint32_t count);
void tflm_for_each_run(const tflm_broadcast *broadcast, const void *data, tflm_binary_run run, const int8_t *a,
	const int8_t *b, int8_t *output);
#endif
