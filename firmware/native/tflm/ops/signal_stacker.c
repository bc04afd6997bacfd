/* SignalStacker: the features of several frames in a row, `stacker_left_context` before one and
   `stacker_right_context` behind it, every `stacker_step` frames. The first frame stands for those before it.
   The second output says whether this run has shown anything; if not, the first is 0. */
#include "signal_queue.h"

enum { MOST = 1 << 9 };

static tflm_code make(const tflm_node *node, tflm_queue *queue)
{
	int32_t channels, left, right, step;
	TFLM_TRY(tflm_custom_option(node, "num_channels", 1, TFLM_QUEUE_SAMPLES / MOST, &channels));
	TFLM_TRY(tflm_custom_option(node, "stacker_left_context", 0, MOST, &left));
	TFLM_TRY(tflm_custom_option(node, "stacker_right_context", 0, MOST, &right));
	TFLM_TRY(tflm_custom_option(node, "stacker_step", 1, left + right + 1, &step));
	queue->rows = queue->steps = 1;
	queue->initial = 0;
	queue->count = (uint32_t)channels;
	queue->shown = queue->capacity = (uint32_t)(channels * (left + right + 1));
	queue->dropped = (uint32_t)(channels * step);
	queue->repeated = (uint32_t)left;
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

const tflm_operator tflm_signal_stacker = {
	.name = "SignalStacker", .code = TFLM_CUSTOM, .min_inputs = 1, .max_inputs = 1, .outputs = 2,
	.check = check, .prepare = prepare,
};
