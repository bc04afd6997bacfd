/* SVDF, a rank-1 factored layer over time. Each filter sees one number of the present input (its product with
   the feature weights) and remembers the last `memory` of them; the time weights sum these, and `rank` filters
   make one output. */
#ifndef SVDF_H
#define SVDF_H
#include "../operators.h"

/* Shapes: input [batches, inputs], features [filters, inputs], times [filters, memory], bias [units],
   state [batches, filters * memory], oldest first; filters = units * rank. */
typedef struct {
	const void *input, *features, *times, *bias; /* bias: NULL when left out */
	void *state, *output;
	uint32_t batches, inputs, units, rank, memory;
} tflm_svdf_shape;

/* ops/svdf_float.c: types and activation of a float32 node, whose shapes have been checked. */
tflm_code tflm_svdf_check_float(const tflm_node *node, int32_t activation, tflm_needs *needs);
tflm_run tflm_svdf_prepare_float(const tflm_node *node, int32_t activation, void *data);
/* Tensors and shapes. */
void tflm_svdf_prepare(const tflm_node *node, tflm_svdf_shape *op);
#endif
