/* UNIDIRECTIONAL_SEQUENCE_LSTM of int8 or int16 activations and int8 weights; cells are int16 in both. The
   products of a gate become Q3.12, the gates Q0.15. As tensorflow/lite/micro/kernels/lstm_eval.cc, but without
   its four scratch buffers: the gates of some units at a time are enough, as no unit sees another's new cell. */
#include "unidirectional_sequence_lstm.h"
#include "../dot.h"
#include "../quantized.h"
#include "../reader.h"
#include "../sigmoid_table.h"

enum { BLOCK = 16 };
/* 2^0 as ratio; from gates in Q0.15 the product with one of them is 2^-15 times it. */
enum { UNITY = 1 << 30, GATE_SHIFT = 1 - 15 };

typedef struct {
	tflm_lstm lstm; /* first, see tflm_lstm_for_each_step */
	/* Of the products with the input, by gate, then of those with the last output; then of the output. */
	int32_t multipliers[2 * TFLM_GATES], output_multiplier;
	int8_t shifts[2 * TFLM_GATES], output_shift;
	int8_t cell_power; /* a step of the cells is 2^cell_power */
	uint8_t rounding, wide; /* wide: of int16 activations */
	int16_t clip; /* 0: none */
	int16_t input_zero_point, hidden_zero_point;
} integer_lstm;

/* The power of two that the scale is, 127 when it is none or out of range. From 2^-24 to 2^2 no shift overflows. */
static int power_of(float scale)
{
	int power = 0;
	for (; power > -24 && scale < 1; power--) scale *= 2;
	for (; power < 2 && scale > 1; power++) scale /= 2;
	return scale == 1 ? power : 127;
}

/* Of the products of a gate's matrix at that position with values of that scale. As FULLY_CONNECTED's. */
static int ratio_of(const tflm_node *node, uint32_t position, float scale, tflm_ratio *ratio)
{
	tflm_tensor weights;
	tflm_node_input(node, position, &weights);
	return tflm_make_ratio(scale * weights.scale, 1, 1, 12, ratio);
}

static int output_ratio(const tflm_tensor *hidden, tflm_ratio *ratio)
{
	return tflm_make_ratio(1, 1, hidden->scale, -30, ratio);
}

static tflm_code check_gate(const tflm_node *node, uint32_t gate, const tflm_tensor *hidden)
{
	const tflm_tensor *input = &node->input[0];
	int wide = input->type == TFLM_INT16;
	tflm_tensor bias;
	tflm_node_input(node, TFLM_LSTM_BIAS + gate, &bias);
	TFLM_TRY(tflm_need_type(node, &bias, wide ? TFLM_INT64 : TFLM_INT32));
	for (int recurrent = 0; recurrent < 2; recurrent++) {
		uint32_t position = (recurrent ? TFLM_LSTM_RECURRENT : TFLM_LSTM_WEIGHTS) + gate;
		tflm_tensor weights;
		tflm_ratio ratio;
		tflm_node_input(node, position, &weights);
		TFLM_TRY(tflm_need_int8(node, &weights));
		if (weights.zero_point) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &weights, weights.zero_point);
		/* tflm_rescale_wide shifts by no more than 7. */
		if (ratio_of(node, position, (recurrent ? hidden : input)->scale, &ratio) || (wide && ratio.shift > 7)) {
			return tflm_fail(node, TFLM_BAD_QUANTIZATION, &weights, 0);
		}
	}
	return TFLM_OK;
}

tflm_code tflm_lstm_check_integer(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_tensor hidden, cell;
	tflm_ratio ratio;
	tflm_node_input(node, TFLM_LSTM_HIDDEN, &hidden);
	tflm_node_input(node, TFLM_LSTM_CELL, &cell);
	TFLM_TRY(tflm_need_quantized(node, input));
	TFLM_TRY(tflm_need_quantized(node, &hidden));
	TFLM_TRY(tflm_need_type(node, &hidden, input->type));
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(tflm_need_type(node, &cell, TFLM_INT16));
	TFLM_TRY(tflm_need_quantized(node, &cell));
	if (power_of(cell.scale) == 127) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &cell, 0);
	if (output_ratio(&hidden, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &hidden, 0);
	for (uint32_t gate = 0; gate < TFLM_GATES; gate++) TFLM_TRY(check_gate(node, gate, &hidden));
	needs->data = sizeof(integer_lstm);
	return TFLM_OK;
}

static int32_t clamp16(int32_t x)
{
	return tflm_clamp(x, INT16_MIN, INT16_MAX);
}

/* sum over i of x[i] * weights[i]. */
static int64_t wide_dot(const int16_t *x, const int8_t *weights, uint32_t length)
{
	enum { FITTING = 256 }; /* products of 2^22 in an int32 */
	int64_t total = 0;
	for (uint32_t from = 0; from < length; from += FITTING) {
		uint32_t to = length - from < FITTING ? length : from + FITTING;
		int32_t sum = 0;
		for (uint32_t i = from; i < to; i++) sum += x[i] * weights[i];
		total += sum;
	}
	return total;
}

/* Adds to the gates of `count` units, from `first` on, the products of a matrix with x, both sides in Q3.12. `which` is
   the gate, TFLM_GATES more for the last output. */
static void add_products(const integer_lstm *op, uint32_t which, const void *x, uint32_t first, uint32_t count,
	int32_t *gates)
{
	const tflm_lstm *lstm = &op->lstm;
	int recurrent = which >= TFLM_GATES;
	uint32_t gate = which % TFLM_GATES, length = recurrent ? lstm->units : lstm->inputs, sums[BLOCK];
	const int8_t *matrix = (const int8_t *)(recurrent ? lstm->recurrent : lstm->weights)[gate] + first * length;
	const int32_t *bias = recurrent ? NULL : lstm->bias[gate];
	int32_t zero_point = recurrent ? op->hidden_zero_point : op->input_zero_point;
	tflm_dot_rows(x, -zero_point, matrix, length, count, sums);
	for (uint32_t i = 0; i < count; i++) {
		int32_t sum = (int32_t)(sums[i] + (bias ? (uint32_t)bias[first + i] : 0));
		int32_t product = clamp16(tflm_rescale_call(sum, op->multipliers[which], op->shifts[which], op->rounding));
		gates[i] = clamp16(gates[i] + product);
	}
}

static void add_wide_products(const integer_lstm *op, uint32_t which, const void *x, uint32_t first, uint32_t count,
	int32_t *gates)
{
	const tflm_lstm *lstm = &op->lstm;
	int recurrent = which >= TFLM_GATES;
	uint32_t gate = which % TFLM_GATES, length = recurrent ? lstm->units : lstm->inputs;
	const int8_t *matrix = (const int8_t *)(recurrent ? lstm->recurrent : lstm->weights)[gate] + first * length;
	for (uint32_t i = 0; i < count; i++, matrix += length) {
		uint64_t sum = (uint64_t)wide_dot(x, matrix, length);
		/* The file's alignment is only 4. */
		if (!recurrent) sum += tflm_read_u64((const uint8_t *)lstm->bias[gate] + 8 * (first + i));
		int32_t product = clamp16(tflm_rescale_wide((int64_t)sum, op->multipliers[which], op->shifts[which]));
		gates[i] = clamp16(gates[i] + product);
	}
}

/* The product of two values in Q0.15, or of one with a cell, as a cell or as an output. */
static int32_t multiply(const integer_lstm *op, int32_t a, int32_t b, int32_t multiplier, int shift)
{
	return tflm_rescale_call(a * b, multiplier, shift, op->rounding);
}

/* tanh of a cell in Q0.15. */
static int32_t squash(const integer_lstm *op, int32_t cell)
{
	int shift = 12 + op->cell_power;
	if (shift >= 0) return tflm_tanh_q15(cell * (3 << shift));
	return tflm_tanh_q15((cell * 3 + (1 << (-shift - 1))) >> -shift);
}

/* The new cell of a unit; returns its output, without a zero point. */
static int32_t update(const integer_lstm *op, int32_t gates[TFLM_GATES][BLOCK], uint32_t i, int16_t *cell)
{
	int32_t input = tflm_logistic_q15(3 * gates[TFLM_GATE_INPUT][i]);
	int32_t forget = tflm_logistic_q15(3 * gates[TFLM_GATE_FORGET][i]);
	int32_t added = multiply(op, input, tflm_tanh_q15(3 * gates[TFLM_GATE_CELL][i]), UNITY, -29 - op->cell_power);
	int32_t kept = multiply(op, forget, *cell, UNITY, GATE_SHIFT);
	int32_t sum = clamp16(clamp16(kept) + clamp16(added));
	*cell = (int16_t)(op->clip ? tflm_clamp(sum, -op->clip, op->clip) : sum);
	int32_t output = tflm_logistic_q15(3 * gates[TFLM_GATE_OUTPUT][i]);
	return multiply(op, squash(op, *cell), output, op->output_multiplier, op->output_shift);
}

static void step(const void *data, const void *x, const void *h, void *cell, void *y)
{
	const integer_lstm *op = data;
	for (uint32_t first = 0; first < op->lstm.units; first += BLOCK) {
		uint32_t count = op->lstm.units - first < BLOCK ? op->lstm.units - first : BLOCK;
		int32_t gates[TFLM_GATES][BLOCK] = {{0}};
		for (uint32_t which = 0; which < 2 * TFLM_GATES; which++) {
			const void *values = which < TFLM_GATES ? x : h;
			if (op->wide) add_wide_products(op, which, values, first, count, gates[which % TFLM_GATES]);
			else add_products(op, which, values, first, count, gates[which % TFLM_GATES]);
		}
		for (uint32_t i = 0; i < count; i++) {
			int32_t output = update(op, gates, i, (int16_t *)cell + first + i);
			if (op->wide) ((int16_t *)y)[first + i] = (int16_t)clamp16(output);
			else ((int8_t *)y)[first + i] = tflm_to_int8(output, op->hidden_zero_point, -128, 127);
		}
	}
}

static void run(const void *data)
{
	const integer_lstm *op = data;
	tflm_lstm_for_each_step(data, op->wide ? 2 : 1, 2, step);
}

tflm_run tflm_lstm_prepare_integer(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	integer_lstm *op = data;
	tflm_tensor hidden, cell;
	tflm_ratio ratio;
	tflm_node_input(node, TFLM_LSTM_HIDDEN, &hidden);
	tflm_node_input(node, TFLM_LSTM_CELL, &cell);
	for (uint32_t which = 0; which < 2 * TFLM_GATES; which++) {
		int recurrent = which >= TFLM_GATES;
		uint32_t position = recurrent ? TFLM_LSTM_RECURRENT + which - TFLM_GATES : TFLM_LSTM_WEIGHTS + which;
		(void)ratio_of(node, position, recurrent ? hidden.scale : input->scale, &ratio);
		op->multipliers[which] = ratio.multiplier;
		op->shifts[which] = (int8_t)ratio.shift;
	}
	(void)output_ratio(&hidden, &ratio);
	op->output_multiplier = ratio.multiplier;
	op->output_shift = (int8_t)ratio.shift;
	op->cell_power = (int8_t)power_of(cell.scale);
	op->rounding = (uint8_t)node->rounding;
	float clip = tflm_lstm_clip(node) / cell.scale;
	op->clip = (int16_t)(clip < 32767 ? clip : 32767);
	op->input_zero_point = (int16_t)input->zero_point;
	op->hidden_zero_point = (int16_t)hidden.zero_point;
	op->wide = input->type == TFLM_INT16;
	return run;
}
