/* A convolution as a matrix product of windows and filters, for CONV_2D and for DEPTHWISE_CONV_2D of one input channel.
   */
#ifndef CONVOLVE_SIMD128_H
#define CONVOLVE_SIMD128_H
#include "operators.h"
#include "output_stage.h"
#include "target.h"
#include "window.h"
#if TFLM_SIMD128

/* Asks for memory, unless it would be too much. */
void tflm_convolve_needs(const tflm_sweep *sweep, uint32_t in_channels, uint32_t out_channels, tflm_needs *needs);
/* The weight of value `i` of a window, [height, width, in channel], is weights[channel * channel_step + i *
   value_step]. */
void tflm_convolve_pack(const tflm_sweep *sweep, uint32_t in_channels, uint32_t out_channels,
	const tflm_output_stage *stage, const int8_t *weights, uint32_t channel_step, uint32_t value_step, void *packed);
void tflm_convolve(const void *packed, const tflm_sweep *sweep, uint32_t in_channels, int32_t zero_point,
	const int8_t *input, void *workspace, int8_t *output);
#endif
#endif
