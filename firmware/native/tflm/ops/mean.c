/* MEAN over any axes. Of integers 1/N is folded into the ratio of scales, so that the sum is rounded but once.
   As QuantizedMeanOrSum and Mean of tensorflow/lite/kernels/internal/reference/reduce.h. */
#include "../operators.h"
#include "../quantized.h"
#include "../reader.h"

/* So that the sum of so many values of int8 or int16 fits. */
enum { MAX_BYTES = 1 << 23, MAX_SHORTS = 65535 };

/* Dimensions next to each other that are all kept or all reduced are one. */
typedef struct {
	uint32_t count, step; /* indices, and elements from one to the next */
} dimension;

/* Innermost first. */
typedef struct {
	uint32_t kept, reduced; /* how many dimensions */
	dimension kept_dims[TFLM_RANK], reduced_dims[TFLM_RANK];
} split;

typedef struct {
	const void *input;
	void *output;
	uint32_t outputs, count; /* count: N, the inputs of each output */
	int32_t multiplier;
	int16_t input_zero_point, zero_point; /* the output's */
	int16_t low, high;
	int8_t shift;
	uint8_t rounding, type;
	uint8_t kept, reduced;
	dimension dims[]; /* the kept ones, then the reduced ones */
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

static void add_dimension(dimension *dims, uint32_t *rank, uint32_t count, uint32_t step)
{
	if (count == 1) return;
	if (*rank && step == dims[*rank - 1].step * dims[*rank - 1].count) dims[*rank - 1].count *= count;
	else dims[(*rank)++] = (dimension){count, step};
}

static split split_of(const tflm_node *node, int32_t axes)
{
	split s = {0};
	uint32_t step = 1;
	for (int i = node->input[0].rank - 1; i >= 0; i--) {
		uint32_t count = (uint32_t)node->input[0].dims[i];
		if (axes >> i & 1) add_dimension(s.reduced_dims, &s.reduced, count, step);
		else add_dimension(s.kept_dims, &s.kept, count, step);
		step *= count;
	}
	return s;
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *axes = &node->input[1], *output = &node->output;
	tflm_ratio ratio;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(tflm_need_type(node, axes, TFLM_INT32));
	TFLM_TRY(tflm_need_constant(node, axes));
	int32_t set = axes_of(node);
	if (set < 0) return tflm_fail(node, TFLM_BAD_OPERATOR, axes, 0);
	uint32_t count = count_of(node, set);
	if (output->elements != input->elements / count) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)output->elements);
	}
	if (input->type != TFLM_FLOAT32) {
		TFLM_TRY(tflm_need_quantized(node, input));
		TFLM_TRY(tflm_need_quantized(node, output));
		if (count > (input->type == TFLM_INT16 ? MAX_SHORTS : MAX_BYTES)) {
			return tflm_fail(node, TFLM_BAD_SHAPE, input, (int32_t)count);
		}
		if (ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0);
	}
	split s = split_of(node, set);
	needs->data = (uint32_t)(sizeof(mean) + (s.kept + s.reduced) * sizeof(dimension));
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
static int next(uint32_t *index, const dimension *dims, uint32_t rank, uint32_t *at)
{
	for (uint32_t i = 0; i < rank; i++) {
		*at += dims[i].step;
		if (++index[i] < dims[i].count) return 1;
		index[i] = 0;
		*at -= dims[i].step * dims[i].count;
	}
	return 0;
}

static void run(const void *data)
{
	const mean *op = data;
	const int8_t *bytes = op->input;
	const int16_t *shorts = op->input;
	uint32_t kept[TFLM_RANK] = {0}, reduced[TFLM_RANK] = {0}, first = 0;
	for (uint32_t o = 0; o < op->outputs; o++) {
		uint32_t at = first;
		int32_t sum = 0;
		do sum += op->type == TFLM_INT16 ? shorts[at] : bytes[at];
		while (next(reduced, op->dims + op->kept, op->reduced, &at));
		sum -= op->input_zero_point * (int32_t)op->count;
		int32_t value = tflm_rescale_call(sum, op->multiplier, op->shift, op->rounding);
		value = tflm_clamp(value, op->low - op->zero_point, op->high - op->zero_point) + op->zero_point;
		tflm_store(op->type, op->output, o, value);
		(void)next(kept, op->dims, op->kept, &first);
	}
}

static void run_float(const void *data)
{
	const mean *op = data;
	const float *input = op->input;
	float *output = op->output;
	uint32_t kept[TFLM_RANK] = {0}, reduced[TFLM_RANK] = {0}, first = 0;
	for (uint32_t o = 0; o < op->outputs; o++) {
		uint32_t at = first;
		float sum = 0;
		do sum += input[at];
		while (next(reduced, op->dims + op->kept, op->reduced, &at));
		output[o] = sum / (float)op->count;
		(void)next(kept, op->dims, op->kept, &first);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t axes = axes_of(node);
	mean *op = data;
	split s = split_of(node, axes);
	tflm_ratio ratio = {0, 0};
	int32_t low, high;
	op->input = tflm_values(input);
	op->output = output->data;
	op->outputs = output->elements;
	op->count = count_of(node, axes);
	op->kept = (uint8_t)s.kept;
	op->reduced = (uint8_t)s.reduced;
	for (uint32_t i = 0; i < s.kept; i++) op->dims[i] = s.kept_dims[i];
	for (uint32_t i = 0; i < s.reduced; i++) op->dims[s.kept + i] = s.reduced_dims[i];
	if (input->type == TFLM_FLOAT32) return run_float;
	(void)ratio_of(node, &ratio);
	divide_ratio(&ratio, op->count);
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->input_zero_point = (int16_t)input->zero_point;
	op->zero_point = (int16_t)output->zero_point;
	op->type = input->type;
	tflm_range_of(input->type, &low, &high);
	op->low = (int16_t)low;
	op->high = (int16_t)high;
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_mean = {
	.name = "MEAN", .code = 40, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
