/* DEPTHWISE_CONV_2D: each input channel is convolved on its own, with as many filters as the depth multiplier says; the
   filter is [1, height, width, out channel]. This is the plain version in int8, as tensorflow/lite/kernels/internal/
   reference/integer_ops/depthwise_conv.h; fast ones lie beside it. */
#include "depthwise_conv_2d.h"
#include "../convolution.h"
#include "../reader.h"
#include "../requantize.h"

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_MULTIPLIER, OPTION_ACTIVATION, OPTION_DILATION_X,
	OPTION_DILATION_Y };

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

uint32_t tflm_depthwise_ring(uint32_t multiplier, const tflm_sweep *sweep)
{
	uint64_t cells = (uint64_t)tflm_depthwise_rows(sweep) * tflm_depthwise_columns(sweep);
	uint64_t bytes = cells * TFLM_DEPTHWISE_BLOCK * sizeof(int16_t);
	if (multiplier > 1 || (uint32_t)sweep->height * sweep->width > TFLM_DEPTHWISE_TAPS) return 0;
	return bytes <= TFLM_DEPTHWISE_RING ? (uint32_t)bytes : 0;
}

uint32_t tflm_depthwise_conv_2d_scratch(uint32_t filters, uint32_t multiplier, const tflm_sweep *sweep)
{
	uint32_t ring = tflm_depthwise_ring(multiplier, sweep), taps = (uint32_t)sweep->height * sweep->width;
	return ring ? ring : filters * (uint32_t)sizeof(tflm_fast_ratio) + taps * (uint32_t)sizeof(int16_t);
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
	needs->macs = (uint64_t)output->elements * sweep.height * sweep.width;
	if (node->input[0].type != TFLM_INT8) return tflm_check_convolution(node, TFLM_DEPTHWISE, activation(node), needs);
	TFLM_TRY(tflm_check_output_stage(node, TFLM_RATIOS_CONV, 3, activation(node)));
	needs->data = sizeof(tflm_depthwise);
	uint32_t multiplier = (uint32_t)(weights->dims[3] / input->dims[3]);
	needs->scratch = tflm_depthwise_conv_2d_scratch((uint32_t)weights->dims[3], multiplier, &sweep);
#if TFLM_SIMD128
	if (weights->constant) tflm_depthwise_conv_2d_needs_simd128(node, &sweep, needs);
#endif
	return TFLM_OK;
}

#if !TFLM_FAST
/* The sum of output channel `channel` for the output cell whose window begins at (y, x) of the image. */
static uint32_t sum_of(const tflm_depthwise *op, const int8_t *image, int32_t y, int32_t x, uint32_t channel)
{
	const tflm_sweep *s = &op->sweep;
	const int8_t *weight = op->weights + channel;
	uint32_t sum = 0;
	for (int32_t i = 0; i < s->height; i++) {
		for (int32_t j = 0; j < s->width; j++, weight += op->in_channels * op->multiplier) {
			int32_t row = y + i * s->dilation_y, column = x + j * s->dilation_x;
			if (row < 0 || row >= s->in_height || column < 0 || column >= s->in_width) continue;
			const int8_t *cell = image + (uint32_t)(row * s->in_width + column) * op->in_channels;
			sum += (uint32_t)((cell[channel / op->multiplier] - op->zero_point) * *weight);
		}
	}
	return sum;
}

static void run(const void *data)
{
	const tflm_depthwise *op = data;
	const tflm_sweep *s = &op->sweep;
	uint32_t cells = (uint32_t)s->out_height * s->out_width, channels = op->in_channels * op->multiplier;
	for (uint32_t o = 0; o < channels; o++) {
		int32_t multiplier;
		int8_t shift;
		tflm_ratios_of(&op->stage, o, 1, &multiplier, &shift);
		for (uint32_t i = 0; i < s->batches * cells; i++) {
			const int8_t *image = op->input + i / cells * s->in_height * s->in_width * op->in_channels;
			int32_t y = (int32_t)(i % cells / s->out_width) * s->stride_y - s->pad_y;
			int32_t x = (int32_t)(i % s->out_width) * s->stride_x - s->pad_x;
			uint32_t sum = sum_of(op, image, y, x, o);
			op->output[i * channels + o] = tflm_finish(&op->stage, o, sum, multiplier, shift);
		}
	}
}
#else
static void run(const void *data)
{
	tflm_depthwise_conv_2d_run_fast(data);
}
#endif

#if TFLM_SIMD128
static void run_packed(const void *data)
{
	tflm_depthwise_conv_2d_run_simd128(data);
}
#endif

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_sweep sweep;
	(void)tflm_convolution_sweep(node, OPTION_DILATION_X, &sweep);
	if (node->input[0].type != TFLM_INT8) return tflm_prepare_convolution(node, TFLM_DEPTHWISE, activation(node), &sweep, data);
	tflm_depthwise *op = data;
	op->input = tflm_values(&node->input[0]);
	op->weights = tflm_values(&node->input[1]);
	op->output = (int8_t *)node->output.data;
	op->scratch = node->scratch;
	op->in_channels = (uint32_t)node->input[0].dims[3];
	op->multiplier = (uint32_t)node->input[1].dims[3] / op->in_channels;
	op->zero_point = (int16_t)node->input[0].zero_point;
	op->sweep = sweep;
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_CONV, activation(node));
#if TFLM_SIMD128
	if (node->packed) {
		tflm_depthwise_conv_2d_pack_simd128(op, node->packed);
		op->packed = node->packed;
		op->workspace = node->workspace;
		return run_packed;
	}
#endif
	return run;
}

const tflm_operator tflm_depthwise_conv_2d = {
	.name = "DEPTHWISE_CONV_2D", .code = 4, .options_type = 2, .min_inputs = 2, .max_inputs = 3, .outputs = 1,
	.check = check, .prepare = prepare,
};
