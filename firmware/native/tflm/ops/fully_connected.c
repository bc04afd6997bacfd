/* FULLY_CONNECTED: output[b, o] = activation(bias[o] + sum over i of input[b, i] * weights[o, i]), in int8 or float32.
   As tensorflow/lite/kernels/internal/reference/integer_ops/fully_connected.h. */
#include "../dot.h"
#include "../output_stage.h"
#include "../reader.h"

enum { OPTION_ACTIVATION, OPTION_WEIGHTS_FORMAT };
enum { BLOCK = 32 };

typedef struct {
	const void *input, *weights, *bias;
	void *output;
	uint32_t batches, inputs, outputs;
	float low, high;
	int16_t input_offset;
	uint8_t is_float;
	tflm_output_stage stage;
} dense;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static tflm_code check_float(const tflm_node *node, uint32_t outputs)
{
	const tflm_tensor *bias = &node->input[2];
	float low, high;
	TFLM_TRY(tflm_need_type(node, &node->input[1], TFLM_FLOAT32));
	TFLM_TRY(tflm_need_type(node, &node->output, TFLM_FLOAT32));
	if (bias->index >= 0) {
		TFLM_TRY(tflm_need_type(node, bias, TFLM_FLOAT32));
		if (bias->elements != outputs) return tflm_fail(node, TFLM_SHAPE_MISMATCH, bias, (int32_t)bias->elements);
	}
	if (!tflm_activation_range_float(activation(node), &low, &high)) return TFLM_OK;
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation(node));
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
	needs->data = sizeof(dense);
	needs->macs = (uint64_t)batches * inputs * outputs;
	if (input->type == TFLM_FLOAT32) return check_float(node, outputs);
	return tflm_check_output_stage(node, TFLM_RATIOS_DENSE, 0, activation(node), needs);
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1], *bias = &node->input[2];
	dense *op = data;
	(void)scratch;
	op->input = tflm_values(input);
	op->weights = tflm_values(weights);
	op->bias = bias->index >= 0 ? tflm_values(bias) : NULL;
	op->output = node->output.data;
	op->outputs = (uint32_t)weights->dims[0];
	op->inputs = (uint32_t)weights->dims[1];
	op->batches = input->elements / op->inputs;
	op->input_offset = (int16_t)-input->zero_point;
	op->is_float = input->type == TFLM_FLOAT32;
	if (op->is_float) (void)tflm_activation_range_float(activation(node), &op->low, &op->high);
	else tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_DENSE, activation(node), op + 1, rounding);
}

static void run_float(const dense *op)
{
	const float *input = op->input, *bias = op->bias;
	float *output = op->output;
	for (uint32_t b = 0; b < op->batches; b++, input += op->inputs) {
		const float *weights = op->weights;
		for (uint32_t o = 0; o < op->outputs; o++, weights += op->inputs) {
			float sum = 0;
			for (uint32_t i = 0; i < op->inputs; i++) sum += input[i] * weights[i];
			if (bias) sum += bias[o];
			*output++ = sum < op->low ? op->low : sum > op->high ? op->high : sum;
		}
	}
}

static void run(const void *data)
{
	const dense *op = data;
	if (op->is_float) {
		run_float(op);
		return;
	}
	const int8_t *input = op->input;
	int8_t *output = op->output;
	for (uint32_t b = 0; b < op->batches; b++, input += op->inputs, output += op->outputs) {
		for (uint32_t o = 0; o < op->outputs; o += BLOCK) {
			uint32_t rows = op->outputs - o < BLOCK ? op->outputs - o : BLOCK;
			uint32_t sums[BLOCK];
			const int8_t *weights = (const int8_t *)op->weights + o * op->inputs;
			tflm_dot_rows(input, op->input_offset, weights, op->inputs, rows, sums);
			tflm_finish(&op->stage, o, rows, sums, output + o);
		}
	}
}

const tflm_operator tflm_fully_connected = {
	.name = "FULLY_CONNECTED", .code = 9, .options_type = 8, .min_inputs = 2, .max_inputs = 3,
	.check = check, .prepare = prepare, .run = run,
};
