#include "strided.h"
#include <string.h>

void tflm_simplify_strides(tflm_strides *strides)
{
	tflm_steps *dims = strides->dims;
	uint32_t rank = 0;
	for (uint32_t i = 0; i < strides->rank; i++) {
		tflm_steps next = dims[i];
		if (next.count == 1) continue;
		if (rank && dims[rank - 1].from == (int32_t)(next.count * (uint32_t)next.from) &&
			dims[rank - 1].to == (int32_t)(next.count * (uint32_t)next.to)) {
			next.count *= dims[--rank].count;
		}
		dims[rank++] = next;
	}
	if (rank && dims[rank - 1].from == (int32_t)strides->block && dims[rank - 1].to == (int32_t)strides->block) {
		strides->block *= dims[--rank].count;
	}
	strides->rank = rank;
}

uint32_t tflm_strided_bytes(const tflm_strides *strides)
{
	return (uint32_t)(sizeof(tflm_strided) + strides->rank * sizeof(tflm_steps));
}

void tflm_make_strided(tflm_strided *copy, const tflm_strides *strides, const void *from, void *to)
{
	copy->from = from;
	copy->to = to;
	copy->block = strides->block;
	copy->rank = strides->rank;
	memcpy(copy->dims, strides->dims, strides->rank * sizeof *copy->dims);
}

/* The innermost dimension. */
static void copy_line(const uint8_t *from, uint8_t *to, const tflm_steps *line, uint32_t block)
{
	uint32_t i = 0;
	int32_t from_step = line->from, to_step = line->to;
	if (block == 1) {
		for (; i < line->count; i++) to[(int32_t)i * to_step] = from[(int32_t)i * from_step];
	} else {
		for (; i < line->count; i++) memcpy(to + (int32_t)i * to_step, from + (int32_t)i * from_step, block);
	}
}

void tflm_run_strided(const tflm_strided *copy)
{
	const uint8_t *from = copy->from;
	uint8_t *to = copy->to;
	uint32_t index[TFLM_RANK] = {0}, inner = copy->rank - 1;
	if (!copy->rank) {
		memcpy(to, from, copy->block);
		return;
	}
	for (;;) {
		copy_line(from, to, &copy->dims[inner], copy->block);
		uint32_t i = inner;
		for (;;) {
			if (!i--) return;
			const tflm_steps *dim = &copy->dims[i];
			if (index[i] + 1 < dim->count) {
				index[i]++;
				from += dim->from;
				to += dim->to;
				break;
			}
			from -= (int32_t)index[i] * dim->from;
			to -= (int32_t)index[i] * dim->to;
			index[i] = 0;
		}
	}
}
