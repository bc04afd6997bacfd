/* SignalFramer: overlapping frames of `frame_size` samples, `frame_step` apart, of each row of the input. The
   second output says whether there were samples enough for all of them; frames for which there were not are 0.
   With `prefill` there are always, since zeros come first. */
#include "signal_queue.h"

static tflm_code make(const tflm_node *node, tflm_queue *queue)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t size, step, prefill, row = input->rank ? input->dims[input->rank - 1] : 0;
	TFLM_TRY(tflm_custom_option(node, "frame_size", 1, TFLM_QUEUE_SAMPLES, &size));
	TFLM_TRY(tflm_custom_option(node, "frame_step", 1, size, &step));
	TFLM_TRY(tflm_custom_option(node, "prefill", 0, 1, &prefill));
	if (row < step || row % step) return tflm_fail(node, TFLM_BAD_SHAPE, input, row);
	if (!output->rank || output->dims[output->rank - 1] != size) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, size);
	}
	queue->rows = input->elements / (uint32_t)row;
	queue->steps = (uint32_t)(row / step);
	queue->initial = (uint32_t)(prefill ? size - step : 0);
	queue->count = queue->dropped = (uint32_t)step;
	queue->shown = (uint32_t)size;
	queue->repeated = 0;
	queue->capacity = tflm_round_up((uint32_t)size, (uint32_t)step);
	return TFLM_OK;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_queue queue;
	TFLM_TRY(make(node, &queue));
	return tflm_check_queue(node, &queue, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	(void)make(node, data);
	return tflm_prepare_queue(node, data);
}

const tflm_operator tflm_signal_framer = {
	.name = "SignalFramer", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 2,
	.check = check, .prepare = prepare,
};
