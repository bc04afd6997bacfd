/* ADD in int8: both inputs are brought to a common scale, 2^-20 of twice the larger one, added and brought to the output's.
   As tensorflow/lite/kernels/internal/reference/integer_ops/add.h. */
#include "../broadcast.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };
enum { LEFT_SHIFT = 20 };

typedef struct {
	const int8_t *a, *b;
	int8_t *output;
	tflm_ratio ratio_a, ratio_b, ratio_output;
	int16_t zero_a, zero_b, zero_output;
	int8_t low, high;
	uint8_t rounding;
	tflm_broadcast broadcast;
} addition;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

/* -1 when a ratio is not below 1, which TFLite refuses as well. */
static int ratios_of(const tflm_node *node, tflm_ratio *a, tflm_ratio *b, tflm_ratio *output)
{
	double scale_a = (double)node->input[0].scale, scale_b = (double)node->input[1].scale;
	double twice = 2 * (scale_a > scale_b ? scale_a : scale_b);
	double real = twice / ((double)(1 << LEFT_SHIFT) * (double)node->output.scale);
	if (real >= 1) return -1;
	return tflm_make_ratio(scale_a / twice, a) || tflm_make_ratio(scale_b / twice, b) || tflm_make_ratio(real, output);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_ratio a, b, output;
	tflm_broadcast broadcast;
	int32_t low, high;
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	TFLM_TRY(tflm_need_int8(node, &node->input[1]));
	TFLM_TRY(tflm_need_int8(node, &node->output));
	TFLM_TRY(tflm_make_broadcast(node, &broadcast));
	if (ratios_of(node, &a, &b, &output)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	if (tflm_activation_range(activation(node), &node->output, &low, &high)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation(node));
	}
	needs->data = sizeof(addition);
	return TFLM_OK;
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	addition *op = data;
	int32_t low, high;
	(void)scratch;
	op->a = tflm_values(&node->input[0]);
	op->b = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	(void)ratios_of(node, &op->ratio_a, &op->ratio_b, &op->ratio_output);
	op->zero_a = (int16_t)node->input[0].zero_point;
	op->zero_b = (int16_t)node->input[1].zero_point;
	op->zero_output = (int16_t)node->output.zero_point;
	(void)tflm_activation_range(activation(node), &node->output, &low, &high);
	op->low = (int8_t)low;
	op->high = (int8_t)high;
	op->rounding = (uint8_t)rounding;
	(void)tflm_make_broadcast(node, &op->broadcast);
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
		int32_t x = rescale((*a - op->zero_a) * (1 << LEFT_SHIFT), op->ratio_a, op->rounding);
		int32_t y = rescale((*b - op->zero_b) * (1 << LEFT_SHIFT), op->ratio_b, op->rounding);
		int32_t sum = rescale(x + y, op->ratio_output, op->rounding);
		output[i] = tflm_to_int8(sum, op->zero_output, op->low, op->high);
	}
}

static void run(const void *data)
{
	const addition *op = data;
	tflm_for_each_run(&op->broadcast, op, add_run, op->a, op->b, op->output);
}

const tflm_operator tflm_add = {
	.name = "ADD", .code = 0, .options_type = 11, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2,
	.check = check, .prepare = prepare, .run = run,
};
