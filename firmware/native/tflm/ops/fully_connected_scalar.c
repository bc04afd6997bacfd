/* FULLY_CONNECTED in int8 for any machine: one input with as many rows of weights at once as there are registers for.
   It needs no scratch: networks of nothing else are those with the least RAM. */
#include "fully_connected.h"
#if TFLM_SCALAR
#include "../requantize.h"

enum { ROWS = 8 };

/* The `at`th input and all rows; sums are modulo 2^32. For the barrier see four.h. */
#define MULTIPLY(at) \
	do { \
		int32_t x = input[at] - zero_point; \
		s0 += (uint32_t)(x * w0[at]), s1 += (uint32_t)(x * w1[at]); \
		s2 += (uint32_t)(x * w2[at]), s3 += (uint32_t)(x * w3[at]); \
		s4 += (uint32_t)(x * w4[at]), s5 += (uint32_t)(x * w5[at]); \
		s6 += (uint32_t)(x * w6[at]), s7 += (uint32_t)(x * w7[at]); \
		__asm__ volatile("" \
			: "+r"(s0), "+r"(s1), "+r"(s2), "+r"(s3), "+r"(s4), "+r"(s5), "+r"(s6), "+r"(s7)::"memory"); \
	} while (0)

/* sums[i] of the rows of weights that begin at rows[i] */
static void multiply(const int8_t *input, int32_t zero_point, const int8_t *const rows[ROWS], uint32_t length,
	uint32_t sums[ROWS])
{
	const int8_t *w0 = rows[0], *w1 = rows[1], *w2 = rows[2], *w3 = rows[3];
	const int8_t *w4 = rows[4], *w5 = rows[5], *w6 = rows[6], *w7 = rows[7];
	uint32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
	for (const int8_t *end = input + length / 4 * 4; input != end; input += 4) {
		MULTIPLY(0);
		MULTIPLY(1);
		MULTIPLY(2);
		MULTIPLY(3);
		w0 += 4, w1 += 4, w2 += 4, w3 += 4, w4 += 4, w5 += 4, w6 += 4, w7 += 4;
	}
	for (uint32_t i = 0; i < length % 4; i++) MULTIPLY(i);
	sums[0] = s0, sums[1] = s1, sums[2] = s2, sums[3] = s3, sums[4] = s4, sums[5] = s5, sums[6] = s6, sums[7] = s7;
}

void tflm_fully_connected_run_scalar(const tflm_dense *op)
{
	const tflm_output_stage *stage = &op->stage;
	tflm_fast_ratio ratios[ROWS];
	for (uint32_t o = 0; o < op->outputs; o += ROWS) {
		uint32_t rest = op->outputs - o, rows = rest < ROWS ? rest : ROWS;
		const int8_t *weights[ROWS];
		/* Rows that there are not are the last one again. */
		for (uint32_t i = 0; i < ROWS; i++) weights[i] = op->weights + (o + (i < rows ? i : rows - 1)) * op->inputs;
		/* One ratio for all is found but once. */
		if (stage->scales) tflm_make_fast_ratios(stage, o, rows, ratios);
		else if (!o) tflm_make_fast_ratios(stage, 0, ROWS, ratios);
		for (uint32_t b = 0; b < op->batches; b++) {
			uint32_t sums[ROWS];
			int8_t *output = op->output + b * op->outputs + o;
			multiply(op->input + b * op->inputs, op->zero_point, weights, op->inputs, sums);
			for (uint32_t i = 0; i < rows; i++) {
				int32_t sum = (int32_t)(sums[i] + (uint32_t)tflm_bias_of(stage, o + i));
				output[i] = tflm_finish_fast(stage, &ratios[i], sum);
			}
		}
	}
}
#endif
