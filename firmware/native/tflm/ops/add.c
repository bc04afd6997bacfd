/* ADD in int8: both inputs are brought to a common scale, 2^-20 of twice the larger one, added and brought to the output's.
   As tensorflow/lite/kernels/internal/reference/integer_ops/add.h. */
#include "../broadcast.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };
enum { LEFT_SHIFT = 20 };

typedef struct {
	tflm_binary binary;
	tflm_ratio ratio_a, ratio_b, ratio_output;
} addition;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

/* -1 when a ratio is not below 1, which TFLite refuses as well. */
static int ratios_of(const tflm_node *node, tflm_ratio *a, tflm_ratio *b, tflm_ratio *output)
{
	float scale_a = node->input[0].scale, scale_b = node->input[1].scale, larger = scale_a > scale_b ? scale_a : scale_b;
	if (tflm_make_ratio(larger, 1, node->output.scale, 1 - LEFT_SHIFT, output) || output->shift > 0) return -1;
	return tflm_make_ratio(scale_a, 1, larger, -1, a) || tflm_make_ratio(scale_b, 1, larger, -1, b);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio a, b, output;
	TFLM_TRY(tflm_check_binary(node, activation(node)));
	if (ratios_of(node, &a, &b, &output)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	needs->data = sizeof(addition);
	return TFLM_OK;
}

static int32_t rescale(int32_t x, tflm_ratio ratio, tflm_rounding rounding)
{
	return tflm_rescale(x, ratio.multiplier, ratio.shift, rounding);
}

static void add_run(const void *data, const int8_t *a, uint32_t step_a, const int8_t *b, uint32_t step_b, int8_t *output,
	uint32_t count)
{
	const addition *op = data;
	for (uint32_t i = 0; i < count; i++, a += step_a, b += step_b) {
		int32_t x = rescale((*a - op->binary.zero_a) * (1 << LEFT_SHIFT), op->ratio_a, op->binary.rounding);
		int32_t y = rescale((*b - op->binary.zero_b) * (1 << LEFT_SHIFT), op->ratio_b, op->binary.rounding);
		int32_t sum = rescale(x + y, op->ratio_output, op->binary.rounding);
		output[i] = tflm_to_int8(sum, op->binary.zero_output, op->binary.low, op->binary.high);
	}
}

static void run(const void *data)
{
	tflm_for_each_run(data, add_run);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	addition *op = data;
	tflm_prepare_binary(node, activation(node), &op->binary);
	(void)ratios_of(node, &op->ratio_a, &op->ratio_b, &op->ratio_output);
	return run;
}

const tflm_operator tflm_add = {
	.name = "ADD", .code = 0, .options_type = 11, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
