/* SOFTMAX in int8 over the last dimension: e^(x - max) in Q0.31, summed in Q12.19, and divided by way of the sum's
   reciprocal. As tensorflow/lite/kernels/internal/reference/softmax.h. */
#include "../operators.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_BETA };
enum { EXPONENT_BITS = 5, SUM_BITS = 12 };
/* Each term is at most 1, and the sum must stay below 2^12. */
enum { MAX_DEPTH = (1 << SUM_BITS) - 1 };

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t rows, depth;
	int32_t multiplier, least; /* differences below `least` count as nothing */
	int8_t shift;
	uint8_t rounding;
} softmax;

/* From differences of inputs to Q5.26, as PreprocessSoftmaxScaling. */
static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	float beta = tflm_field_f32(node->model, node->options, OPTION_BETA, 0);
	if (tflm_make_ratio(beta, node->input[0].scale, 1, 31 - EXPONENT_BITS, ratio)) {
		if (!(beta > 0)) return -1;
		/* Beyond this every difference means nothing anyway. */
		*ratio = (tflm_ratio){INT32_MAX, 30};
	}
	return ratio->shift > 0 ? 0 : -1;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_int8(node, input));
	TFLM_TRY(tflm_need_int8(node, output));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	if (!input->rank || input->dims[input->rank - 1] > MAX_DEPTH) {
		return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank ? input->dims[input->rank - 1] : 0);
	}
	/* What TFLite fixes: the output covers [0, 1). */
	if (output->zero_point != -128 || output->scale != 1.0f / 256) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
	}
	if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0);
	needs->data = sizeof(softmax);
	return TFLM_OK;
}

static int32_t exp_of(const softmax *op, int32_t difference)
{
	return tflm_exp_of_negative(tflm_rescale(difference, op->multiplier, op->shift, op->rounding), EXPONENT_BITS);
}

static void run(const void *data)
{
	const softmax *op = data;
	for (uint32_t row = 0; row < op->rows; row++) {
		const int8_t *x = op->input + row * op->depth;
		int8_t *y = op->output + row * op->depth;
		int32_t largest = -128, sum = 0;
		for (uint32_t c = 0; c < op->depth; c++) largest = x[c] > largest ? x[c] : largest;
		for (uint32_t c = 0; c < op->depth; c++) {
			if (x[c] - largest >= op->least) sum += tflm_divide_by_power(exp_of(op, x[c] - largest), SUM_BITS);
		}
		int exponent;
		int32_t reciprocal = tflm_reciprocal((uint32_t)sum, &exponent);
		exponent += SUM_BITS - 8;
		for (uint32_t c = 0; c < op->depth; c++) {
			int32_t value = 0;
			/* 2^-32 and less: TFLite stops there, but the quotient is simply nothing. */
			if (x[c] - largest >= op->least && exponent <= 31) {
				value = tflm_divide_by_power(tflm_high_product(reciprocal, exp_of(op, x[c] - largest)), exponent);
			}
			y[c] = (int8_t)tflm_clamp(value - 128, -128, 127);
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	softmax *op = data;
	tflm_ratio ratio;
	(void)ratio_of(node, &ratio);
	op->input = tflm_values(input);
	op->output = (int8_t *)node->output.data;
	op->depth = (uint32_t)input->dims[input->rank - 1];
	op->rows = input->elements / op->depth;
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->least = -tflm_input_radius(EXPONENT_BITS, ratio.shift);
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_softmax = {
	.name = "SOFTMAX", .code = 25, .options_type = 9, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
