/* DIV; in int8 by the divisor's reciprocal, which is the multiplier of a product. What TFLite leaves undefined, a
   divisor of zero, gives the largest value with the dividend's sign, and 0 / 0 gives 0.
   As tensorflow/lite/kernels/internal/reference/div.h. */
#include "../arithmetic.h"
#include "../quantized.h"
#include "../reader.h"

enum { OPTION_ACTIVATION };
/* Dividends have 8 bits and a sign: before they are divided they are shifted to the left by as much as this at least. */
enum { MAX_SHIFT = 23 };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	float a = node->input[0].scale, b = node->input[1].scale, output = node->output.scale;
	return tflm_make_ratio_to_product(a, b, output, ratio) || ratio->shift > MAX_SHIFT ? -1 : 0;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const uint32_t types = 1u << TFLM_FLOAT32 | 1u << TFLM_INT8 | 1u << TFLM_INT32;
	tflm_ratio ratio;
	TFLM_TRY(tflm_check_binary(node, types, activation(node), needs));
	if (node->output.type != TFLM_INT8 || !ratio_of(node, &ratio)) return TFLM_OK;
	return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
}

static int32_t quotient(const tflm_binary *op, int32_t x, int32_t y)
{
	if (!y) return x > 0 ? 255 : x < 0 ? -255 : 0;
	if (y < 0) x = -x, y = -y;
	int exponent, headroom = 0;
	int32_t reciprocal = tflm_reciprocal((uint32_t)y, &exponent);
	uint32_t dividend = (uint32_t)x;
	for (; headroom < 31 && (dividend >> 31) == (dividend >> 30 & 1); headroom++) dividend <<= 1;
	int32_t value = tflm_high_product((int32_t)dividend, reciprocal);
	int shift = op->shifts[0] - exponent - headroom;
	if (shift >= -31) return tflm_rescale_call(value, op->multipliers[0], shift, op->rounding);
	/* TFLite's division by a power of two goes beyond its range here. These are the bits of machines that take shifts modulo
	   32, as x86 and wasm do; of a dividend of 0 all machines make 1. */
	if (op->rounding == TFLM_ROUND_SINGLE) return 0;
	return (value >> (-shift & 31)) + (value > -(value >= 0));
}

static void run(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b, void *output,
	uint32_t count)
{
	const int8_t *x = a, *y = b;
	int8_t *z = output;
	for (uint32_t i = 0; i < count; i++, x += step_a, y += step_b) {
		int32_t value = quotient(op, *x - op->zero_a, *y - op->zero_b);
		z[i] = tflm_to_int8(value, op->zero_output, op->low, op->high);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_binary *op = data;
	tflm_ratio ratio;
	if (node->output.type != TFLM_INT8) return tflm_prepare_arithmetic(node, TFLM_QUOTIENT, activation(node), op);
	(void)ratio_of(node, &ratio);
	op->multipliers[0] = ratio.multiplier;
	op->shifts[0] = (int8_t)ratio.shift;
	return tflm_prepare_binary(node, activation(node), run, op);
}

const tflm_operator tflm_div = {
	.name = "DIV", .code = 42, .options_type = 29, .memory = TFLM_IN_PLACE, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
