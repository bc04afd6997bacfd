/* FULLY_CONNECTED in int8 for any machine. */
#include "fully_connected.h"
#if TFLM_SCALAR
#include "../dot.h"

enum { BLOCK = 32 };

void tflm_fully_connected_run_scalar(const tflm_dense *op)
{
	for (uint32_t first = 0; first < op->outputs; first += BLOCK) {
		uint32_t rows = op->outputs - first < BLOCK ? op->outputs - first : BLOCK, sums[BLOCK];
		int32_t multipliers[BLOCK];
		int8_t shifts[BLOCK];
		tflm_ratios_of(&op->stage, first, rows, multipliers, shifts);
		for (uint32_t b = 0; b < op->batches; b++) {
			int8_t *output = op->output + b * op->outputs + first;
			tflm_dot_rows(op->input + b * op->inputs, -op->zero_point, op->weights + first * op->inputs, op->inputs, rows, sums);
			for (uint32_t i = 0; i < rows; i++) {
				output[i] = tflm_finish(&op->stage, first + i, sums[i], multipliers[i], shifts[i]);
			}
		}
	}
}
#endif
