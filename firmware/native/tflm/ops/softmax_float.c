/* SOFTMAX in float32. */
#include "../float_math.h"
#include "softmax.h"

void tflm_softmax_run_float(const void *data)
{
	const tflm_softmax_data *op = data;
	const float *x = op->input;
	float *y = op->output;
	for (uint32_t row = 0; row < op->rows; row++, x += op->depth, y += op->depth) {
		float largest = x[0], sum = 0;
		for (uint32_t c = 1; c < op->depth; c++) largest = x[c] > largest ? x[c] : largest;
		for (uint32_t c = 0; c < op->depth; c++) {
			y[c] = tflm_expf((x[c] - largest) * op->beta);
			sum += y[c];
		}
		for (uint32_t c = 0; c < op->depth; c++) y[c] /= sum;
	}
}
