#include "interleave.h"
#include "reader.h"
#include <string.h>

uint32_t tflm_interleave_bytes(uint32_t parts)
{
	const tflm_interleave *sizes = NULL;
	return (uint32_t)(sizeof *sizes + parts * sizeof sizes->parts[0]);
}

int32_t tflm_axis_of(int32_t axis, int32_t rank)
{
	if (axis < -rank || axis >= rank) return -1;
	return axis < 0 ? axis + rank : axis;
}

int32_t tflm_constant_axis(const tflm_tensor *axis, int32_t rank)
{
	if (axis->type != TFLM_INT32 || axis->elements != 1 || !axis->constant) return -1;
	return tflm_axis_of((int32_t)tflm_read_u32(axis->constant), rank);
}

/* Checks one part, and adds to `size` what it takes of the axis. */
static tflm_code check_part(const tflm_node *node, const tflm_tensor *whole, const tflm_tensor *part, int32_t axis,
	tflm_part_kind kind, uint32_t *size)
{
	int32_t lacking = kind == TFLM_AT_INDEX;
	if (part->index < 0 || !part->elements) return tflm_fail(node, TFLM_BAD_SHAPE, part, 0);
	TFLM_TRY(tflm_need_type(node, part, whole->type));
	if (part->rank + lacking != whole->rank) return tflm_fail(node, TFLM_SHAPE_MISMATCH, part, part->rank);
	for (int32_t i = 0; i < whole->rank; i++) {
		if (i == axis) continue;
		int32_t dim = part->dims[i - (lacking && i > axis)];
		if (dim != whole->dims[i]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, part, dim);
	}
	*size += lacking ? 1 : (uint32_t)part->dims[axis];
	/* At once, so that the sum cannot overflow. */
	if (*size > (uint32_t)whole->dims[axis]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, part, part->dims[axis]);
	return TFLM_OK;
}

typedef void (*describe)(const tflm_node *node, uint32_t position, tflm_tensor *tensor);

static tflm_code check_parts(const tflm_node *node, const tflm_tensor *whole, int32_t axis, tflm_part_kind kind,
	uint32_t count, describe part_of, tflm_needs *needs)
{
	uint32_t size = 0;
	if (axis < 0) return tflm_fail(node, TFLM_BAD_OPERATOR, whole, axis);
	for (uint32_t i = 0; i < count; i++) {
		tflm_tensor part;
		part_of(node, i, &part);
		TFLM_TRY(check_part(node, whole, &part, axis, kind, &size));
	}
	if (size != (uint32_t)whole->dims[axis]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, whole, whole->dims[axis]);
	needs->data = tflm_interleave_bytes(count);
	return TFLM_OK;
}

tflm_code tflm_check_join(const tflm_node *node, int32_t axis, tflm_part_kind kind, tflm_needs *needs)
{
	return check_parts(node, &node->output, axis, kind, node->input_count, tflm_node_input, needs);
}

tflm_code tflm_check_split(const tflm_node *node, const tflm_tensor *whole, int32_t axis, tflm_part_kind kind,
	tflm_needs *needs)
{
	return check_parts(node, whole, axis, kind, node->output_count, tflm_node_output, needs);
}

static void make(const tflm_node *node, const tflm_tensor *whole, int32_t axis, uint32_t count, describe part_of,
	tflm_interleave *op)
{
	/* The same for both directions: what is only read is not written through these. */
	op->whole = (uint8_t *)(uintptr_t)tflm_values(whole);
	op->rows = 1;
	op->count = count;
	for (int32_t i = 0; i < axis; i++) op->rows *= (uint32_t)whole->dims[i];
	for (uint32_t i = 0; i < count; i++) {
		tflm_tensor part;
		part_of(node, i, &part);
		op->parts[i].bytes = (uint8_t *)(uintptr_t)tflm_values(&part);
		op->parts[i].row = part.bytes / op->rows;
	}
}

static void join(const void *data)
{
	const tflm_interleave *op = data;
	uint8_t *whole = op->whole;
	for (uint32_t r = 0; r < op->rows; r++) {
		for (uint32_t i = 0; i < op->count; i++) {
			uint32_t row = op->parts[i].row;
			memcpy(whole, op->parts[i].bytes + r * row, row);
			whole += row;
		}
	}
}

static void split(const void *data)
{
	const tflm_interleave *op = data;
	const uint8_t *whole = op->whole;
	for (uint32_t r = 0; r < op->rows; r++) {
		for (uint32_t i = 0; i < op->count; i++) {
			uint32_t row = op->parts[i].row;
			memcpy(op->parts[i].bytes + r * row, whole, row);
			whole += row;
		}
	}
}

tflm_run tflm_prepare_join(const tflm_node *node, int32_t axis, void *data)
{
	make(node, &node->output, axis, node->input_count, tflm_node_input, data);
	return join;
}

tflm_run tflm_prepare_split(const tflm_node *node, const tflm_tensor *whole, int32_t axis, void *data)
{
	make(node, whole, axis, node->output_count, tflm_node_output, data);
	return split;
}
