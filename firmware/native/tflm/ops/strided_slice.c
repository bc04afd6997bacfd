/* STRIDED_SLICE: of each dimension the indices from `begin` on, in steps, up to `end`, which is not part of it; steps
   may be negative, begins and ends below 0 count from the end, and beyond either end they are cut off. A bit of a mask
   says that a begin or end is all that there is, whatever its value, or that a dimension is at one index and left out
   of the output. */
#include "../reader.h"
#include "../strided.h"

enum { OPTION_BEGIN_MASK, OPTION_END_MASK, OPTION_ELLIPSIS_MASK, OPTION_NEW_AXIS_MASK, OPTION_SHRINK_MASK,
	OPTION_IS_OFFSET };
enum { INPUT_VALUES, INPUT_BEGIN, INPUT_END, INPUT_STRIDES };

typedef struct {
	int32_t begin, end, stride;
	int32_t size; /* of the dimension */
	int has_begin, has_end, is_shrunk;
} slice;

static int option(const tflm_node *node, uint32_t field, uint32_t i)
{
	return (tflm_field_i32(node->model, node->options, field, 0) >> i) & 1;
}

/* Dimension i; those beyond the given ones are taken whole. */
static slice slice_of(const tflm_node *node, const tflm_tensor *strides, uint32_t i)
{
	slice s = {.stride = 1, .size = node->input[INPUT_VALUES].dims[i]};
	if (i >= strides->elements) return s;
	s.begin = (int32_t)tflm_read_u32(node->input[INPUT_BEGIN].constant + 4 * i);
	s.end = (int32_t)tflm_read_u32(node->input[INPUT_END].constant + 4 * i);
	s.stride = (int32_t)tflm_read_u32(strides->constant + 4 * i);
	s.has_begin = !option(node, OPTION_BEGIN_MASK, i);
	s.has_end = !option(node, OPTION_END_MASK, i);
	s.is_shrunk = option(node, OPTION_SHRINK_MASK, i);
	return s;
}

/* An index as it is given: counted from the start, and cut off one step beyond the ends at most. */
static int32_t index_of(const slice *s, int32_t given)
{
	int32_t low = s->stride > 0 ? 0 : -1, high = s->stride > 0 ? s->size : s->size - 1;
	if (given < 0) given += s->size;
	return given < low ? low : given > high ? high : given;
}

static int32_t begin_of(const slice *s)
{
	if (!s->has_begin) return s->stride > 0 ? 0 : s->size - 1;
	return index_of(s, s->begin);
}

/* The number of indices. */
static int32_t count_of(const slice *s)
{
	int32_t begin = begin_of(s);
	if (s->is_shrunk) return begin >= 0 && begin < s->size;
	int32_t end = s->has_end ? index_of(s, s->end) : s->stride > 0 ? s->size : -1;
	int64_t way = s->stride > 0 ? (int64_t)end - begin : (int64_t)begin - end;
	int64_t step = s->stride > 0 ? s->stride : -(int64_t)s->stride;
	return way > 0 ? (int32_t)((way + step - 1) / step) : 0;
}

/* Returns the offset of the first element. */
static uint32_t make_strides(const tflm_node *node, const tflm_tensor *given, tflm_strides *strides)
{
	const tflm_tensor *input = &node->input[INPUT_VALUES];
	uint32_t from = tflm_type_bytes(input->type), to = from, first = 0;
	strides->block = from;
	strides->rank = input->rank;
	for (uint32_t i = input->rank; i-- > 0;) {
		slice s = slice_of(node, given, i);
		uint32_t count = (uint32_t)count_of(&s);
		strides->dims[i] = (tflm_steps){count, (int32_t)((uint32_t)s.stride * from), (int32_t)to};
		first += (uint32_t)begin_of(&s) * from;
		from *= (uint32_t)s.size;
		to *= count;
	}
	tflm_simplify_strides(strides);
	return first;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[INPUT_VALUES], *output = &node->output;
	uint32_t count = node->input[INPUT_BEGIN].elements, rank = 0;
	tflm_tensor given;
	tflm_strides strides;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	for (uint32_t i = INPUT_BEGIN; i <= INPUT_STRIDES; i++) {
		tflm_node_input(node, i, &given);
		TFLM_TRY(tflm_need_type(node, &given, TFLM_INT32));
		TFLM_TRY(tflm_need_constant(node, &given));
		if (given.elements != count) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &given, (int32_t)given.elements);
	}
	if (count > input->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &given, (int32_t)count);
	for (uint32_t field = OPTION_ELLIPSIS_MASK; field <= OPTION_NEW_AXIS_MASK; field++) {
		int32_t mask = tflm_field_i32(node->model, node->options, field, 0);
		if (mask) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, mask);
	}
	if (tflm_field_i8(node->model, node->options, OPTION_IS_OFFSET, 0)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, 1);
	}
	for (uint32_t i = 0; i < input->rank; i++) {
		slice s = slice_of(node, &given, i);
		if (!s.stride) return tflm_fail(node, TFLM_BAD_OPERATOR, &given, 0);
		int32_t indices = count_of(&s);
		if (!indices) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, 0);
		if (s.is_shrunk) continue;
		if (rank >= output->rank || output->dims[rank] != indices) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, indices);
		}
		rank++;
	}
	if (rank != output->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	(void)make_strides(node, &given, &strides);
	needs->data = tflm_strided_bytes(&strides);
	return TFLM_OK;
}

static void run(const void *data)
{
	tflm_run_strided(data);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_tensor given;
	tflm_strides strides;
	tflm_node_input(node, INPUT_STRIDES, &given);
	uint32_t first = make_strides(node, &given, &strides);
	const uint8_t *values = tflm_values(&node->input[INPUT_VALUES]);
	tflm_make_strided(data, &strides, values + first, node->output.data);
	return run;
}

const tflm_operator tflm_strided_slice = {
	.name = "STRIDED_SLICE", .code = 45, .options_type = 32, .min_inputs = 4, .max_inputs = 4, .outputs = 1,
	.check = check, .prepare = prepare,
};
