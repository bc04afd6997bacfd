/* PAD: the input with a border of zeros (int8: zero points). As tensorflow/lite/kernels/internal/reference/pad.h. */
#include "../padding.h"

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_padding(node, NULL, data);
}

const tflm_operator tflm_pad = {
	.name = "PAD", .code = 34, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = tflm_check_padding, .prepare = prepare,
};
