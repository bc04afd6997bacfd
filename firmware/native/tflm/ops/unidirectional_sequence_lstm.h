/* UNIDIRECTIONAL_SEQUENCE_LSTM: four gates look at the present input and at the last output, and decide what the cells
   forget, take in and show.

       g[i] = W[i] x + R[i] h + b[i] of the gates input, forget, cell and output
       cell = logistic(g[forget]) cell + logistic(g[input]) tanh(g[cell])
       h = logistic(g[output]) tanh(cell) */
#ifndef UNIDIRECTIONAL_SEQUENCE_LSTM_H
#define UNIDIRECTIONAL_SEQUENCE_LSTM_H
#include "../operators.h"

enum { TFLM_GATE_INPUT, TFLM_GATE_FORGET, TFLM_GATE_CELL, TFLM_GATE_OUTPUT, TFLM_GATES };

/* Shapes: input [batches, steps, inputs] or, time first, [steps, batches, inputs]; output the same of `units`;
   weights[gate] [units, inputs], recurrent[gate] [units, units], bias[gate] [units]; hidden and cell [batches,
   units]. */
typedef struct {
	const void *input, *weights[TFLM_GATES], *recurrent[TFLM_GATES], *bias[TFLM_GATES];
	void *output, *hidden, *cell;
	uint32_t batches, steps, inputs, units;
	uint8_t time_first;
} tflm_lstm;

/* Positions of its inputs. */
enum {
	TFLM_LSTM_WEIGHTS = 1, TFLM_LSTM_RECURRENT = 5, TFLM_LSTM_BIAS = 12, TFLM_LSTM_HIDDEN = 18, TFLM_LSTM_CELL = 19,
	TFLM_LSTM_INPUTS = 24
};

/* The bound of the cells, 0 when there is none. */
float tflm_lstm_clip(const tflm_node *node);

/* One step of one batch: from the input x and the last output h to the output y, which is no part of h. */
typedef void (*tflm_lstm_step)(const void *data, const void *x, const void *h, void *cell, void *y);
/* All steps; an activation has `width` bytes, a cell `cell_width`. `data` begins with a tflm_lstm. */
void tflm_lstm_for_each_step(const void *data, uint32_t width, uint32_t cell_width, tflm_lstm_step step);

/* In int8 and int16, and in float32: types, quantization and data of a node whose shapes have been checked. The
   tflm_lstm at the start of the data is not theirs to fill. */
tflm_code tflm_lstm_check_integer(const tflm_node *node, tflm_needs *needs);
tflm_run tflm_lstm_prepare_integer(const tflm_node *node, void *data);
tflm_code tflm_lstm_check_float(const tflm_node *node, tflm_needs *needs);
tflm_run tflm_lstm_prepare_float(const tflm_node *node, void *data);
#endif
