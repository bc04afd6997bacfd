/* An image in int16, less its zero point, with the border that a convolution's windows look at: what the inner loops of
   convolutions read. It is made at each run in the workspace, at a few thousandths of the convolution's cost. */
#ifndef IMAGE_SIMD128_H
#define IMAGE_SIMD128_H
#include "target.h"
#include "window.h"
#if TFLM_SIMD128

typedef struct {
	uint32_t height, width, channels; /* with the border */
} tflm_image;

/* All that windows look at. */
tflm_image tflm_image_of(const tflm_sweep *sweep, uint32_t channels);
/* Bytes of the image and a vector behind it; 0 when it is too much. */
uint32_t tflm_image_bytes(const tflm_image *image);
/* Zeroes around the image, and up to 7 values more behind each of its lines: to be written before the image. */
void tflm_fill_border(const tflm_image *image, const tflm_sweep *sweep, int16_t *values);
/* Of one batch: `count` channels of each pixel, of which the input has one every `step` bytes. Where the image has more
   channels, they stay as they are. */
void tflm_fill_image(const tflm_image *image, const tflm_sweep *sweep, const int8_t *input, uint32_t step,
	uint32_t count, int32_t zero_point, int16_t *values);
/* Offsets of the first value of each output pixel's window. */
void tflm_window_offsets(const tflm_image *image, const tflm_sweep *sweep, uint32_t *offsets);
/* int8 to int16, less the zero point. */
void tflm_widen(const int8_t *from, uint32_t count, int32_t zero_point, int16_t *to);
#endif
#endif
