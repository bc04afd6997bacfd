/* CONV_2D: a window slides over the image, and each output channel is the sum of products of the window's cells with
   that channel's filter, [out channel, height, width, in channel]. Cells outside of the image count nothing. This is the
   plain version in int8, as tensorflow/lite/kernels/internal/reference/integer_ops/conv.h; fast ones lie beside it. */
#include "conv_2d.h"
#include "../convolution.h"
#include "../reader.h"

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_ACTIVATION, OPTION_DILATION_X, OPTION_DILATION_Y };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

/* Filters of grouped convolutions have the input channels of their group alone. */
static int32_t group_count(const tflm_node *node)
{
	return node->input[0].dims[3] / node->input[1].dims[3];
}

/* What this file and the fast versions do: the rest is in convolution.c. */
static int is_plain(const tflm_node *node)
{
	return node->input[0].type == TFLM_INT8 && group_count(node) == 1;
}

uint32_t tflm_conv_2d_scratch(const tflm_node *node, const tflm_sweep *sweep)
{
	const tflm_tensor *weights = &node->input[1];
	uint32_t channels = (uint32_t)weights->dims[0], row = weights->elements / channels;
	int is_single_cell = sweep->height == 1 && sweep->width == 1;
	return TFLM_CONV_WINDOWS * 2 * tflm_round_up(row, 4) + (uint32_t)sizeof(tflm_fast_ratio) * channels + (is_single_cell ? 0 : row);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[1], *output = &node->output;
	tflm_sweep sweep;
	if (weights->rank != 4 || !weights->elements) return tflm_fail(node, TFLM_BAD_SHAPE, weights, weights->rank);
	TFLM_TRY(tflm_convolution_sweep(node, OPTION_DILATION_X, &sweep));
	if (node->input[0].dims[3] % weights->dims[3] || weights->dims[0] % group_count(node)) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, weights, weights->dims[3]);
	}
	if (output->dims[3] != weights->dims[0]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[3]);
	needs->macs = (uint64_t)output->elements * (weights->elements / (uint32_t)weights->dims[0]);
	if (!is_plain(node)) return tflm_check_convolution(node, TFLM_CONV, activation(node), needs);
	TFLM_TRY(tflm_check_output_stage(node, TFLM_RATIOS_CONV, 0, activation(node)));
	needs->data = sizeof(tflm_convolution);
	needs->scratch = tflm_conv_2d_scratch(node, &sweep);
#if TFLM_SIMD128
	if (weights->constant) tflm_conv_2d_needs_simd128(node, &sweep, needs);
#endif
	return TFLM_OK;
}

#if !TFLM_FAST
/* The sum for the output cell whose window begins at (y, x) of the image. */
static uint32_t sum_of(const tflm_convolution *op, const int8_t *image, int32_t y, int32_t x, const int8_t *filter)
{
	const tflm_sweep *s = &op->sweep;
	uint32_t sum = 0;
	for (int32_t i = 0; i < s->height; i++) {
		for (int32_t j = 0; j < s->width; j++, filter += op->in_channels) {
			int32_t row = y + i * s->dilation_y, column = x + j * s->dilation_x;
			if (row < 0 || row >= s->in_height || column < 0 || column >= s->in_width) continue;
			const int8_t *cell = image + (uint32_t)(row * s->in_width + column) * op->in_channels;
			for (uint32_t c = 0; c < op->in_channels; c++) sum += (uint32_t)((cell[c] - op->zero_point) * filter[c]);
		}
	}
	return sum;
}

static void run(const void *data)
{
	const tflm_convolution *op = data;
	const tflm_sweep *s = &op->sweep;
	uint32_t cells = (uint32_t)s->out_height * s->out_width, row = s->height * s->width * op->in_channels;
	for (uint32_t o = 0; o < op->out_channels; o++) {
		int32_t multiplier;
		int8_t shift;
		tflm_ratios_of(&op->stage, o, 1, &multiplier, &shift);
		for (uint32_t i = 0; i < s->batches * cells; i++) {
			const int8_t *image = op->input + i / cells * s->in_height * s->in_width * op->in_channels;
			int32_t y = (int32_t)(i % cells / s->out_width) * s->stride_y - s->pad_y;
			int32_t x = (int32_t)(i % s->out_width) * s->stride_x - s->pad_x;
			uint32_t sum = sum_of(op, image, y, x, op->weights + o * row);
			op->output[i * op->out_channels + o] = tflm_finish(&op->stage, o, sum, multiplier, shift);
		}
	}
}
#else
static void run(const void *data)
{
	tflm_conv_2d_run_fast(data);
}
#endif

#if TFLM_SIMD128
static void run_packed(const void *data)
{
	tflm_conv_2d_run_simd128(data);
}
#endif

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_sweep sweep;
	(void)tflm_convolution_sweep(node, OPTION_DILATION_X, &sweep);
	if (!is_plain(node)) return tflm_prepare_convolution(node, TFLM_CONV, activation(node), &sweep, data);
	tflm_convolution *op = data;
	op->input = tflm_values(&node->input[0]);
	op->weights = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	op->scratch = node->scratch;
	op->in_channels = (uint32_t)node->input[1].dims[3];
	op->out_channels = (uint32_t)node->input[1].dims[0];
	op->zero_point = (int16_t)node->input[0].zero_point;
	op->sweep = sweep;
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_CONV, activation(node));
#if TFLM_SIMD128
	if (node->packed) {
		tflm_conv_2d_pack_simd128(op, node->packed);
		op->packed = node->packed;
		op->workspace = node->workspace;
		return run_packed;
	}
#endif
	return run;
}

const tflm_operator tflm_conv_2d = {
	.name = "CONV_2D", .code = 3, .options_type = 1, .min_inputs = 2, .max_inputs = 3, .outputs = 1,
	.check = check, .prepare = prepare,
};
