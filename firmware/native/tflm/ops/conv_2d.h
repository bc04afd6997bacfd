/* What the versions of CONV_2D in int8 share. */
#ifndef CONV_2D_H
#define CONV_2D_H
#include "../requantize.h"
#include "../target.h"
#include "../window.h"

typedef struct {
	const int8_t *input;
	union {
		const int8_t *weights; /* [out channel, height, width, in channel] */
		const void *packed;    /* what the pack of a host's version has made of them */
	};
	int8_t *output;
	union {
		void *scratch; /* what tflm_conv_2d_scratch asks for */
		void *workspace; /* with packed */
	};
	uint32_t in_channels, out_channels;
	int16_t zero_point;
	tflm_sweep sweep;
	tflm_output_stage stage;
} tflm_convolution;

/* The fast versions gather windows so many at a time. */
enum { TFLM_CONV_WINDOWS = 2 };

/* Bytes of scratch of the fast versions: windows of int16, ratios, and a window of bytes unless the image is a row of
   windows already. The same on all targets, so that a model needs the same arena everywhere. */
uint32_t tflm_conv_2d_scratch(const tflm_node *node, const tflm_sweep *sweep);

#if TFLM_SIMD128
/* Adds to needs->packed and needs->workspace; fills `packed`; runs with it. */
void tflm_conv_2d_needs_simd128(const tflm_node *node, const tflm_sweep *sweep, tflm_needs *needs);
void tflm_conv_2d_pack_simd128(const tflm_convolution *op, void *packed);
void tflm_conv_2d_run_simd128(const tflm_convolution *op);
#endif
#if TFLM_FAST
/* For microcontrollers, ops/conv_2d_fast.c, with the two below, of which each target has its own. */
void tflm_conv_2d_run_fast(const tflm_convolution *op);
/* Widens a window's values to int16 and lays them out as window `side` (0, 1) of two. */
void tflm_conv_2d_widen(const int8_t *row, uint32_t length, int16_t zero_point, void *windows, uint32_t side);
/* All channels of two output cells, which lie `distance` bytes apart, or of the first alone when that is 0. */
void tflm_conv_2d_multiply(const tflm_convolution *op, const tflm_fast_ratio *ratios, const void *windows,
	uint32_t length, int8_t *output, uint32_t distance);
#endif
#endif
