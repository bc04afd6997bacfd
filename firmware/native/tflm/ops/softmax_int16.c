/* SOFTMAX in int16. TFLite has two tables of 513 entries in RAM for it, e^x from -10 to 0 and 1 / (1 + x) from 0 to 1,
   with straight lines between their points. Here the two entries that a line needs are computed when it is needed: a
   softmax has few elements, and 2 KB of tables cost more than the time.
   As tensorflow/lite/kernels/internal/reference/softmax.h, and gen_lut of tensorflow/lite/kernels/internal/common.h. */
#include "../float_math.h"
#include "softmax.h"

enum { POINTS = 512 };
/* Terms are below 2^15, and their sum must be below 2^31. */
enum { MAX_DEPTH = 65535 };

tflm_code tflm_softmax_check_int16(const tflm_node *node, float beta, tflm_ratio *ratio)
{
	const tflm_tensor *input = &node->input[0];
	uint32_t depth = (uint32_t)input->dims[input->rank - 1];
	if (depth > MAX_DEPTH) return tflm_fail(node, TFLM_BAD_SHAPE, input, (int32_t)depth);
	/* To steps of 10 / 65535. TFLite computes this in double precision; float32 holds beta * 6553.5 as long as beta has no
	   more than 10 bits. */
	if (!tflm_make_ratio(input->scale, beta * 6553.5f, 1, 0, ratio)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0);
}

/* The functions at half points, of which there are 2 * POINTS. In float32, as TFLite computes them. */
static float exp_at(int32_t half)
{
	return tflm_expf((float)(half - 2 * POINTS) * (10.0f / (2 * POINTS)));
}

static float reciprocal_at(int32_t half)
{
	return 1 / (1 + (float)half / (2 * POINTS));
}

/* A table's entry in Q0.15: half of what a straight line to the next point is above the function in its middle is taken
   off. All steps are rounded, as TFLite's are. */
static int32_t entry_at(float (*at)(int32_t half), int32_t point)
{
	float first = (float)tflm_round(at(2 * point) * 32768);
	int32_t line = tflm_round((at(2 * point + 2) * 32768 + first) / 2);
	int32_t error = line - tflm_round(at(2 * point + 1) * 32768);
	int32_t entry = (int32_t)first - (error + (error < 0 ? -1 : 1)) / 2;
	return entry > INT16_MAX ? INT16_MAX : entry;
}

/* The table's function for x from -2^15 on, where its first point is. */
static int32_t look_up(float (*at)(int32_t half), int32_t x)
{
	x = tflm_clamp(x, INT16_MIN, INT16_MAX) - INT16_MIN;
	int32_t from = entry_at(at, x >> 7), to = entry_at(at, (x >> 7) + 1);
	return from + (((to - from) * (x & 127) + 64) >> 7);
}

void tflm_softmax_run_int16(const void *data)
{
	const tflm_softmax_data *op = data;
	const int16_t *x = op->input;
	int16_t *y = op->output;
	for (uint32_t row = 0; row < op->rows; row++, x += op->depth, y += op->depth) {
		int32_t largest = INT16_MIN, sum = 0;
		for (uint32_t c = 0; c < op->depth; c++) largest = x[c] > largest ? x[c] : largest;
		for (uint32_t c = 0; c < op->depth; c++) {
			int32_t difference = x[c] - largest;
			if (difference < op->least) difference = op->least;
			int32_t scaled = tflm_rescale_call(difference, op->multiplier, op->shift, op->rounding);
			y[c] = (int16_t)look_up(exp_at, scaled < -65535 ? INT16_MIN : scaled + INT16_MAX);
			sum += y[c];
		}
		/* sum = (1 + fraction) * 2^exponent, with the fraction in [0, 1) in steps of 2^-16 */
		int exponent = 30;
		while (!(sum >> 30)) sum *= 2, exponent--;
		int32_t fraction = ((sum >> 13) + 1) >> 1;
		int32_t reciprocal = look_up(reciprocal_at, fraction - (1 << 16) + INT16_MIN);
		for (uint32_t c = 0; c < op->depth; c++) {
			y[c] = (int16_t)tflm_clamp((y[c] * reciprocal + (1 << (exponent - 1))) >> exponent, 0, INT16_MAX);
		}
	}
}
