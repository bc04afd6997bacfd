/* SignalFilterBankSquareRoot: square roots of uint64, rounded to nearest, then shifted to the right as far as
   SignalFftAutoScale has shifted to the left. As signal/src/square_root_64.cc of TFLite Micro, whose root of
   what fits into 32 bits is at most 2^16 - 1. */
#include "signal_filter_bank.h"
#include "tensor_checks.h"
#include "../reader.h"

typedef struct {
	const uint8_t *input; /* uint64, at a multiple of 4 when it is in the file */
	const int32_t *shift;
	uint32_t *output;
	uint32_t elements;
} roots;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *shift = &node->input[1];
	static const uint8_t types[] = {TFLM_FILTER_BANK_SUM, TFLM_INT32, TFLM_UINT32};
	TFLM_TRY(tflm_need_types(node, 2, types));
	TFLM_TRY(tflm_need_same_shape(node, input, &node->output));
	if (shift->elements != 1) return tflm_fail(node, TFLM_SHAPE_MISMATCH, shift, (int32_t)shift->elements);
	needs->data = sizeof(roots);
	return TFLM_OK;
}

/* Bit by bit: `root` is that of the bits so far, in the place where the remainder sees it. */
static uint32_t root32(uint32_t x)
{
	uint32_t root = 0, bit = 1u << 30;
	while (bit > x) bit >>= 2;
	for (; bit; bit >>= 2) {
		uint32_t step = root + bit;
		root >>= 1;
		if (x >= step) x -= step, root += bit;
	}
	return root + (x > root && root < UINT16_MAX);
}

static uint32_t root64(uint64_t x)
{
	uint64_t root = 0, bit = UINT64_C(1) << 62;
	if (!(x >> 32)) return root32((uint32_t)x);
	while (bit > x) bit >>= 2;
	for (; bit; bit >>= 2) {
		uint64_t step = root + bit;
		root >>= 1;
		if (x >= step) x -= step, root += bit;
	}
	return (uint32_t)root + (x > root && root < UINT32_MAX);
}

static void run(const void *data)
{
	const roots *op = data;
	uint32_t shift = (uint32_t)*op->shift;
	for (uint32_t i = 0; i < op->elements; i++) {
		op->output[i] = shift < 32 ? root64(tflm_read_u64(op->input + 8 * i)) >> shift : 0;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	roots *op = data;
	op->input = tflm_values(&node->input[0]);
	op->shift = tflm_values(&node->input[1]);
	op->output = (uint32_t *)(void *)node->output.data;
	op->elements = node->output.elements;
	return run;
}

const tflm_operator tflm_signal_filter_bank_square_root = {
	.name = "SignalFilterBankSquareRoot", .code = TFLM_CUSTOM, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
