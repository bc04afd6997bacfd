/* SignalOverlapAdd: adds up frames that overlap, [.., frames, size], each `frame_step` behind the one before it, to the
   samples that they were cut from, [.., frames * frame_step], in int16 (saturated) or float32. */
#include "../flexbuffer.h"
#include "../quantized.h"
#include <string.h>

typedef struct {
	const uint8_t *input;
	uint8_t *output, *state; /* state: the sums so far of the samples to come, for each row */
	uint32_t rows, frames, size, step;
	uint8_t width;
} overlap_add;

static tflm_code frame_step(const tflm_node *node, int32_t *step)
{
	const tflm_tensor *input = &node->input[0];
	if (input->rank < 2) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank);
	return tflm_custom_option(node, "frame_step", 1, input->dims[input->rank - 1], step);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t step;
	if (input->type != TFLM_FLOAT32) TFLM_TRY(tflm_need_type(node, input, TFLM_INT16));
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(frame_step(node, &step));
	uint32_t size = (uint32_t)input->dims[input->rank - 1];
	if (output->elements != (uint64_t)(input->elements / size) * (uint32_t)step) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, step);
	}
	needs->data = sizeof(overlap_add);
	needs->state = input->bytes / (uint32_t)input->dims[input->rank - 2];
	return TFLM_OK;
}

static void add(const overlap_add *op, void *sums, const void *input)
{
	for (uint32_t i = 0; i < op->size; i++) {
		if (op->width == sizeof(float)) ((float *)sums)[i] += ((const float *)input)[i];
		else {
			int32_t sum = ((int16_t *)sums)[i] + ((const int16_t *)input)[i];
			((int16_t *)sums)[i] = (int16_t)tflm_clamp(sum, INT16_MIN, INT16_MAX);
		}
	}
}

static void run(const void *data)
{
	const overlap_add *op = data;
	const uint8_t *input = op->input;
	uint8_t *output = op->output, *sums = op->state;
	uint32_t size = op->size * op->width, step = op->step * op->width;
	for (uint32_t row = 0; row < op->rows; row++, sums += size) {
		for (uint32_t i = 0; i < op->frames; i++, input += size, output += step) {
			add(op, sums, input);
			memcpy(output, sums, step);
			memmove(sums, sums + step, size - step);
			memset(sums + size - step, 0, step);
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0];
	overlap_add *op = data;
	int32_t step = 1;
	(void)frame_step(node, &step);
	op->input = tflm_values(input);
	op->output = node->output.data;
	op->state = node->state;
	op->size = (uint32_t)input->dims[input->rank - 1];
	op->frames = (uint32_t)input->dims[input->rank - 2];
	op->rows = input->elements / (op->size * op->frames);
	op->step = (uint32_t)step;
	op->width = input->type == TFLM_INT16 ? sizeof(int16_t) : sizeof(float);
	return run;
}

const tflm_operator tflm_signal_overlap_add = {
	.name = "SignalOverlapAdd", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
