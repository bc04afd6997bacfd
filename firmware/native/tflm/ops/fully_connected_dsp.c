/* FULLY_CONNECTED in int8 on the DSP extension: four inputs are widened and multiplied with as many rows of weights as
   there are registers for. It needs no scratch: networks of nothing else are those with the least RAM. */
#include "fully_connected.h"
#if TFLM_DSP
#include "../requantize.h"
#include <arm_acle.h>

enum { ROWS = 3 };

/* Four values of a row, and those of the input in x_even and x_odd. */
#define ADD_ROW(address, sum) \
	"ldr %[w], [%[weights]" address "\n\t" \
	"sxtb16 %[t], %[w]\n\t" \
	"smlad %[" sum "], %[x_even], %[t], %[" sum "]\n\t" \
	"sxtb16 %[w], %[w], ror #8\n\t" \
	"smlad %[" sum "], %[x_odd], %[w], %[" sum "]\n\t"

/* Adds to sums the products of the input with a row of weights and with those `second` and `third` bytes behind it. */
__attribute__((always_inline)) static inline void add_rows(const int8_t *input, int16_t zero_point, uint32_t length,
	const int8_t *weights, uint32_t second, uint32_t third, int32_t sums[ROWS])
{
	int32_t s0 = sums[0], s1 = sums[1], s2 = sums[2];
	uint32_t count = length / 4, zeros = (uint32_t)(uint16_t)zero_point * 0x10001u, x_even, x_odd, w, t;
	if (count) {
		__asm__ volatile(
			"1:\n\t"
			"ldr %[x_odd], [%[input]], #4\n\t"
			"sxtb16 %[x_even], %[x_odd]\n\t"
			"sxtb16 %[x_odd], %[x_odd], ror #8\n\t"
			"ssub16 %[x_even], %[x_even], %[zeros]\n\t"
			"ssub16 %[x_odd], %[x_odd], %[zeros]\n\t"
			ADD_ROW(", %[second]]", "s1")
			ADD_ROW(", %[third]]", "s2")
			ADD_ROW("], #4", "s0")
			"subs %[count], #1\n\t"
			"bne 1b"
			: [s0] "+r"(s0), [s1] "+r"(s1), [s2] "+r"(s2), [input] "+r"(input), [weights] "+r"(weights),
			  [count] "+r"(count), [x_even] "=&r"(x_even), [x_odd] "=&r"(x_odd), [w] "=&r"(w), [t] "=&r"(t)
			: [second] "r"(second), [third] "r"(third), [zeros] "r"(zeros)
			: "cc", "memory");
	}
	for (uint32_t i = 0; i < length % 4; i++) {
		int32_t x = input[i] - zero_point;
		s0 += x * weights[i], s1 += x * weights[second + i], s2 += x * weights[third + i];
	}
	sums[0] = s0, sums[1] = s1, sums[2] = s2;
}

void tflm_fully_connected_run_dsp(const tflm_dense *op)
{
	const tflm_output_stage *stage = &op->stage;
	tflm_fast_ratio ratios[ROWS];
	for (uint32_t o = 0; o < op->outputs; o += ROWS) {
		uint32_t rows = op->outputs - o < ROWS ? op->outputs - o : ROWS;
		/* Rows that there are not are the first once more. */
		uint32_t second = rows > 1 ? op->inputs : 0, third = rows > 2 ? 2 * op->inputs : 0;
		/* One ratio for all is found but once. */
		if (stage->scales) tflm_make_fast_ratios(stage, o, rows, ratios);
		else if (!o) tflm_make_fast_ratios(stage, 0, ROWS, ratios);
		for (uint32_t b = 0; b < op->batches; b++) {
			int32_t sums[ROWS];
			int8_t *output = op->output + b * op->outputs + o;
			sums[0] = tflm_bias_of(stage, o);
			sums[1] = rows > 1 ? tflm_bias_of(stage, o + 1) : 0;
			sums[2] = rows > 2 ? tflm_bias_of(stage, o + 2) : 0;
			const int8_t *input = op->input + b * op->inputs, *weights = op->weights + o * op->inputs;
			add_rows(input, op->zero_point, op->inputs, weights, second, third, sums);
			output[0] = tflm_finish_fast(stage, &ratios[0], sums[0]);
			if (rows > 1) output[1] = tflm_finish_fast(stage, &ratios[1], sums[1]);
			if (rows > 2) output[2] = tflm_finish_fast(stage, &ratios[2], sums[2]);
		}
	}
}
#endif
