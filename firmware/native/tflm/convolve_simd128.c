#include "convolve_simd128.h"
#if TFLM_SIMD128
#include "image_simd128.h"
#include "product_simd128.h"

/* A line of a window is contiguous in the image, unless there are gaps between its cells. */
static tflm_product shape_of(const tflm_sweep *s, uint32_t in_channels, uint32_t out_channels)
{
	uint32_t runs = s->dilation_x == 1 ? 1 : s->width;
	return (tflm_product){
		.pixels = (uint32_t)s->out_height * s->out_width, .channels = out_channels,
		.rows = s->height * runs, .run = s->width / runs * in_channels,
	};
}

void tflm_convolve_needs(const tflm_sweep *s, uint32_t in_channels, uint32_t out_channels, tflm_needs *needs)
{
	tflm_product shape = shape_of(s, in_channels, out_channels);
	tflm_image image = tflm_image_of(s, in_channels);
	uint32_t packed = tflm_product_bytes(&shape), workspace = tflm_image_bytes(&image);
	if (!packed || !workspace) return;
	needs->packed = packed;
	needs->workspace = workspace;
}

void tflm_convolve_pack(const tflm_sweep *s, uint32_t in_channels, uint32_t out_channels,
	const tflm_output_stage *stage, const int8_t *weights, uint32_t channel_step, uint32_t value_step, void *packed)
{
	tflm_product shape = shape_of(s, in_channels, out_channels);
	tflm_image image = tflm_image_of(s, in_channels);
	tflm_product *product = tflm_make_product(&shape, stage, weights, channel_step, value_step, packed);
	uint32_t runs = shape.rows / s->height, end = (shape.run + 1) / 2 * 2;
	tflm_window_offsets(&image, s, product->offsets);
	for (uint32_t i = 0; i + 1 < shape.rows; i++) {
		uint32_t cells = s->dilation_x;
		if ((i + 1) % runs == 0) cells = s->dilation_y * image.width - (runs - 1) * s->dilation_x;
		product->skips[i] = (int32_t)(cells * in_channels - end);
	}
}

void tflm_convolve(const void *packed, const tflm_sweep *s, uint32_t in_channels, int32_t zero_point,
	const int8_t *input, void *workspace, int8_t *output)
{
	const tflm_product *product = packed;
	tflm_image image = tflm_image_of(s, in_channels);
	tflm_fill_border(&image, s, workspace);
	for (uint32_t b = 0; b < s->batches; b++) {
		tflm_fill_image(&image, s, input, in_channels, in_channels, zero_point, workspace);
		tflm_multiply(product, workspace, output);
		input += (uint32_t)s->in_height * s->in_width * in_channels;
		output += product->pixels * product->channels;
	}
}
#endif
