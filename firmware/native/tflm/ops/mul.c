/* MUL; in int8 and int16 the product of both inputs' steps, rescaled.
   As tensorflow/lite/kernels/internal/reference/integer_ops/mul.h. */
#include "../arithmetic.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int is_quantized(const tflm_node *node)
{
	return node->output.type == TFLM_INT8 || node->output.type == TFLM_INT16;
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, node->input[1].scale, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const uint32_t types = 1u << TFLM_FLOAT32 | 1u << TFLM_INT8 | 1u << TFLM_INT16 | 1u << TFLM_INT32;
	tflm_ratio ratio;
	TFLM_TRY(tflm_check_binary(node, types, activation(node), needs));
	if (!is_quantized(node) || !ratio_of(node, &ratio)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
}

static void run(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b, void *output,
	uint32_t count)
{
	int is_wide = op->type == TFLM_INT16;
	for (uint32_t i = 0, j = 0, k = 0; i < count; i++, j += step_a, k += step_b) {
		int32_t x = is_wide ? ((const int16_t *)a)[j] : ((const int8_t *)a)[j] - op->zero_a;
		int32_t y = is_wide ? ((const int16_t *)b)[k] : ((const int8_t *)b)[k] - op->zero_b;
		int32_t value = tflm_rescale_call(x * y, op->multipliers[0], op->shifts[0], op->rounding);
		value = tflm_clamp(value, op->low - op->zero_output, op->high - op->zero_output) + op->zero_output;
		if (is_wide) ((int16_t *)output)[i] = (int16_t)value;
		else ((int8_t *)output)[i] = (int8_t)value;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_binary *op = data;
	tflm_ratio ratio;
	if (!is_quantized(node)) return tflm_prepare_arithmetic(node, TFLM_PRODUCT, activation(node), op);
	(void)ratio_of(node, &ratio);
	op->multipliers[0] = ratio.multiplier;
	op->shifts[0] = (int8_t)ratio.shift;
	return tflm_prepare_binary(node, activation(node), run, op);
}

const tflm_operator tflm_mul = {
	.name = "MUL", .code = 18, .options_type = 21, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
