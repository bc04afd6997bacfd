/* What UNIDIRECTIONAL_SEQUENCE_LSTM is in all types: its shapes, and the order of its steps. */
#include "unidirectional_sequence_lstm.h"
#include "../quantized.h"
#include "../reader.h"
#include "tensor_checks.h"
#include <string.h>

enum { OPTION_ACTIVATION, OPTION_CELL_CLIP, OPTION_PROJECTION_CLIP, OPTION_TIME_FIRST };
enum { ACTIVATION_TANH = 4 };

float tflm_lstm_clip(const tflm_node *node)
{
	return tflm_field_f32(node->model, node->options, OPTION_CELL_CLIP, 0);
}

static int time_first(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_TIME_FIRST, 0) != 0;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	/* Peepholes, a projection and layer normalization, which TFLite Micro does not have either. */
	static const uint8_t left_out[] = {9, 10, 11, 16, 17, 20, 21, 22, 23};
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t activation = tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
	if (activation != ACTIVATION_TANH) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
	if (!(tflm_lstm_clip(node) >= 0)) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, 0);
	for (uint32_t i = 0; i < sizeof left_out; i++) {
		if (tflm_operator_input(node->model, node->index, left_out[i]) < 0) continue;
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, left_out[i]);
	}
	if (input->rank != 3) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank);
	if (output->rank != 3 || !output->elements || output->dims[0] != input->dims[0] ||
		output->dims[1] != input->dims[1]) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	}
	int32_t inputs = input->dims[2], units = output->dims[2];
	for (uint32_t gate = 0; gate < TFLM_GATES; gate++) {
		TFLM_TRY(tflm_need_matrix(node, TFLM_LSTM_WEIGHTS + gate, units, inputs));
		TFLM_TRY(tflm_need_matrix(node, TFLM_LSTM_RECURRENT + gate, units, units));
		TFLM_TRY(tflm_need_matrix(node, TFLM_LSTM_BIAS + gate, units, 0));
	}
	uint64_t states = (uint64_t)input->dims[time_first(node)] * (uint32_t)units;
	TFLM_TRY(tflm_need_variable(node, TFLM_LSTM_HIDDEN, states));
	TFLM_TRY(tflm_need_variable(node, TFLM_LSTM_CELL, states));
	needs->macs = (uint64_t)output->elements * TFLM_GATES * ((uint32_t)inputs + (uint32_t)units);
	return input->type == TFLM_FLOAT32 ? tflm_lstm_check_float(node, needs) : tflm_lstm_check_integer(node, needs);
}

void tflm_lstm_for_each_step(const void *data, uint32_t width, uint32_t cell_width, tflm_lstm_step step)
{
	const tflm_lstm *op = data;
	for (uint32_t b = 0; b < op->batches; b++) {
		uint8_t *hidden = (uint8_t *)op->hidden + b * op->units * width;
		uint8_t *cell = (uint8_t *)op->cell + b * op->units * cell_width;
		for (uint32_t t = 0; t < op->steps; t++) {
			uint32_t at = (op->time_first ? t * op->batches + b : b * op->steps + t) * width;
			uint8_t *y = (uint8_t *)op->output + at * op->units;
			step(data, (const uint8_t *)op->input + at * op->inputs, hidden, cell, y);
			memcpy(hidden, y, op->units * width);
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	tflm_lstm *op = data;
	tflm_tensor tensor;
	op->input = tflm_values(input);
	op->output = node->output.data;
	for (uint32_t gate = 0; gate < TFLM_GATES; gate++) {
		tflm_node_input(node, TFLM_LSTM_WEIGHTS + gate, &tensor);
		op->weights[gate] = tflm_values(&tensor);
		tflm_node_input(node, TFLM_LSTM_RECURRENT + gate, &tensor);
		op->recurrent[gate] = tflm_values(&tensor);
		tflm_node_input(node, TFLM_LSTM_BIAS + gate, &tensor);
		op->bias[gate] = tflm_values(&tensor);
	}
	tflm_node_input(node, TFLM_LSTM_HIDDEN, &tensor);
	op->hidden = tensor.data;
	tflm_node_input(node, TFLM_LSTM_CELL, &tensor);
	op->cell = tensor.data;
	op->time_first = (uint8_t)time_first(node);
	op->batches = (uint32_t)input->dims[op->time_first];
	op->steps = (uint32_t)input->dims[!op->time_first];
	op->inputs = (uint32_t)input->dims[2];
	op->units = (uint32_t)node->output.dims[2];
	return input->type == TFLM_FLOAT32 ? tflm_lstm_prepare_float(node, data) : tflm_lstm_prepare_integer(node, data);
}

const tflm_operator tflm_unidirectional_sequence_lstm = {
	.name = "UNIDIRECTIONAL_SEQUENCE_LSTM", .code = 44, .options_type = 71, .min_inputs = TFLM_LSTM_INPUTS,
	.max_inputs = TFLM_LSTM_INPUTS, .outputs = 1, .check = check, .prepare = prepare,
};
