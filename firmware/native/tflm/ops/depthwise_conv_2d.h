/* What the versions of DEPTHWISE_CONV_2D in int8 share. */
#ifndef DEPTHWISE_CONV_2D_H
#define DEPTHWISE_CONV_2D_H
#include "../output_stage.h"
#include "../target.h"
#include "../window.h"

typedef struct {
	const int8_t *input;
	union {
		const int8_t *weights; /* [1, height, width, out channel] */
		const void *packed;    /* what the pack of a host's version has made of them */
	};
	int8_t *output;
	union {
		void *scratch; /* what tflm_depthwise_conv_2d_scratch asks for */
		void *workspace; /* with packed */
	};
	uint32_t in_channels, multiplier;
	int16_t zero_point;
	tflm_sweep sweep;
	tflm_output_stage stage;
} tflm_depthwise;

/* The fast versions take channels with one filter each in blocks of four, for which the window's rows of the image are
   kept widened to int16 in scratch, with their padding. These are those rows, and the columns of each. */
enum { TFLM_DEPTHWISE_TAPS = 32, TFLM_DEPTHWISE_BLOCK = 4, TFLM_DEPTHWISE_RING = 16384 };

static inline uint32_t tflm_depthwise_rows(const tflm_sweep *sweep)
{
	return (sweep->height - 1u) * sweep->dilation_y + 1;
}

static inline uint32_t tflm_depthwise_columns(const tflm_sweep *sweep)
{
	return (sweep->out_width - 1u) * sweep->stride_x + (sweep->width - 1u) * sweep->dilation_x + 1;
}

/* Bytes of these rows; 0 when the fast versions gather the window of each output cell instead, because there are
   several filters a channel, many taps, or very long rows. */
uint32_t tflm_depthwise_ring(uint32_t multiplier, const tflm_sweep *sweep);

/* Bytes of scratch of the fast versions: the rows, or a window and the ratios of all filters. The same on all targets,
   so that a model needs the same arena everywhere. */
uint32_t tflm_depthwise_conv_2d_scratch(uint32_t filters, uint32_t multiplier, const tflm_sweep *sweep);

#if TFLM_SIMD128
/* Adds to needs->packed and needs->workspace; fills `packed`; runs with it. */
void tflm_depthwise_conv_2d_needs_simd128(const tflm_node *node, const tflm_sweep *sweep, tflm_needs *needs);
void tflm_depthwise_conv_2d_pack_simd128(const tflm_depthwise *op, void *packed);
void tflm_depthwise_conv_2d_run_simd128(const tflm_depthwise *op);
#endif
#if TFLM_FAST
/* For microcontrollers. */
void tflm_depthwise_conv_2d_run_fast(const tflm_depthwise *op);
#endif
#endif
