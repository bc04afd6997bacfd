/* UNIDIRECTIONAL_SEQUENCE_LSTM in float32. */
#include "unidirectional_sequence_lstm.h"
#include "../float_math.h"
#include "tensor_checks.h"

typedef struct {
	tflm_lstm lstm; /* first, see tflm_lstm_for_each_step */
	float clip;     /* 0: none */
} float_lstm;

tflm_code tflm_lstm_check_float(const tflm_node *node, tflm_needs *needs)
{
	static const uint8_t types[TFLM_LSTM_INPUTS + 1] = {TFLM_FLOAT32}; /* which is 0, as the others */
	needs->data = sizeof(float_lstm);
	return tflm_need_types(node, TFLM_LSTM_INPUTS, types);
}

static float dot(const float *x, const float *weights, uint32_t length)
{
	float sum = 0;
	for (uint32_t i = 0; i < length; i++) sum += x[i] * weights[i];
	return sum;
}

static void step(const void *data, const void *x, const void *h, void *cell, void *y)
{
	const float_lstm *op = data;
	const tflm_lstm *lstm = &op->lstm;
	float *cells = cell, *output = y;
	for (uint32_t i = 0; i < lstm->units; i++) {
		float gates[TFLM_GATES];
		for (uint32_t gate = 0; gate < TFLM_GATES; gate++) {
			float sum = dot(x, (const float *)lstm->weights[gate] + i * lstm->inputs, lstm->inputs);
			sum += ((const float *)lstm->bias[gate])[i];
			sum += dot(h, (const float *)lstm->recurrent[gate] + i * lstm->units, lstm->units);
			gates[gate] = gate == TFLM_GATE_CELL ? tflm_tanhf(sum) : tflm_logisticf(sum);
		}
		float sum = gates[TFLM_GATE_FORGET] * cells[i] + gates[TFLM_GATE_INPUT] * gates[TFLM_GATE_CELL];
		if (op->clip > 0) sum = sum < -op->clip ? -op->clip : sum > op->clip ? op->clip : sum;
		cells[i] = sum;
		output[i] = gates[TFLM_GATE_OUTPUT] * tflm_tanhf(sum);
	}
}

static void run(const void *data)
{
	tflm_lstm_for_each_step(data, sizeof(float), sizeof(float), step);
}

tflm_run tflm_lstm_prepare_float(const tflm_node *node, void *data)
{
	float_lstm *op = data;
	op->clip = tflm_lstm_clip(node);
	return run;
}
