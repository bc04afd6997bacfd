/* TRANSPOSE_CONV: each input cell adds its products with the filter, [out channel, height, width, in channel], to a
   window of the output. TFLite Micro does that in a scratch area of wide sums; here each output gathers the cells that
   reach it, which needs none. As tensorflow/lite/kernels/internal/reference/integer_ops/transpose_conv.h. */
#include "../convolution.h"
#include "../reader.h"

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_ACTIVATION };
enum { INPUT_SHAPE, INPUT_WEIGHTS, INPUT_VALUES, INPUT_BIAS };

/* Inputs in the order of the other convolutions, without a bias of int16. */
static tflm_node as_convolution(const tflm_node *node, tflm_tensor *bias)
{
	tflm_node result = *node;
	tflm_node_input(node, INPUT_BIAS, bias);
	result.input[0] = node->input[INPUT_VALUES];
	result.input[2] = *bias;
	if (bias->type == TFLM_INT16) result.input[2].index = -1;
	return result;
}

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

/* As a convolution over the output, which gives the input. */
static tflm_code make_sweep(const tflm_node *node, tflm_sweep *sweep)
{
	const tflm_model *model = node->model;
	const tflm_window window = {
		.height = node->input[INPUT_WEIGHTS].dims[1], .width = node->input[INPUT_WEIGHTS].dims[2],
		.stride_y = tflm_field_i32(model, node->options, OPTION_STRIDE_Y, 0),
		.stride_x = tflm_field_i32(model, node->options, OPTION_STRIDE_X, 0),
		.dilation_y = 1, .dilation_x = 1,
	};
	tflm_node reverse = *node;
	reverse.input[0] = node->output;
	reverse.output = node->input[INPUT_VALUES];
	return tflm_make_sweep(&reverse, &window, tflm_field_i8(model, node->options, OPTION_PADDING, 0), sweep);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[INPUT_WEIGHTS], *input = &node->input[INPUT_VALUES];
	tflm_sweep sweep;
	tflm_tensor bias;
	if (weights->rank != 4 || !weights->elements) return tflm_fail(node, TFLM_BAD_SHAPE, weights, weights->rank);
	TFLM_TRY(make_sweep(node, &sweep));
	if (input->dims[3] != weights->dims[3]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, weights->dims[3]);
	if (node->output.dims[3] != weights->dims[0]) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, &node->output, node->output.dims[3]);
	}
	needs->macs = (uint64_t)input->elements * (weights->elements / (uint32_t)weights->dims[3]);
	tflm_node convolution = as_convolution(node, &bias);
	if (bias.index >= 0 && bias.type == TFLM_INT16) {
		TFLM_TRY(tflm_need_type(node, input, TFLM_INT16));
		if (bias.elements != (uint32_t)weights->dims[0]) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, &bias, (int32_t)bias.elements);
		}
	}
	return tflm_check_convolution(&convolution, TFLM_TRANSPOSE_CONV, activation(node), needs);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_convolution_sum *op = data;
	tflm_sweep sweep;
	tflm_tensor bias;
	tflm_node convolution = as_convolution(node, &bias);
	(void)make_sweep(node, &sweep);
	tflm_run run = tflm_prepare_convolution(&convolution, TFLM_TRANSPOSE_CONV, activation(node), &sweep, data);
	if (bias.index >= 0 && bias.type == TFLM_INT16) op->wide.short_bias = tflm_values(&bias);
	return run;
}

const tflm_operator tflm_transpose_conv = {
	.name = "TRANSPOSE_CONV", .code = 67, .options_type = 49, .min_inputs = 3, .max_inputs = 4, .outputs = 1,
	.check = check, .prepare = prepare,
};
