/* CONCATENATION: joins its inputs along an axis. */
#include "../interleave.h"
#include "../reader.h"

enum { OPTION_AXIS, OPTION_ACTIVATION };

static int32_t axis_of(const tflm_node *node)
{
	return tflm_axis_of(tflm_field_i32(node->model, node->options, OPTION_AXIS, 0), node->output.rank);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *output = &node->output;
	int32_t activation = tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
	if (activation) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
	TFLM_TRY(tflm_check_join(node, axis_of(node), TFLM_ALONG_AXIS, needs));
	/* Values are copied as they are. */
	for (uint32_t i = 0; i < node->input_count && output->type == TFLM_INT8; i++) {
		tflm_tensor input;
		tflm_node_input(node, i, &input);
		if (input.scale != output->scale || input.zero_point != output->zero_point) {
			return tflm_fail(node, TFLM_BAD_QUANTIZATION, &input, input.zero_point);
		}
	}
	return TFLM_OK;
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	return tflm_prepare_join(node, axis_of(node), data);
}

const tflm_operator tflm_concatenation = {
	.name = "CONCATENATION", .code = 2, .options_type = 10, .min_inputs = 1, .max_inputs = TFLM_ANY, .outputs = 1,
	.check = check, .prepare = prepare,
};
