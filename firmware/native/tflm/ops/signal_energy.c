/* SignalEnergy: squared magnitudes of complex int16 bins, from `start_index` up to `end_index`; the other
   outputs are 0. */
#include "../flexbuffer.h"
#include "tensor_checks.h"
#include <string.h>

typedef struct {
	const int16_t *input;
	uint32_t *output;
	uint32_t elements, start, end;
} energy;

static tflm_code indices(const tflm_node *node, int32_t *start, int32_t *end)
{
	uint32_t bins = node->input[0].elements / 2, outputs = node->output.elements;
	int32_t limit = (int32_t)(bins < outputs ? bins : outputs);
	TFLM_TRY(tflm_custom_option(node, "end_index", 0, limit, end));
	return tflm_custom_option(node, "start_index", 0, *end, start);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	int32_t start, end;
	static const uint8_t types[] = {TFLM_INT16, TFLM_UINT32};
	TFLM_TRY(tflm_need_types(node, 1, types));
	needs->data = sizeof(energy);
	return indices(node, &start, &end);
}

static void run(const void *data)
{
	const energy *op = data;
	memset(op->output, 0, op->elements * sizeof *op->output);
	for (uint32_t i = op->start; i < op->end; i++) {
		int32_t real = op->input[2 * i], imaginary = op->input[2 * i + 1];
		op->output[i] = (uint32_t)(real * real) + (uint32_t)(imaginary * imaginary);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	energy *op = data;
	int32_t start = 0, end = 0;
	(void)indices(node, &start, &end);
	op->input = tflm_values(&node->input[0]);
	op->output = (uint32_t *)(void *)node->output.data;
	op->elements = node->output.elements;
	op->start = (uint32_t)start;
	op->end = (uint32_t)end;
	return run;
}

const tflm_operator tflm_signal_energy = {
	.name = "SignalEnergy", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
