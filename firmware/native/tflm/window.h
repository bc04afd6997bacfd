/* The geometry of a window that slides over an image in steps: of convolutions and of pooling. */
#ifndef WINDOW_H
#define WINDOW_H
#include "operators.h"

typedef struct {
	int32_t height, width, stride_y, stride_x, dilation_y, dilation_x;
} tflm_window;

typedef struct {
	uint16_t batches, in_height, in_width, out_height, out_width;
	uint16_t height, width;
	uint16_t stride_y, stride_x, dilation_y, dilation_x;
	uint16_t pad_y, pad_x; /* rows above and columns to the left of the image, filled with zero */
} tflm_sweep;

/* Makes the sweep of a window over the node's first input, [batch, height, width, channel], and checks that it gives
   the output's first three dimensions. Padding of the schema: 0 SAME (as many outputs as there are steps over the
   image; the missing cells are split, the odd one after), 1 VALID (the window stays in the image). */
tflm_code tflm_make_sweep(const tflm_node *node, const tflm_window *window, int32_t padding, tflm_sweep *sweep);

/* The sweep of a convolution: its window is the weights' (input 1) second and third dimension; padding and strides are the
   options' first three fields, dilation of x and y those from `dilation_option` on. */
tflm_code tflm_convolution_sweep(const tflm_node *node, int32_t dilation_option, tflm_sweep *sweep);

/* Cells of the window (from, to) that lie in the image, when the window's first cell lies at `start`. */
static inline void tflm_visible(int32_t start, int32_t cells, int32_t dilation, int32_t image, int32_t *from,
	int32_t *to)
{
	*from = start < 0 ? (-start + dilation - 1) / dilation : 0;
	int32_t fitting = start < image ? (image - start + dilation - 1) / dilation : 0;
	*to = fitting < cells ? fitting : cells;
}
#endif
