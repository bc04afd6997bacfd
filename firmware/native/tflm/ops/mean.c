/* MEAN in int8 over any axes: 1/N is folded into the ratio of scales, so that the sum is rounded but once.
   As QuantizedMeanOrSum of tensorflow/lite/kernels/internal/reference/reduce.h. */
#include "../operators.h"
#include "../quantized.h"
#include "../reader.h"

/* So that the sum of so many int8 values fits. */
enum { MAX_COUNT = 1 << 23 };

typedef struct {
	const int8_t *input;
	int8_t *output;
	uint32_t outputs, count; /* count: N, the inputs of each output */
	/* Dimensions that are kept and dimensions that are reduced: number of indices, and elements between them. */
	uint32_t kept, reduced;
	uint32_t kept_counts[TFLM_RANK], kept_steps[TFLM_RANK], reduced_counts[TFLM_RANK], reduced_steps[TFLM_RANK];
	int32_t multiplier;
	int16_t input_zero_point, output_zero_point;
	int8_t shift;
	uint8_t rounding;
} mean;

/* The axes as a set of bits; -1 when one is out of range. */
static int32_t axes_of(const tflm_node *node)
{
	const tflm_tensor *axes = &node->input[1];
	int32_t set = 0, rank = node->input[0].rank;
	for (uint32_t i = 0; i < axes->elements; i++) {
		int32_t axis = (int32_t)tflm_read_u32(axes->constant + 4 * i);
		if (axis < -rank || axis >= rank) return -1;
		set |= 1 << (axis < 0 ? axis + rank : axis);
	}
	return set;
}

static uint32_t count_of(const tflm_node *node, int32_t axes)
{
	uint32_t count = 1;
	for (int i = 0; i < node->input[0].rank; i++) {
		if (axes >> i & 1) count *= (uint32_t)node->input[0].dims[i];
	}
	return count;
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *axes = &node->input[1], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_int8(node, input));
	TFLM_TRY(tflm_need_int8(node, output));
	TFLM_TRY(tflm_need_type(node, axes, TFLM_INT32));
	if (!input->elements) return tflm_fail(node, TFLM_BAD_SHAPE, input, 0);
	if (!axes->constant) return tflm_fail(node, TFLM_BAD_OPERATOR, axes, 0);
	int32_t set = axes_of(node);
	if (set < 0) return tflm_fail(node, TFLM_BAD_OPERATOR, axes, 0);
	if (output->elements != input->elements / count_of(node, set)) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)output->elements);
	}
	if (count_of(node, set) > MAX_COUNT) return tflm_fail(node, TFLM_BAD_SHAPE, input, (int32_t)count_of(node, set));
	if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0);
	needs->data = sizeof(mean);
	return TFLM_OK;
}

/* Multiplies the ratio by 1 / count, keeping the shift in its range. */
static void divide_ratio(tflm_ratio *ratio, uint32_t count)
{
	int shift = 0;
	while (count >> (shift + 1)) shift++;
	if (shift > 31 + ratio->shift) shift = 31 + ratio->shift;
	ratio->multiplier = (int32_t)(((int64_t)ratio->multiplier << shift) / count);
	ratio->shift -= shift;
}

/* Moves to the next index, innermost dimension first; 0 after the last. */
static int next(uint32_t *index, const uint32_t *counts, const uint32_t *steps, uint32_t rank, const int8_t **at)
{
	for (uint32_t i = 0; i < rank; i++) {
		*at += steps[i];
		if (++index[i] < counts[i]) return 1;
		index[i] = 0;
		*at -= steps[i] * counts[i];
	}
	return 0;
}

static void run(const void *data)
{
	const mean *op = data;
	uint32_t kept[TFLM_RANK] = {0}, reduced[TFLM_RANK] = {0};
	const int8_t *first = op->input;
	for (uint32_t o = 0; o < op->outputs; o++) {
		const int8_t *x = first;
		int32_t sum = 0;
		do sum += *x;
		while (next(reduced, op->reduced_counts, op->reduced_steps, op->reduced, &x));
		sum -= op->input_zero_point * (int32_t)op->count;
		int32_t value = tflm_rescale(sum, op->multiplier, op->shift, op->rounding);
		op->output[o] = tflm_to_int8(value, op->output_zero_point, -128, 127);
		(void)next(kept, op->kept_counts, op->kept_steps, op->kept, &first);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t axes = axes_of(node);
	mean *op = data;
	tflm_ratio ratio;
	uint32_t step = 1;
	op->input = tflm_values(input);
	op->output = (int8_t *)output->data;
	op->outputs = output->elements;
	op->count = count_of(node, axes);
	op->kept = op->reduced = 0;
	for (int i = input->rank - 1; i >= 0; i--) {
		uint32_t dim = (uint32_t)input->dims[i];
		if (axes >> i & 1) op->reduced_counts[op->reduced] = dim, op->reduced_steps[op->reduced++] = step;
		else op->kept_counts[op->kept] = dim, op->kept_steps[op->kept++] = step;
		step *= dim;
	}
	(void)ratio_of(node, &ratio);
	divide_ratio(&ratio, op->count);
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->input_zero_point = (int16_t)input->zero_point;
	op->output_zero_point = (int16_t)output->zero_point;
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_mean = {
	.name = "MEAN", .code = 40, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
