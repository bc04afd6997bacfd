/* FULLY_CONNECTED in int8 on the DSP extension: four inputs are widened and multiplied with as many rows of weights as
   there are registers for. It needs no scratch: networks of nothing else are those with the least RAM. */
#include "fully_connected.h"
#if TFLM_DSP
#include "../four.h"
#include "../requantize.h"

enum { ROWS = 3 };

/* Adds to sums the products of the input with a row of weights and with those `second` and `third` bytes behind it. */
static void multiply(const int8_t *input, int16_t zero_point, uint32_t length, const int8_t *weights, uint32_t second,
	uint32_t third, int32_t sums[ROWS])
{
	const int8_t *end = input + length / 4 * 4;
	int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2];
	for (; input != end; input += 4, weights += 4) {
		tflm_four x = tflm_widen(input, zero_point), w = tflm_widen(weights, 0);
		s0 = __smlad(x.odd, w.odd, __smlad(x.even, w.even, s0));
		w = tflm_widen(weights + second, 0);
		s1 = __smlad(x.odd, w.odd, __smlad(x.even, w.even, s1));
		w = tflm_widen(weights + third, 0);
		s2 = __smlad(x.odd, w.odd, __smlad(x.even, w.even, s2));
	}
	for (uint32_t i = 0; i < length % 4; i++) {
		int32_t value = input[i] - zero_point;
		s0 += value * weights[i], s1 += value * weights[second + i], s2 += value * weights[third + i];
	}
	sums[0] = s0, sums[1] = s1, sums[2] = s2;
}

void tflm_fully_connected_run_dsp(const tflm_dense *op)
{
	for (uint32_t o = 0; o < op->outputs; o += ROWS) {
		tflm_fast_ratio ratios[ROWS];
		uint32_t rows = op->outputs - o < ROWS ? op->outputs - o : ROWS;
		tflm_make_fast_ratios(&op->stage, o, rows, ratios);
		/* Rows that there are not are the first once more. */
		uint32_t second = rows > 1 ? op->inputs : 0, third = rows > 2 ? 2 * op->inputs : 0;
		for (uint32_t b = 0; b < op->batches; b++) {
			int32_t sums[ROWS] = {0};
			for (uint32_t i = 0; i < rows; i++) sums[i] = tflm_bias_of(&op->stage, o + i);
			multiply(op->input + b * op->inputs, op->zero_point, op->inputs, op->weights + o * op->inputs, second, third, sums);
			for (uint32_t i = 0; i < rows; i++) {
				op->output[b * op->outputs + o + i] = tflm_finish_any(&op->stage, &ratios[i], sums[i]);
			}
		}
	}
}
#endif
