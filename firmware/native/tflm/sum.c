#include "sum.h"
#include "quantized.h"
#include "sum_fast.h"
#include "sum_simd128.h"

static int shift_of(uint8_t type)
{
	return type == TFLM_INT16 ? 15 : 20;
}

/* Ratios of a, b and the output; -1 when one is not below 1, which TFLite refuses as well. */
static int ratios_of(const tflm_node *node, tflm_ratio *ratios)
{
	float a = node->input[0].scale, b = node->input[1].scale, larger = a > b ? a : b, output = node->output.scale;
	int shift = shift_of(node->output.type);
	if (tflm_make_ratio(larger, 1, output, 1 - shift, &ratios[2]) || ratios[2].shift > 0) return -1;
	return tflm_make_ratio(a, 1, larger, -1, &ratios[0]) || tflm_make_ratio(b, 1, larger, -1, &ratios[1]) ? -1 : 0;
}

tflm_code tflm_check_sum(const tflm_node *node, int32_t activation, tflm_needs *needs)
{
	const uint32_t types = 1u << TFLM_FLOAT32 | 1u << TFLM_INT8 | 1u << TFLM_INT16 | 1u << TFLM_INT32;
	tflm_ratio ratios[3];
	TFLM_TRY(tflm_check_binary(node, types, activation, needs));
	int is_quantized = node->output.type == TFLM_INT8 || node->output.type == TFLM_INT16;
	if (!is_quantized || !ratios_of(node, ratios)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
}

static void run_any(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b, void *output,
	uint32_t count)
{
	int shift = shift_of(op->type);
	for (uint32_t i = 0, j = 0, k = 0; i < count; i++, j += step_a, k += step_b) {
		int32_t x = (tflm_load(op->type, a, j) - op->zero_a) * (1 << shift);
		int32_t y = (tflm_load(op->type, b, k) - op->zero_b) * (1 << shift);
		x = tflm_rescale_call(x, op->multipliers[0], op->shifts[0], op->rounding);
		y = tflm_rescale_call(y, op->multipliers[1], op->shifts[1], op->rounding);
		int32_t sum = op->kind == TFLM_SUM ? x + y : x - y;
		int32_t value = tflm_rescale_call(sum, op->multipliers[2], op->shifts[2], op->rounding);
		value = tflm_clamp(value, op->low - op->zero_output, op->high - op->zero_output) + op->zero_output;
		tflm_store(op->type, output, i, value);
	}
}

tflm_run tflm_prepare_sum(const tflm_node *node, uint8_t kind, int32_t activation, tflm_binary *op)
{
	uint8_t type = node->output.type;
	tflm_ratio ratios[3];
	if (type == TFLM_FLOAT32 || type == TFLM_INT32) {
		/* TFLite Micro's ADD of int32 has no activation, whatever the model says. */
		int has_activation = type == TFLM_FLOAT32 || kind != TFLM_SUM;
		return tflm_prepare_arithmetic(node, kind, has_activation ? activation : TFLM_ACTIVATION_NONE, op);
	}
	(void)ratios_of(node, ratios);
	for (int i = 0; i < 3; i++) {
		op->multipliers[i] = ratios[i].multiplier;
		op->shifts[i] = (int8_t)ratios[i].shift;
	}
	op->kind = kind;
	tflm_run run = tflm_prepare_binary(node, activation, run_any, op);
	if (type == TFLM_INT16) return run;
#if TFLM_SIMD128
	op->run = tflm_run_sum_simd128;
#elif TFLM_FAST
	if (tflm_has_fast_sum(op)) op->run = tflm_run_sum_fast;
#endif
	return run;
}
