/* CONV_2D in int8 with vectors of 128 bits. */
#include "conv_2d.h"
#if TFLM_SIMD128
#include "../convolve_simd128.h"
#include "../output_stage_simd128.h"

void tflm_conv_2d_needs_simd128(const tflm_node *node, const tflm_sweep *sweep, tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[1];
	if (!tflm_can_pack(node)) return;
	tflm_convolve_needs(sweep, (uint32_t)weights->dims[3], (uint32_t)weights->dims[0], needs);
}

void tflm_conv_2d_pack_simd128(const tflm_convolution *op, void *packed)
{
	uint32_t length = op->sweep.height * op->sweep.width * op->in_channels;
	tflm_convolve_pack(&op->sweep, op->in_channels, op->out_channels, &op->stage, op->weights, length, 1, packed);
}

void tflm_conv_2d_run_simd128(const tflm_convolution *op)
{
	tflm_convolve(op->packed, &op->sweep, op->in_channels, op->zero_point, op->input, op->workspace, op->output);
}
#endif
