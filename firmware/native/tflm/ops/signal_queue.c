#include "signal_queue.h"
#include "tensor_checks.h"
#include <string.h>

static uint32_t bytes_of(const tflm_queue *queue)
{
	return (uint32_t)sizeof(tflm_queue_state) + tflm_round_up(queue->capacity * (uint32_t)sizeof(int16_t), 4);
}

tflm_code tflm_check_queue(const tflm_node *node, const tflm_queue *queue, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	uint64_t steps = (uint64_t)queue->rows * queue->steps;
	static const uint8_t types[] = {TFLM_INT16, TFLM_INT16, TFLM_BOOL};
	TFLM_TRY(tflm_need_types(node, 1, types));
	if (steps * queue->count != input->elements) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, input, (int32_t)queue->count);
	}
	if (steps * queue->shown != output->elements) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)queue->shown);
	}
	if (node->output_count > 1) {
		tflm_tensor valid;
		tflm_node_output(node, 1, &valid);
		if (valid.elements != 1) return tflm_fail(node, TFLM_SHAPE_MISMATCH, &valid, (int32_t)valid.elements);
	}
	uint64_t bytes = (uint64_t)queue->rows * bytes_of(queue);
	if (bytes > TFLM_QUEUE_BYTES) return tflm_fail(node, TFLM_TOO_MANY, input, (int32_t)bytes);
	needs->data = sizeof(tflm_queue);
	needs->state = (uint32_t)bytes;
	return TFLM_OK;
}

/* One step of one row; whether it shows its outputs. */
static int step(const tflm_queue *queue, tflm_queue_state *state, const int16_t *input, int16_t *output)
{
	int16_t *samples = (int16_t *)(state + 1);
	uint32_t copies = state->started ? 1 : 1 + queue->repeated;
	for (; copies; copies--) {
		memcpy(samples + queue->initial + state->appended, input, queue->count * sizeof *input);
		state->appended += queue->count;
	}
	state->started = 1;
	uint32_t filled = queue->initial + state->appended;
	if (filled < queue->shown) {
		memset(output, 0, queue->shown * sizeof *output);
		return 0;
	}
	memcpy(output, samples, queue->shown * sizeof *output);
	memmove(samples, samples + queue->dropped, (filled - queue->dropped) * sizeof *samples);
	state->appended -= queue->dropped;
	return 1;
}

static void run(const void *data)
{
	const tflm_queue *queue = data;
	const int16_t *input = queue->input;
	int16_t *output = queue->output;
	uint8_t valid = 1, *state = (uint8_t *)queue->state;
	for (uint32_t row = 0; row < queue->rows; row++, state += bytes_of(queue)) {
		for (uint32_t i = 0; i < queue->steps; i++, input += queue->count, output += queue->shown) {
			if (!step(queue, (tflm_queue_state *)(void *)state, input, output)) valid = 0;
		}
	}
	if (queue->valid) *queue->valid = valid;
}

tflm_run tflm_prepare_queue(const tflm_node *node, tflm_queue *queue)
{
	tflm_tensor valid;
	tflm_node_output(node, 1, &valid);
	queue->input = tflm_values(&node->input[0]);
	queue->output = (int16_t *)(void *)node->output.data;
	queue->valid = valid.data;
	queue->state = node->state;
	return run;
}
