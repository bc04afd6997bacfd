/* FULLY_CONNECTED: output[b, o] = activation(bias[o] + sum over i of input[b, i] * weights[o, i]). This is the plain version
   in int8, as tensorflow/lite/kernels/internal/reference/integer_ops/fully_connected.h; fast ones lie beside it. */
#include "fully_connected.h"
#include "../reader.h"

enum { OPTION_ACTIVATION, OPTION_WEIGHTS_FORMAT };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1], *output = &node->output;
	int32_t format = tflm_field_i8(node->model, node->options, OPTION_WEIGHTS_FORMAT, 0);
	if (format) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, format);
	if (weights->rank != 2 || !weights->elements) return tflm_fail(node, TFLM_BAD_SHAPE, weights, weights->rank);
	uint32_t outputs = (uint32_t)weights->dims[0], inputs = (uint32_t)weights->dims[1];
	uint32_t batches = input->elements / inputs;
	if (input->elements % inputs) return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, 0);
	if (!output->rank || output->dims[output->rank - 1] != weights->dims[0] ||
		output->elements != (uint64_t)batches * outputs) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, 0);
	}
	needs->macs = (uint64_t)batches * inputs * outputs;
	if (tflm_is_float32(input)) return tflm_fully_connected_check_float(node, activation(node), needs);
	if (tflm_is_int16(input)) return tflm_fully_connected_check_int16(node, activation(node), needs);
	TFLM_TRY(tflm_check_output_stage(node, TFLM_RATIOS_DENSE, 0, activation(node)));
	needs->data = sizeof(tflm_dense);
#if TFLM_SIMD128
	if (weights->constant) tflm_fully_connected_needs_simd128(node, needs);
#endif
	return TFLM_OK;
}

#if !TFLM_FAST
static void run(const void *data)
{
	const tflm_dense *op = data;
	for (uint32_t o = 0; o < op->outputs; o++) {
		const int8_t *weights = op->weights + o * op->inputs;
		int32_t multiplier;
		int8_t shift;
		tflm_ratios_of(&op->stage, o, 1, &multiplier, &shift);
		for (uint32_t b = 0; b < op->batches; b++) {
			const int8_t *input = op->input + b * op->inputs;
			uint32_t sum = 0;
			for (uint32_t i = 0; i < op->inputs; i++) sum += (uint32_t)((input[i] - op->zero_point) * weights[i]);
			op->output[b * op->outputs + o] = tflm_finish(&op->stage, o, sum, multiplier, shift);
		}
	}
}
#else
static void run(const void *data)
{
#if TFLM_DSP
	tflm_fully_connected_run_dsp(data);
#else
	tflm_fully_connected_run_scalar(data);
#endif
}
#endif

#if TFLM_SIMD128
static void run_packed(const void *data)
{
	tflm_fully_connected_run_simd128(data);
}
#endif

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1];
	if (tflm_is_float32(input)) return tflm_fully_connected_prepare_float(node, activation(node), data);
	if (tflm_is_int16(input)) return tflm_fully_connected_prepare_int16(node, activation(node), data);
	tflm_dense *op = data;
	op->input = tflm_values(input);
	op->weights = tflm_values(weights);
	op->output = (int8_t *)node->output.data;
	op->workspace = node->workspace;
	op->outputs = (uint32_t)weights->dims[0];
	op->inputs = (uint32_t)weights->dims[1];
	op->batches = input->elements / op->inputs;
	op->zero_point = (int16_t)input->zero_point;
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_DENSE, activation(node));
#if TFLM_SIMD128
	if (node->packed) {
		tflm_fully_connected_pack_simd128(op, node->packed);
		op->packed = node->packed;
		return run_packed;
	}
#endif
	return run;
}

const tflm_operator tflm_fully_connected = {
	.name = "FULLY_CONNECTED", .code = 9, .options_type = 8, .min_inputs = 2, .max_inputs = 3, .outputs = 1,
	.check = check, .prepare = prepare,
};
