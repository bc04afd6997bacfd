/* SignalFilterBankLog: natural logarithms of uint32 as int16, times `output_scale`, from a table of the binary
   logarithm's bend. As signal/src/filter_bank_log.cc and log.cc of TFLite Micro. */
#include "../flexbuffer.h"
#include "tensor_checks.h"

/* round(2^16 * (log2(1 + i / 128) - i / 128)) */
static const uint16_t bend[129] = {
	0, 224, 442, 654, 861, 1063, 1259, 1450, 1636, 1817, 1992, 2163, 2329, 2490, 2646, 2797, 2944, 3087,
	3224, 3358, 3487, 3611, 3732, 3848, 3960, 4068, 4172, 4272, 4368, 4460, 4549, 4633, 4714, 4791, 4864, 4934,
	5001, 5063, 5123, 5178, 5231, 5280, 5326, 5368, 5408, 5444, 5477, 5507, 5533, 5557, 5578, 5595, 5610, 5622,
	5631, 5637, 5640, 5641, 5638, 5633, 5626, 5615, 5602, 5586, 5568, 5547, 5524, 5498, 5470, 5439, 5406, 5370,
	5332, 5291, 5249, 5203, 5156, 5106, 5054, 5000, 4944, 4885, 4825, 4762, 4697, 4630, 4561, 4490, 4416, 4341,
	4264, 4184, 4103, 4020, 3935, 3848, 3759, 3668, 3575, 3481, 3384, 3286, 3186, 3084, 2981, 2875, 2768, 2659,
	2549, 2437, 2323, 2207, 2090, 1971, 1851, 1729, 1605, 1480, 1353, 1224, 1094, 963, 830, 695, 559, 421,
	282, 142, 0
};
enum { SEGMENT_BITS = 16 - 7 };
/* round(2^16 * ln 2) */
enum { LN_2 = 45426 };

typedef struct {
	const uint32_t *input;
	int16_t *output;
	uint32_t elements, scale;
	uint8_t bits;
} logarithm;

static tflm_code read_options(const tflm_node *node, int32_t *bits, int32_t *scale)
{
	TFLM_TRY(tflm_custom_option(node, "input_correction_bits", 0, 31, bits));
	return tflm_custom_option(node, "output_scale", INT32_MIN, INT32_MAX, scale);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	int32_t bits, scale;
	static const uint8_t types[] = {TFLM_UINT32, TFLM_INT16};
	TFLM_TRY(tflm_need_types(node, 1, types));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	needs->data = sizeof(logarithm);
	return read_options(node, &bits, &scale);
}

/* ln x in units of 2^-16, for x > 0. */
static uint32_t ln(uint32_t x)
{
	uint32_t whole = 0;
	while (x >> whole > 1) whole++;
	uint32_t rest = x - (1u << whole);
	uint32_t fraction = whole < 16 ? rest << (16 - whole) : rest >> (whole - 16);
	uint32_t segment = fraction >> SEGMENT_BITS;
	int32_t place = (int32_t)(fraction & ((1 << SEGMENT_BITS) - 1));
	/* As the reference has it: between the points of the table, only 2^-7 of what a straight line would give. */
	int32_t between = (bend[segment + 1] - bend[segment]) * place >> 16;
	uint32_t log2 = (whole << 16) + fraction + bend[segment] + (uint32_t)between;
	return (uint32_t)(((uint64_t)LN_2 * log2 + (1 << 15)) >> 16);
}

static void run(const void *data)
{
	const logarithm *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		uint32_t x = op->input[i] << op->bits, y = x > 1 ? (op->scale * ln(x) + (1 << 15)) >> 16 : 0;
		op->output[i] = (int16_t)(y < INT16_MAX ? y : INT16_MAX);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	logarithm *op = data;
	int32_t bits = 0, scale = 0;
	(void)read_options(node, &bits, &scale);
	op->input = tflm_values(&node->input[0]);
	op->output = (int16_t *)(void *)node->output.data;
	op->elements = node->output.elements;
	op->scale = (uint32_t)scale;
	op->bits = (uint8_t)bits;
	return run;
}

const tflm_operator tflm_signal_filter_bank_log = {
	.name = "SignalFilterBankLog", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
