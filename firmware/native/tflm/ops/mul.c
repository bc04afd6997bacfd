/* MUL in int8: the product of both inputs' steps, rescaled. As tensorflow/lite/kernels/internal/reference/integer_ops/
   mul.h. */
#include "../broadcast.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };

typedef struct {
	const int8_t *a, *b;
	int8_t *output;
	tflm_ratio ratio;
	int16_t zero_a, zero_b, zero_output;
	int8_t low, high;
	uint8_t rounding;
	tflm_broadcast broadcast;
} product;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	double scales = (double)node->input[0].scale * (double)node->input[1].scale;
	return tflm_make_ratio(scales / (double)node->output.scale, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio ratio;
	tflm_broadcast broadcast;
	int32_t low, high;
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	TFLM_TRY(tflm_need_int8(node, &node->input[1]));
	TFLM_TRY(tflm_need_int8(node, &node->output));
	TFLM_TRY(tflm_make_broadcast(node, &broadcast));
	if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	if (tflm_activation_range(activation(node), &node->output, &low, &high)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation(node));
	}
	needs->data = sizeof(product);
	return TFLM_OK;
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	product *op = data;
	int32_t low, high;
	(void)scratch;
	op->a = tflm_values(&node->input[0]);
	op->b = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	(void)ratio_of(node, &op->ratio);
	op->zero_a = (int16_t)node->input[0].zero_point;
	op->zero_b = (int16_t)node->input[1].zero_point;
	op->zero_output = (int16_t)node->output.zero_point;
	(void)tflm_activation_range(activation(node), &node->output, &low, &high);
	op->low = (int8_t)low;
	op->high = (int8_t)high;
	op->rounding = (uint8_t)rounding;
	(void)tflm_make_broadcast(node, &op->broadcast);
}

static void multiply_run(const void *data, const int8_t *a, uint32_t step_a, const int8_t *b, uint32_t step_b,
	int8_t *output, uint32_t count)
{
	const product *op = data;
	for (uint32_t i = 0; i < count; i++, a += step_a, b += step_b) {
		int32_t steps = (*a - op->zero_a) * (*b - op->zero_b);
		int32_t value = tflm_rescale(steps, op->ratio.multiplier, op->ratio.shift, op->rounding);
		output[i] = tflm_to_int8(value, op->zero_output, op->low, op->high);
	}
}

static void run(const void *data)
{
	const product *op = data;
	tflm_for_each_run(&op->broadcast, op, multiply_run, op->a, op->b, op->output);
}

const tflm_operator tflm_mul = {
	.name = "MUL", .code = 18, .options_type = 21, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2,
	.check = check, .prepare = prepare, .run = run,
};
