/* SignalDelay: each row of the input, `delay_length` samples later. */
#include "signal_queue.h"

static tflm_code make(const tflm_node *node, tflm_queue *queue)
{
	const tflm_tensor *input = &node->input[0];
	int32_t delay, frame = input->rank ? input->dims[input->rank - 1] : 0;
	TFLM_TRY(tflm_custom_option(node, "delay_length", 0, TFLM_QUEUE_SAMPLES, &delay));
	if (frame < 1 || frame > TFLM_QUEUE_SAMPLES) return tflm_fail(node, TFLM_BAD_SHAPE, input, frame);
	queue->rows = input->elements / (uint32_t)frame;
	queue->steps = 1;
	queue->initial = (uint32_t)delay;
	queue->count = queue->shown = queue->dropped = (uint32_t)frame;
	queue->repeated = 0;
	queue->capacity = (uint32_t)(delay + frame);
	return TFLM_OK;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	tflm_queue queue;
	TFLM_TRY(make(node, &queue));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	return tflm_check_queue(node, &queue, needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	(void)make(node, data);
	return tflm_prepare_queue(node, data);
}

const tflm_operator tflm_signal_delay = {
	.name = "SignalDelay", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
