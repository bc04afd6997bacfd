#include "arithmetic.h"
#include "quantized.h"
#include <string.h>

static float of_reals(int kind, float x, float y)
{
	switch (kind) {
	case TFLM_SUM: return x + y;
	case TFLM_DIFFERENCE: return x - y;
	case TFLM_PRODUCT: return x * y;
	case TFLM_QUOTIENT: return x / y;
	case TFLM_SMALLER: return x < y ? x : y;
	default: return x > y ? x : y;
	}
}

static int32_t quotient(int32_t x, int32_t y)
{
	if (!y) return x ? (x > 0 ? INT32_MAX : INT32_MIN) : 0;
	if (y == -1) return x == INT32_MIN ? INT32_MAX : -x;
	return x / y;
}

static int32_t of_integers(int kind, int32_t x, int32_t y)
{
	switch (kind) {
	case TFLM_SUM: return (int32_t)((uint32_t)x + (uint32_t)y);
	case TFLM_DIFFERENCE: return (int32_t)((uint32_t)x - (uint32_t)y);
	case TFLM_PRODUCT: return (int32_t)((uint32_t)x * (uint32_t)y);
	case TFLM_QUOTIENT: return quotient(x, y);
	case TFLM_SMALLER: return x < y ? x : y;
	default: return x > y ? x : y;
	}
}

static void run_reals(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b, void *output,
	uint32_t count)
{
	const float *x = a, *y = b;
	float *z = output;
	for (uint32_t i = 0; i < count; i++, x += step_a, y += step_b) {
		float value = of_reals(op->kind, *x, *y);
		z[i] = value < op->low_real ? op->low_real : value > op->high_real ? op->high_real : value;
	}
}

static void run_integers(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count)
{
	for (uint32_t i = 0, j = 0, k = 0; i < count; i++, j += step_a, k += step_b) {
		int32_t value = of_integers(op->kind, tflm_load(op->type, a, j), tflm_load(op->type, b, k));
		tflm_store(op->type, output, i, tflm_clamp(value, op->low, op->high));
	}
}

/* Constants of int64 lie at multiples of 4. */
static void run_longs(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b, void *output,
	uint32_t count)
{
	const uint8_t *at_a = a, *at_b = b;
	int64_t *z = output;
	for (uint32_t i = 0; i < count; i++, at_a += 8 * step_a, at_b += 8 * step_b) {
		int64_t x, y;
		memcpy(&x, at_a, 8);
		memcpy(&y, at_b, 8);
		z[i] = (x < y) == (op->kind == TFLM_SMALLER) ? x : y;
	}
}

tflm_run tflm_prepare_arithmetic(const tflm_node *node, uint8_t kind, int32_t activation, tflm_binary *op)
{
	uint8_t type = node->output.type;
	tflm_binary_run run = type == TFLM_FLOAT32 ? run_reals : type == TFLM_INT64 ? run_longs : run_integers;
	op->kind = kind;
	return tflm_prepare_binary(node, activation, run, op);
}

tflm_code tflm_check_choice(const tflm_node *node, tflm_needs *needs)
{
	const uint32_t types = 1u << TFLM_FLOAT32 | 1u << TFLM_INT8 | 1u << TFLM_INT16 | 1u << TFLM_INT32 | 1u << TFLM_INT64;
	return tflm_check_binary(node, types, TFLM_ACTIVATION_NONE, needs);
}

tflm_run tflm_prepare_choice(const tflm_node *node, uint8_t kind, tflm_binary *op)
{
	tflm_run run = tflm_prepare_arithmetic(node, kind, TFLM_ACTIVATION_NONE, op);
	if (op->type == TFLM_FLOAT32) op->low_real = -__builtin_inff(), op->high_real = __builtin_inff();
	return run;
}
