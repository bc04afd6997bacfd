/* SignalFilterBank: sums of weighted energies. Channels overlap by half: what a bin gives to its channel with
   its weight, it gives to the next with its unweight, so channels + 1 ranges of bins are swept, and the first
   sum is no channel's. */
#include "signal_filter_bank.h"
#include "tensor_checks.h"

enum { WEIGHTS = 1, UNWEIGHTS, FIRST_BINS, FIRST_WEIGHTS, WIDTHS };

typedef struct {
	const uint32_t *input;
	const int16_t *weights, *unweights, *bins, *places, *widths;
	uint64_t *output;
	uint32_t channels;
} bank;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_tensor tensors[WIDTHS + 1];
	int32_t channels;
	static const uint8_t types[] = {
		TFLM_UINT32, TFLM_INT16, TFLM_INT16, TFLM_INT16, TFLM_INT16, TFLM_INT16, TFLM_FILTER_BANK_SUM,
	};
	TFLM_TRY(tflm_need_types(node, WIDTHS + 1, types));
	TFLM_TRY(tflm_custom_option(node, "num_channels", 1, INT16_MAX, &channels));
	if (output->elements != (uint32_t)channels) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, channels);
	/* Constants, so that their ranges can be checked. */
	for (uint32_t i = WEIGHTS; i <= WIDTHS; i++) {
		tflm_node_input(node, i, &tensors[i]);
		TFLM_TRY(tflm_need_constant(node, &tensors[i]));
		if (i >= FIRST_BINS) TFLM_TRY(tflm_need_matrix(node, i, channels + 1, 0));
	}
	const int16_t *bins = tflm_values(&tensors[FIRST_BINS]), *places = tflm_values(&tensors[FIRST_WEIGHTS]);
	const int16_t *widths = tflm_values(&tensors[WIDTHS]);
	for (int32_t i = 0; i <= channels; i++) {
		if (bins[i] < 0 || places[i] < 0 || widths[i] < 0 || (uint32_t)(bins[i] + widths[i]) > input->elements ||
			(uint32_t)(places[i] + widths[i]) > tensors[WEIGHTS].elements ||
			(uint32_t)(places[i] + widths[i]) > tensors[UNWEIGHTS].elements) {
			return tflm_fail(node, TFLM_BAD_OPERATOR, &tensors[WIDTHS], i);
		}
	}
	needs->data = sizeof(bank);
	return TFLM_OK;
}

static void run(const void *data)
{
	const bank *op = data;
	uint64_t next = 0;
	for (uint32_t c = 0; c <= op->channels; c++) {
		const uint32_t *x = op->input + op->bins[c];
		const int16_t *weights = op->weights + op->places[c], *unweights = op->unweights + op->places[c];
		uint64_t sum = next;
		next = 0;
		for (int32_t i = 0; i < op->widths[c]; i++) {
			sum += (uint64_t)weights[i] * x[i];
			next += (uint64_t)unweights[i] * x[i];
		}
		if (c) op->output[c - 1] = sum;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	bank *op = data;
	tflm_tensor tensors[WIDTHS + 1];
	for (uint32_t i = 0; i <= WIDTHS; i++) tflm_node_input(node, i, &tensors[i]);
	op->input = tflm_values(&tensors[0]);
	op->weights = tflm_values(&tensors[WEIGHTS]);
	op->unweights = tflm_values(&tensors[UNWEIGHTS]);
	op->bins = tflm_values(&tensors[FIRST_BINS]);
	op->places = tflm_values(&tensors[FIRST_WEIGHTS]);
	op->widths = tflm_values(&tensors[WIDTHS]);
	op->output = (uint64_t *)(void *)node->output.data;
	op->channels = node->output.elements;
	return run;
}

const tflm_operator tflm_signal_filter_bank = {
	.name = "SignalFilterBank", .code = TFLM_CUSTOM, .min_inputs = 6, .max_inputs = 6, .outputs = 1,
	.check = check, .prepare = prepare,
};
