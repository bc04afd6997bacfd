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

/* What every int8 operator of two inputs needs at run time; the operator's own data follows. */
typedef struct {
	const int8_t *a, *b;
	int8_t *output;
	int16_t zero_a, zero_b, zero_output;
	int8_t low, high; /* the activation's range */
	uint8_t rounding;
	tflm_broadcast broadcast;
} tflm_binary;

/* Types, shapes and activation; `activation` is the schema's value. */
tflm_code tflm_check_binary(const tflm_node *node, int32_t activation);
void tflm_prepare_binary(const tflm_node *node, int32_t activation, tflm_binary *binary);

/* Of the node's first two inputs; shape-mismatch when they do not go together or the output has another shape. */
tflm_code tflm_make_broadcast(const tflm_node *node, tflm_broadcast *broadcast);

/* Calls `run` for each run of `count` outputs, whose inputs step by 0 or 1 from a[0] and b[0]; `data` begins with a
   tflm_binary. */
typedef void (*tflm_binary_run)(const void *data, const int8_t *a, uint32_t step_a, const int8_t *b, uint32_t step_b,
	int8_t *output, uint32_t count);
void tflm_for_each_run(const void *data, tflm_binary_run run);
#endif
