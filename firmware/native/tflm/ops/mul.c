/* MUL in int8: the product of both inputs' steps, rescaled. As tensorflow/lite/kernels/internal/reference/integer_ops/
   mul.h. */
#include "../broadcast.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };

typedef struct {
	tflm_binary binary;
	tflm_ratio ratio;
} product;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, node->input[1].scale, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio ratio;
	TFLM_TRY(tflm_check_binary(node, activation(node)));
	if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	needs->data = sizeof(product);
	return TFLM_OK;
}

static void multiply_run(const void *data, const int8_t *a, uint32_t step_a, const int8_t *b, uint32_t step_b,
	int8_t *output, uint32_t count)
{
	const product *op = data;
	for (uint32_t i = 0; i < count; i++, a += step_a, b += step_b) {
		int32_t steps = (*a - op->binary.zero_a) * (*b - op->binary.zero_b);
		int32_t value = tflm_rescale(steps, op->ratio.multiplier, op->ratio.shift, op->binary.rounding);
		output[i] = tflm_to_int8(value, op->binary.zero_output, op->binary.low, op->binary.high);
	}
}

static void run(const void *data)
{
	tflm_for_each_run(data, multiply_run);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	product *op = data;
	tflm_prepare_binary(node, activation(node), &op->binary);
	(void)ratio_of(node, &op->ratio);
	return run;
}

const tflm_operator tflm_mul = {
	.name = "MUL", .code = 18, .options_type = 21, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
