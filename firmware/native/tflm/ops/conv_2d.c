/* CONV_2D in int8: a window slides over the image, and each output channel is the dot product of the window's cells with
   that channel's filter. A filter [out channel, height, width, in channel] is one contiguous row, so the window's cells
   are gathered into a row as well (cells outside of the image as the zero point, which counts nothing), unless the window
   is a single cell, which is a row already. As tensorflow/lite/kernels/internal/reference/integer_ops/conv.h. */
#include "../dot.h"
#include "../output_stage.h"
#include "../reader.h"
#include "../window.h"
#include <string.h>

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_ACTIVATION, OPTION_DILATION_X, OPTION_DILATION_Y };
enum { BLOCK = 32 };

typedef struct {
	const int8_t *input, *weights;
	int8_t *output, *row; /* row: where the window is gathered, NULL when that is not needed */
	uint32_t in_channels, out_channels;
	int16_t zero_point;
	tflm_sweep sweep;
	tflm_output_stage stage;
} convolution;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static int is_single_cell(const tflm_sweep *sweep)
{
	return sweep->height == 1 && sweep->width == 1;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[1], *output = &node->output;
	tflm_sweep sweep;
	if (weights->rank != 4 || !weights->elements) return tflm_fail(node, TFLM_BAD_SHAPE, weights, weights->rank);
	TFLM_TRY(tflm_convolution_sweep(node, OPTION_DILATION_X, &sweep));
	/* Grouped convolutions have fewer input channels in the filter. */
	if (node->input[0].dims[3] != weights->dims[3]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, 0);
	if (output->dims[3] != weights->dims[0]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[3]);
	uint32_t row = weights->elements / (uint32_t)weights->dims[0];
	needs->data = sizeof(convolution);
	needs->macs = (uint64_t)output->elements * row;
	needs->scratch = is_single_cell(&sweep) ? 0 : row;
	return tflm_check_output_stage(node, TFLM_RATIOS_CONV, 0, activation(node), needs);
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	convolution *op = data;
	op->input = tflm_values(&node->input[0]);
	op->weights = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	op->row = scratch;
	op->in_channels = (uint32_t)node->input[1].dims[3];
	op->out_channels = (uint32_t)node->input[1].dims[0];
	op->zero_point = (int16_t)node->input[0].zero_point;
	(void)tflm_convolution_sweep(node, OPTION_DILATION_X, &op->sweep);
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_CONV, activation(node), op + 1, rounding);
}

/* The cells of the window whose first cell is at (y, x) of the image, as a row. */
static void gather(const convolution *op, const int8_t *image, int32_t y, int32_t x)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels, line = s->width * channels;
	int32_t top, bottom, left, right;
	tflm_visible(y, s->height, s->dilation_y, s->in_height, &top, &bottom);
	tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
	if (bottom - top < s->height || right - left < s->width) memset(op->row, op->zero_point, s->height * line);
	if (right <= left) return;
	for (int32_t i = top; i < bottom; i++) {
		int8_t *to = op->row + (uint32_t)i * line + (uint32_t)left * channels;
		const int8_t *from = image + ((y + i * s->dilation_y) * s->in_width + x + left * s->dilation_x) * (int32_t)channels;
		if (s->dilation_x == 1) {
			memcpy(to, from, (uint32_t)(right - left) * channels);
			continue;
		}
		for (int32_t j = left; j < right; j++, to += channels, from += s->dilation_x * channels) {
			memcpy(to, from, channels);
		}
	}
}

static void run(const void *data)
{
	const convolution *op = data;
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->out_channels, length = s->height * s->width * op->in_channels;
	int8_t *output = op->output;
	for (int32_t b = 0; b < s->batches; b++) {
		const int8_t *image = op->input + (uint32_t)b * s->in_height * s->in_width * op->in_channels;
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			for (int32_t ox = 0; ox < s->out_width; ox++, output += channels) {
				int32_t x = ox * s->stride_x - s->pad_x;
				const int8_t *row = op->row;
				if (row) gather(op, image, y, x);
				else row = image + (uint32_t)(y * s->in_width + x) * op->in_channels;
				for (uint32_t o = 0; o < channels; o += BLOCK) {
					uint32_t rows = channels - o < BLOCK ? channels - o : BLOCK;
					uint32_t sums[BLOCK];
					tflm_dot_rows(row, -op->zero_point, op->weights + o * length, length, rows, sums);
					tflm_finish(&op->stage, o, rows, sums, output + o);
				}
			}
		}
	}
}

const tflm_operator tflm_conv_2d = {
	.name = "CONV_2D", .code = 3, .options_type = 1, .min_inputs = 2, .max_inputs = 3,
	.check = check, .prepare = prepare, .run = run,
};
