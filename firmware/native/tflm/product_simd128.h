/* Matrix products in int8, of CONV_2D and FULLY_CONNECTED: each output is the dot product of a pixel's window and a
   channel's weights.

   The image is in int16 with its zero point subtracted and its border filled (image_simd128.h), so a window is `rows`
   runs of contiguous values, and nothing is gathered. i32x4.dot_i16x8 multiplies eight pairs of int16 and adds
   neighbours: one load spreads a pair of a pixel's values over a vector, and the weights are packed once as [block of 8
   channels][row] [pair][channel][2] in int8, which is widened by the load. A tile of 4 pixels by 8 channels keeps its 8
   vectors of sums in registers, of which a 64-bit PC has 16. */
#ifndef PRODUCT_SIMD128_H
#define PRODUCT_SIMD128_H
#include "output_stage_simd128.h"
#if TFLM_SIMD128

typedef struct {
	uint32_t pixels, channels;
	uint32_t rows, run;       /* runs of a window, and values of a run */
	uint32_t *offsets;        /* of each pixel's window in the image, in values; filled up to a multiple of 4 of them */
	int32_t *skips;           /* values from the end of each run, of even length, to the start of the next */
	const tflm_lanes *lanes;
	const int8_t *weights;
} tflm_product;

/* A product is made of its first four fields in so much memory, header included; a multiple of 16, 0 when it is too
   much. */
uint32_t tflm_product_bytes(const tflm_product *shape);
/* Places the parts of a product into memory of that size. Its offsets and skips are zero, to be set by the caller. The
   weight of value `i` of a window is weights[channel * channel_step + i * value_step]. */
tflm_product *tflm_make_product(const tflm_product *shape, const tflm_output_stage *stage, const int8_t *weights,
	uint32_t channel_step, uint32_t value_step, void *memory);

/* Output is [pixel][channel]. Up to one value behind the image's last window is read. */
void tflm_multiply(const tflm_product *product, const int16_t *image, int8_t *output);
#endif
#endif
