/* The cells of a window side by side, which makes of a convolution's sums plain products of rows. */
#ifndef GATHER_H
#define GATHER_H
#include "window.h"

/* Writes the window's cells, of `channels` bytes each, to row; those outside of the image as `outside`. The window's
   first cell is at (y, x) of the image. */
void tflm_gather(const tflm_sweep *sweep, const int8_t *image, uint32_t channels, int32_t y, int32_t x, int8_t outside,
	int8_t *row);
#endif
