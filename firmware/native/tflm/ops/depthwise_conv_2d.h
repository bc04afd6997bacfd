/* What the versions of DEPTHWISE_CONV_2D in int8 share. */
#ifndef DEPTHWISE_CONV_2D_H
#define DEPTHWISE_CONV_2D_H
#include "../output_stage.h"
#include "../target.h"
#include "../window.h"

typedef struct {
	const int8_t *input, *weights; /* weights: [1, height, width, out channel] */
	int8_t *output;
	const void *packed;             /* on hosts, see operators.h; NULL: none */
	void *workspace;
	uint32_t in_channels, multiplier;
	int16_t zero_point;
	tflm_sweep sweep;
	tflm_output_stage stage;
} tflm_depthwise;

#if TFLM_SIMD128
/* Adds to needs->packed and needs->workspace; fills op->packed; runs with it. */
void tflm_depthwise_conv_2d_needs_simd128(const tflm_node *node, const tflm_sweep *sweep, tflm_needs *needs);
void tflm_depthwise_conv_2d_pack_simd128(const tflm_depthwise *op, void *packed);
void tflm_depthwise_conv_2d_run_simd128(const tflm_depthwise *op);
#endif
#if TFLM_DSP
void tflm_depthwise_conv_2d_run_dsp(const tflm_depthwise *op);
#endif
#if TFLM_SCALAR
void tflm_depthwise_conv_2d_run_scalar(const tflm_depthwise *op);
#endif
#endif
