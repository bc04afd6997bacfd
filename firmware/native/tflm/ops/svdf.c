/* SVDF in int8, with a state of int8 or int16. As tensorflow/lite/micro/kernels/svdf_common.cc, but without its
   scratch: the filters of one output are summed at once. The bounds of the output are those of its type,
   whatever the activation. */
#include "svdf.h"
#include "../dot.h"
#include "../quantized.h"
#include "../reader.h"
#include "tensor_checks.h"
#include <string.h>

enum { OPTION_RANK, OPTION_ACTIVATION };
enum { BIAS = 3, STATE };
/* Filters whose products with the input are computed together. */
enum { BLOCK = 16 };

typedef struct {
	tflm_svdf_shape shape; /* first, for tflm_svdf_prepare */
	int32_t feature_multiplier, time_multiplier;
	int8_t feature_shift, time_shift;
	int8_t output_zero_point;
	uint8_t rounding;
	int16_t input_zero_point, state_zero_point;
} svdf;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int32_t rank_of(const tflm_node *node)
{
	return tflm_field_i32(node->model, node->options, OPTION_RANK, 0);
}

static int ratios_of(const tflm_node *node, const tflm_tensor *state, tflm_ratio *feature, tflm_ratio *time)
{
	return tflm_make_ratio(node->input[0].scale, node->input[1].scale, state->scale, 0, feature) ||
		tflm_make_ratio(state->scale, node->input[2].scale, node->output.scale, 0, time);
}

static tflm_code check_shapes(const tflm_node *node)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t rank = rank_of(node), filters = node->input[1].dims[0], memory = node->input[2].dims[1];
	if (input->rank != 2) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank);
	if (rank < 1 || filters < 1 || filters % rank) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, rank);
	if (memory < 1) return tflm_fail(node, TFLM_BAD_SHAPE, &node->input[2], memory);
	TFLM_TRY(tflm_need_matrix(node, 1, filters, input->dims[1]));
	TFLM_TRY(tflm_need_matrix(node, 2, filters, memory));
	if (tflm_operator_input(node->model, node->index, BIAS) >= 0) {
		TFLM_TRY(tflm_need_matrix(node, BIAS, filters / rank, 0));
	}
	TFLM_TRY(tflm_need_variable(node, STATE, (uint64_t)input->dims[0] * node->input[2].elements));
	if (output->rank != 2 || output->dims[0] != input->dims[0] || output->dims[1] != filters / rank) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	}
	return TFLM_OK;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *features = &node->input[1], *times = &node->input[2];
	tflm_tensor state;
	tflm_ratio feature, time;
	TFLM_TRY(check_shapes(node));
	tflm_node_input(node, STATE, &state);
	needs->macs = (uint64_t)input->dims[0] * ((uint64_t)features->elements + times->elements);
	if (input->type == TFLM_FLOAT32) return tflm_svdf_check_float(node, activation(node), needs);
	const uint8_t types[] = {TFLM_INT8, TFLM_INT8, state.type, TFLM_INT32, state.type, TFLM_INT8};
	TFLM_TRY(tflm_need_types(node, 5, types));
	TFLM_TRY(tflm_need_scale(node, input));
	TFLM_TRY(tflm_need_scale(node, features));
	TFLM_TRY(tflm_need_scale(node, times));
	TFLM_TRY(tflm_need_quantized(node, &state));
	TFLM_TRY(tflm_need_scale(node, &node->output));
	if (features->zero_point) return tflm_fail(node, TFLM_BAD_QUANTIZATION, features, features->zero_point);
	if (times->zero_point) return tflm_fail(node, TFLM_BAD_QUANTIZATION, times, times->zero_point);
	if (ratios_of(node, &state, &feature, &time)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, &node->output, 0);
	needs->data = sizeof(svdf);
	return TFLM_OK;
}

/* Writes a filter's newest number, and returns what it makes of all that it remembers, modulo 2^32. */
static uint32_t filter8(const svdf *op, int8_t *state, const int8_t *times, int32_t newest)
{
	uint32_t sum = 0;
	/* Clamped before the zero point is added, so that the sum may wrap, as in the reference. */
	state[op->shape.memory - 1] = (int8_t)(tflm_clamp(newest, -128, 127) + op->state_zero_point);
	for (uint32_t i = 0; i < op->shape.memory; i++) sum += (uint32_t)((state[i] - op->state_zero_point) * times[i]);
	return sum;
}

static uint32_t filter16(const svdf *op, int16_t *state, const int16_t *times, int32_t newest)
{
	uint32_t sum = 0;
	state[op->shape.memory - 1] = (int16_t)tflm_clamp(newest, INT16_MIN, INT16_MAX);
	for (uint32_t i = 0; i < op->shape.memory; i++) sum += (uint32_t)(state[i] * times[i]);
	return sum;
}

/* One batch; `width` is the bytes of an element of the state. */
static void run_batch(const svdf *op, const int8_t *input, uint8_t *state, int8_t *output, uint32_t width)
{
	const tflm_svdf_shape *shape = &op->shape;
	const int32_t *bias = shape->bias;
	uint32_t filters = shape->units * shape->rank, sums[BLOCK], sum = 0, left = shape->rank, unit = 0;
	for (uint32_t first = 0; first < filters; first += BLOCK) {
		uint32_t count = filters - first < BLOCK ? filters - first : BLOCK;
		const int8_t *features = (const int8_t *)shape->features + first * shape->inputs;
		tflm_dot_rows(input, -op->input_zero_point, features, shape->inputs, count, sums);
		for (uint32_t i = 0; i < count; i++) {
			uint32_t at = (first + i) * shape->memory;
			int32_t newest = (int32_t)sums[i];
			newest = tflm_rescale_call(newest, op->feature_multiplier, op->feature_shift, op->rounding);
			if (width == 1) sum += filter8(op, (int8_t *)state + at, (const int8_t *)shape->times + at, newest);
			else sum += filter16(op, (int16_t *)(void *)state + at, (const int16_t *)shape->times + at, newest);
			if (--left) continue;
			if (bias) sum += (uint32_t)bias[unit];
			int32_t value = tflm_rescale_call((int32_t)sum, op->time_multiplier, op->time_shift, op->rounding);
			output[unit++] = tflm_to_int8(value, op->output_zero_point, -128, 127);
			left = shape->rank;
			sum = 0;
		}
	}
}

static void run(const svdf *op, uint32_t width)
{
	const tflm_svdf_shape *shape = &op->shape;
	uint32_t elements = shape->units * shape->rank * shape->memory, bytes = elements * shape->batches * width;
	uint8_t *state = shape->state;
	/* All filters forget their oldest number at once: what comes to the last place of each is written next. */
	memmove(state, state + width, bytes - width);
	for (uint32_t b = 0; b < shape->batches; b++) {
		const int8_t *input = (const int8_t *)shape->input + b * shape->inputs;
		run_batch(op, input, state + b * elements * width, (int8_t *)shape->output + b * shape->units, width);
	}
}

static void run8(const void *data)
{
	run(data, 1);
}

static void run16(const void *data)
{
	run(data, 2);
}

void tflm_svdf_prepare(const tflm_node *node, tflm_svdf_shape *op)
{
	tflm_tensor bias, state;
	tflm_node_input(node, BIAS, &bias);
	tflm_node_input(node, STATE, &state);
	op->input = tflm_values(&node->input[0]);
	op->features = tflm_values(&node->input[1]);
	op->times = tflm_values(&node->input[2]);
	op->bias = bias.index >= 0 ? tflm_values(&bias) : NULL;
	op->state = state.data;
	op->output = node->output.data;
	op->batches = (uint32_t)node->input[0].dims[0];
	op->inputs = (uint32_t)node->input[0].dims[1];
	op->rank = (uint32_t)rank_of(node);
	op->units = (uint32_t)node->output.dims[1];
	op->memory = (uint32_t)node->input[2].dims[1];
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	if (node->input[0].type == TFLM_FLOAT32) return tflm_svdf_prepare_float(node, activation(node), data);
	svdf *op = data;
	tflm_tensor state;
	tflm_ratio feature, time;
	tflm_svdf_prepare(node, &op->shape);
	tflm_node_input(node, STATE, &state);
	(void)ratios_of(node, &state, &feature, &time);
	op->feature_multiplier = feature.multiplier;
	op->feature_shift = (int8_t)feature.shift;
	op->time_multiplier = time.multiplier;
	op->time_shift = (int8_t)time.shift;
	op->input_zero_point = (int16_t)node->input[0].zero_point;
	op->state_zero_point = (int16_t)state.zero_point;
	op->output_zero_point = (int8_t)node->output.zero_point;
	op->rounding = (uint8_t)node->rounding;
	return state.type == TFLM_INT8 ? run8 : run16;
}

const tflm_operator tflm_svdf = {
	.name = "SVDF", .code = 27, .options_type = 6, .min_inputs = 5, .max_inputs = 5, .outputs = 1,
	.check = check, .prepare = prepare,
};
