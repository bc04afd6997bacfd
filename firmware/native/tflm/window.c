#include "window.h"
#include "reader.h"

/* Sizes are kept in 16 bits. */
enum { LARGEST = 65535 };

/* One axis: the padding before the image, or -1 when the window gives another number of outputs. All are in range, so that
   products fit into 32 bits. */
static int32_t pad_before(uint32_t image, uint32_t cells, uint32_t stride, uint32_t dilation, int32_t padding, uint32_t out)
{
	uint32_t reach = (cells - 1) * dilation + 1;
	if (padding && reach > image) return -1;
	uint32_t steps = ((padding ? image - reach + 1 : image) + stride - 1) / stride;
	if (steps != out) return -1;
	int64_t missing = (int64_t)((out - 1) * stride) + reach - image;
	return missing > 0 ? (int32_t)(missing >> 1) : 0;
}

static int in_range(int32_t value)
{
	return value > 0 && value <= LARGEST;
}

tflm_code tflm_make_sweep(const tflm_node *node, const tflm_window *window, int32_t padding, tflm_sweep *sweep)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	const int32_t steps[] = {window->height, window->width, window->stride_y, window->stride_x, window->dilation_y,
		window->dilation_x};
	if (input->rank != 4) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank);
	if (output->rank != 4) return tflm_fail(node, TFLM_BAD_SHAPE, output, output->rank);
	for (int i = 0; i < 4; i++) {
		if (!in_range(input->dims[i])) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->dims[i]);
		if (!in_range(output->dims[i])) return tflm_fail(node, TFLM_BAD_SHAPE, output, output->dims[i]);
	}
	for (int i = 0; i < 6; i++) {
		if (!in_range(steps[i])) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, steps[i]);
	}
	if (padding != 0 && padding != 1) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, padding);
	int32_t pad_y = pad_before((uint32_t)input->dims[1], (uint32_t)window->height, (uint32_t)window->stride_y,
		(uint32_t)window->dilation_y, padding, (uint32_t)output->dims[1]);
	int32_t pad_x = pad_before((uint32_t)input->dims[2], (uint32_t)window->width, (uint32_t)window->stride_x,
		(uint32_t)window->dilation_x, padding, (uint32_t)output->dims[2]);
	if (pad_y < 0 || pad_x < 0 || pad_y > LARGEST || pad_x > LARGEST || input->dims[0] != output->dims[0]) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, 0);
	}
	*sweep = (tflm_sweep){
		.batches = (uint16_t)input->dims[0],
		.in_height = (uint16_t)input->dims[1], .in_width = (uint16_t)input->dims[2],
		.out_height = (uint16_t)output->dims[1], .out_width = (uint16_t)output->dims[2],
		.height = (uint16_t)window->height, .width = (uint16_t)window->width,
		.stride_y = (uint16_t)window->stride_y, .stride_x = (uint16_t)window->stride_x,
		.dilation_y = (uint16_t)window->dilation_y, .dilation_x = (uint16_t)window->dilation_x,
		.pad_y = (uint16_t)pad_y, .pad_x = (uint16_t)pad_x,
	};
	return TFLM_OK;
}

tflm_code tflm_convolution_sweep(const tflm_node *node, int32_t dilation_option, tflm_sweep *sweep)
{
	enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y };
	const tflm_model *model = node->model;
	const tflm_window window = {
		.height = node->input[1].dims[1], .width = node->input[1].dims[2],
		.stride_y = tflm_field_i32(model, node->options, OPTION_STRIDE_Y, 0),
		.stride_x = tflm_field_i32(model, node->options, OPTION_STRIDE_X, 0),
		.dilation_x = tflm_field_i32(model, node->options, dilation_option, 1),
		.dilation_y = tflm_field_i32(model, node->options, dilation_option + 1, 1),
	};
	return tflm_make_sweep(node, &window, tflm_field_i8(model, node->options, OPTION_PADDING, 0), sweep);
}
