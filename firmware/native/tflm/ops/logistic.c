/* LOGISTIC in int8: 1 / (1 + e^-x). As tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h. */
#include "../operators.h"
#include "../quantized.h"

enum { INPUT_BITS = 4 };

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t elements;
	int32_t multiplier, radius; /* inputs beyond the radius give 0 and 1 */
	int16_t zero_point;
	int8_t shift;
	uint8_t rounding;
} logistic;

/* From input steps to Q4.27. */
static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, 1, 31 - INPUT_BITS, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_int8(node, input));
	TFLM_TRY(tflm_need_int8(node, output));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	if (output->zero_point != -128) return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
	if (ratio_of(node, &ratio) || ratio.shift < 0) return tflm_fail(node, TFLM_BAD_QUANTIZATION, input, 0);
	needs->data = sizeof(logistic);
	return TFLM_OK;
}

static void run(const void *data)
{
	const logistic *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		int32_t x = op->input[i] - op->zero_point, y;
		if (x <= -op->radius) y = -128;
		else if (x >= op->radius) y = 127;
		else {
			int32_t real = tflm_logistic_of(tflm_rescale(x, op->multiplier, op->shift, op->rounding));
			y = tflm_clamp(tflm_divide_by_power(real, 23) - 128, -128, 127);
		}
		op->output[i] = (int8_t)y;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	logistic *op = data;
	tflm_ratio ratio;
	(void)ratio_of(node, &ratio);
	op->input = tflm_values(&node->input[0]);
	op->output = (int8_t *)node->output.data;
	op->elements = node->output.elements;
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->radius = tflm_input_radius(INPUT_BITS, ratio.shift);
	op->zero_point = (int16_t)node->input[0].zero_point;
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_logistic = {
	.name = "LOGISTIC", .code = 14, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
