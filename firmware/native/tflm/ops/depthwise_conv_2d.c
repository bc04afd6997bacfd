/* DEPTHWISE_CONV_2D in int8: each input channel is convolved on its own, with as many filters as the depth multiplier says.
   Channels lie next to each other in the image and in the filter [1, height, width, out channel], so the loops over cells
   are outside and those over a block of channels inside. As tensorflow/lite/kernels/internal/reference/integer_ops/
   depthwise_conv.h. */
#include "../output_stage.h"
#include "../reader.h"
#include "../window.h"
#include <string.h>

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_MULTIPLIER, OPTION_ACTIVATION, OPTION_DILATION_X,
	OPTION_DILATION_Y };
enum { BLOCK = 32 };

typedef struct {
	const int8_t *input, *weights;
	int8_t *output;
	uint32_t in_channels, multiplier;
	int16_t input_offset;
	tflm_sweep sweep;
	tflm_output_stage stage;
} depthwise;

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1], *output = &node->output;
	tflm_sweep sweep;
	if (weights->rank != 4 || !weights->elements || weights->dims[0] != 1) {
		return tflm_fail(node, TFLM_BAD_SHAPE, weights, weights->rank);
	}
	TFLM_TRY(tflm_convolution_sweep(node, OPTION_DILATION_X, &sweep));
	/* The multiplier follows from the shapes; TFLite's option of that name says the same or is ignored. */
	if (weights->dims[3] % input->dims[3]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, weights->dims[3]);
	if (output->dims[3] != weights->dims[3]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[3]);
	needs->data = sizeof(depthwise);
	needs->macs = (uint64_t)output->elements * sweep.height * sweep.width;
	return tflm_check_output_stage(node, TFLM_RATIOS_CONV, 3, activation(node), needs);
}

static void prepare(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding)
{
	depthwise *op = data;
	(void)scratch;
	op->input = tflm_values(&node->input[0]);
	op->weights = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	op->in_channels = (uint32_t)node->input[0].dims[3];
	op->multiplier = (uint32_t)node->input[1].dims[3] / op->in_channels;
	op->input_offset = (int16_t)-node->input[0].zero_point;
	(void)tflm_convolution_sweep(node, OPTION_DILATION_X, &op->sweep);
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_CONV, activation(node), op + 1, rounding);
}

/* The part of the window that lies in the image. */
typedef struct {
	const int8_t *image, *weights; /* its first cell */
	uint32_t lines, columns;
	uint32_t step_y, step_x; /* bytes of the image from a cell to the next */
	uint32_t line;           /* bytes of the weights from a line to the next */
} view;

/* One filter for each channel: sums of `count` channels from `channel` on. */
static void sum_channels(const depthwise *op, const view *v, uint32_t channel, uint32_t count, uint32_t *sums)
{
	int16_t offset = op->input_offset;
	memset(sums, 0, count * sizeof *sums);
	for (uint32_t i = 0; i < v->lines; i++) {
		for (uint32_t j = 0; j < v->columns; j++) {
			const int8_t *x = v->image + i * v->step_y + j * v->step_x + channel;
			const int8_t *w = v->weights + i * v->line + j * op->in_channels + channel;
			for (uint32_t c = 0; c < count; c++) sums[c] += (uint32_t)((int16_t)(x[c] + offset) * w[c]);
		}
	}
}

/* Several filters for one input channel: sums of `count` of its output channels from `channel` on. */
static void sum_filters(const depthwise *op, const view *v, uint32_t channel, uint32_t count, uint32_t *sums)
{
	uint32_t channels = op->in_channels * op->multiplier, in_channel = channel / op->multiplier;
	memset(sums, 0, count * sizeof *sums);
	for (uint32_t i = 0; i < v->lines; i++) {
		for (uint32_t j = 0; j < v->columns; j++) {
			int32_t x = v->image[i * v->step_y + j * v->step_x + in_channel] + op->input_offset;
			const int8_t *w = v->weights + i * v->line + j * channels + channel;
			for (uint32_t c = 0; c < count; c++) sums[c] += (uint32_t)(x * w[c]);
		}
	}
}

static void run_cell(const depthwise *op, const view *v, int8_t *output)
{
	uint32_t channels = op->in_channels * op->multiplier;
	/* A run of channels that one of the two loops above can take at once. */
	uint32_t run = op->multiplier == 1 ? channels : op->multiplier;
	for (uint32_t first = 0; first < channels; first += run) {
		for (uint32_t c = 0; c < run; c += BLOCK) {
			uint32_t count = run - c < BLOCK ? run - c : BLOCK;
			uint32_t sums[BLOCK];
			if (op->multiplier == 1) sum_channels(op, v, c, count, sums);
			else sum_filters(op, v, first + c, count, sums);
			tflm_finish(&op->stage, first + c, count, sums, output + first + c);
		}
	}
}

static void run(const void *data)
{
	const depthwise *op = data;
	const tflm_sweep *s = &op->sweep;
	uint32_t channels = op->in_channels, filters = channels * op->multiplier;
	int32_t top, bottom, left, right;
	int8_t *output = op->output;
	view v = {
		.step_y = (uint32_t)s->dilation_y * s->in_width * channels, .step_x = s->dilation_x * channels,
		.line = s->width * filters,
	};
	for (int32_t b = 0; b < s->batches; b++) {
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			tflm_visible(y, s->height, s->dilation_y, s->in_height, &top, &bottom);
			for (int32_t ox = 0; ox < s->out_width; ox++, output += filters) {
				int32_t x = ox * s->stride_x - s->pad_x;
				tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
				/* A dilated window can miss the image altogether. */
				v.lines = right > left && bottom > top ? (uint32_t)(bottom - top) : 0;
				v.columns = (uint32_t)(right - left);
				if (v.lines) {
					int32_t first_y = b * s->in_height + y + top * s->dilation_y, first_x = x + left * s->dilation_x;
					v.image = op->input + (uint32_t)(first_y * s->in_width + first_x) * channels;
					v.weights = op->weights + (uint32_t)top * v.line + (uint32_t)left * filters;
				}
				run_cell(op, &v, output);
			}
		}
	}
}

const tflm_operator tflm_depthwise_conv_2d = {
	.name = "DEPTHWISE_CONV_2D", .code = 4, .options_type = 2, .min_inputs = 2, .max_inputs = 3,
	.check = check, .prepare = prepare, .run = run,
};
