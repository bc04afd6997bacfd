/* FULLY_CONNECTED in int8 with vectors of 128 bits, as a matrix product whose pixels are the batches (see
   product_simd128.h). */
#include "fully_connected.h"
#if TFLM_SIMD128
#include "../image_simd128.h"
#include "../product_simd128.h"

enum { MOST_VALUES = 1 << 22 };

/* Values from a batch to the next. */
static uint32_t step_of(uint32_t inputs)
{
	return (inputs + TFLM_LANES - 1) / TFLM_LANES * TFLM_LANES;
}

static tflm_product shape_of(uint32_t batches, uint32_t inputs, uint32_t outputs)
{
	return (tflm_product){.pixels = batches, .channels = outputs, .rows = 1, .run = inputs};
}

void tflm_fully_connected_needs_simd128(const tflm_node *node, tflm_needs *needs)
{
	uint32_t inputs = (uint32_t)node->input[1].dims[1], batches = node->input[0].elements / inputs;
	tflm_product shape = shape_of(batches, inputs, (uint32_t)node->input[1].dims[0]);
	uint64_t values = (uint64_t)batches * step_of(inputs);
	uint32_t packed = tflm_product_bytes(&shape);
	if (!packed || values > MOST_VALUES || !tflm_can_pack(node)) return;
	needs->packed = packed;
	needs->workspace = (uint32_t)values * (uint32_t)sizeof(int16_t);
}

void tflm_fully_connected_pack_simd128(const tflm_dense *op, void *packed)
{
	tflm_product shape = shape_of(op->batches, op->inputs, op->outputs);
	tflm_product *product = tflm_make_product(&shape, &op->stage, op->weights, op->inputs, 1, packed);
	for (uint32_t b = 0; b < op->batches; b++) product->offsets[b] = b * step_of(op->inputs);
}

void tflm_fully_connected_run_simd128(const tflm_dense *op)
{
	int16_t *values = op->workspace;
	for (uint32_t b = 0; b < op->batches; b++) {
		tflm_widen(op->input + b * op->inputs, op->inputs, op->zero_point, values + b * step_of(op->inputs));
	}
	tflm_multiply(op->packed, values, op->output);
}
#endif
