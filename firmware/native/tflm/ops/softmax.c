/* SOFTMAX over the last dimension. Of int8 here, and the output may be int16: e^(x - max) in Q0.31, summed in Q12.19, and
   divided by way of the sum's reciprocal. As tensorflow/lite/kernels/internal/reference/softmax.h. */
#include "softmax.h"
#include "../reader.h"

enum { OPTION_BETA };
enum { EXPONENT_BITS = 5, SUM_BITS = 12 };
/* Each term is at most 1, and the sum must stay below 2^12. */
enum { MAX_DEPTH = (1 << SUM_BITS) - 1 };

static float beta(const tflm_node *node)
{
	return tflm_field_f32(node->model, node->options, OPTION_BETA, 0);
}

/* From differences of inputs to Q5.26, as PreprocessSoftmaxScaling. */
static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	if (tflm_make_ratio(beta(node), node->input[0].scale, 1, 31 - EXPONENT_BITS, ratio)) {
		if (!(beta(node) > 0)) return -1;
		/* Beyond this every difference means nothing anyway. */
		*ratio = (tflm_ratio){INT32_MAX, 30};
	}
	return ratio->shift > 0 ? 0 : -1;
}

/* What TFLite fixes: the output covers [0, 1]. */
static tflm_code need_scale(const tflm_node *node, float scale, int32_t zero_point)
{
	const tflm_tensor *output = &node->output;
	/* TFLite Micro lets int16 be a thousandth off. */
	float tolerance = output->type == TFLM_INT16 ? 0.001f * scale : 0, difference = output->scale - scale;
	if (output->zero_point == zero_point && difference <= tolerance && -difference <= tolerance) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	if (!input->rank) return tflm_fail(node, TFLM_BAD_SHAPE, input, 0);
	needs->data = sizeof(tflm_softmax_data);
	if (tflm_is_float32(input)) return tflm_need_type(node, output, TFLM_FLOAT32);
	TFLM_TRY(tflm_need_quantized(node, input));
	if (tflm_is_int16(input)) {
		TFLM_TRY(tflm_need_type(node, output, TFLM_INT16));
		TFLM_TRY(need_scale(node, 1.0f / 32768, 0));
		return tflm_softmax_check_int16(node, beta(node), &ratio);
	}
	if (!tflm_is_int16(output)) TFLM_TRY(tflm_need_type(node, output, TFLM_INT8));
	TFLM_TRY(tflm_is_int16(output) ? need_scale(node, 1.0f / 65536, -32768) : need_scale(node, 1.0f / 256, -128));
	int32_t depth = input->dims[input->rank - 1];
	if (depth > MAX_DEPTH) return tflm_fail(node, TFLM_BAD_SHAPE, input, depth);
	return ratio_of(node, &ratio) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0) : TFLM_OK;
}

static int32_t exp_of(const tflm_softmax_data *op, int32_t difference)
{
	return tflm_exp_of_negative(tflm_rescale_call(difference, op->multiplier, op->shift, op->rounding), EXPONENT_BITS);
}

static void run(const void *data)
{
	const tflm_softmax_data *op = data;
	const int8_t *x = op->input;
	int is_wide = op->output_type == TFLM_INT16;
	int32_t low, high;
	tflm_range_of(op->output_type, &low, &high);
	for (uint32_t i = 0; i < op->rows * op->depth; i += op->depth, x += op->depth) {
		int32_t largest = -128, sum = 0;
		for (uint32_t c = 0; c < op->depth; c++) largest = x[c] > largest ? x[c] : largest;
		for (uint32_t c = 0; c < op->depth; c++) {
			if (x[c] - largest >= op->least) sum += tflm_divide_by_power(exp_of(op, x[c] - largest), SUM_BITS);
		}
		int exponent;
		int32_t reciprocal = tflm_reciprocal((uint32_t)sum, &exponent);
		exponent += SUM_BITS - (is_wide ? 16 : 8);
		for (uint32_t c = 0; c < op->depth; c++) {
			int32_t value = 0;
			/* 2^-32 and less: TFLite stops there, but the quotient is simply nothing. */
			if (x[c] - largest >= op->least && exponent <= 31) {
				value = tflm_divide_by_power(tflm_high_product(reciprocal, exp_of(op, x[c] - largest)), exponent);
			}
			tflm_store(op->output_type, op->output, i + c, tflm_clamp(value + low, low, high));
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	tflm_softmax_data *op = data;
	tflm_ratio ratio;
	op->input = tflm_values(input);
	op->output = node->output.data;
	op->output_type = node->output.type;
	op->depth = (uint32_t)input->dims[input->rank - 1];
	op->rows = input->elements / op->depth;
	op->rounding = (uint8_t)node->rounding;
	if (tflm_is_float32(input)) {
		op->beta = beta(node);
		return tflm_softmax_run_float;
	}
	if (tflm_is_int16(input)) {
		(void)tflm_softmax_check_int16(node, beta(node), &ratio);
		op->least = ratio.shift > 0 ? -(INT32_MAX >> ratio.shift) : -65535;
	} else {
		(void)ratio_of(node, &ratio);
		op->least = -tflm_input_radius(EXPONENT_BITS, ratio.shift);
	}
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	return tflm_is_int16(input) ? tflm_softmax_run_int16 : run;
}

const tflm_operator tflm_softmax = {
	.name = "SOFTMAX", .code = 25, .options_type = 9, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
