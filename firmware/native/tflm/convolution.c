#include "convolution.h"

/* Output channels whose ratios are computed at once. */
enum { BLOCK = 32 };

static tflm_code check_float(const tflm_node *node, uint32_t channels, int32_t activation)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	float low, high;
	TFLM_TRY(tflm_need_type(node, weights, TFLM_FLOAT32));
	TFLM_TRY(tflm_need_type(node, &node->output, TFLM_FLOAT32));
	if (bias->index >= 0) {
		TFLM_TRY(tflm_need_type(node, bias, TFLM_FLOAT32));
		if (bias->elements != channels) return tflm_fail(node, TFLM_SHAPE_MISMATCH, bias, (int32_t)bias->elements);
	}
	if (!tflm_activation_range_float(activation, &low, &high)) return TFLM_OK;
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
}

tflm_code tflm_check_convolution(const tflm_node *node, tflm_convolution_kind kind, int32_t activation,
	tflm_needs *needs)
{
	int32_t dimension = kind == TFLM_DEPTHWISE ? 3 : 0;
	const tflm_tensor *bias = &node->input[2];
	needs->data = sizeof(tflm_convolution_sum);
	if (tflm_is_float32(&node->input[0])) return check_float(node, (uint32_t)node->input[1].dims[dimension], activation);
	if (!tflm_is_int16(&node->input[0])) return tflm_check_output_stage(node, TFLM_RATIOS_CONV, dimension, activation);
	/* CONV_2D alone adds an int32 bias; TFLite Micro's others read it as int64. */
	if (kind != TFLM_CONV && bias->index >= 0) TFLM_TRY(tflm_need_type(node, bias, TFLM_INT64));
	return tflm_check_wide_stage(node, TFLM_RATIOS_CONV, dimension, activation, 1);
}

tflm_run tflm_prepare_convolution(const tflm_node *node, tflm_convolution_kind kind, int32_t activation,
	const tflm_sweep *sweep, void *data)
{
	const tflm_tensor *input = &node->input[0], *bias = &node->input[2];
	tflm_convolution_sum *op = data;
	op->input = tflm_values(input);
	op->weights = tflm_values(&node->input[1]);
	op->output = node->output.data;
	op->in_channels = (uint32_t)input->dims[3];
	op->out_channels = (uint32_t)node->output.dims[3];
	op->kind = (uint8_t)kind;
	op->depth = kind == TFLM_DEPTHWISE ? 1 : (uint32_t)node->input[1].dims[3];
	op->zero_point = (int16_t)input->zero_point;
	op->sweep = *sweep;
	if (kind == TFLM_TRANSPOSE_CONV) {
		tflm_sweep *s = &op->sweep;
		s->in_height = sweep->out_height, s->in_width = sweep->out_width;
		s->out_height = sweep->in_height, s->out_width = sweep->in_width;
	}
	if (tflm_is_float32(input)) {
		op->real.bias = bias->index >= 0 ? tflm_values(bias) : NULL;
		(void)tflm_activation_range_float(activation, &op->real.low, &op->real.high);
		return tflm_run_convolution_float;
	}
	if (tflm_is_int16(input)) {
		tflm_make_wide_stage(&op->wide.stage, node, TFLM_RATIOS_CONV, activation, 1);
		op->wide.short_bias = NULL;
		return tflm_run_convolution_int16;
	}
	tflm_make_output_stage(&op->stage, node, TFLM_RATIOS_CONV, activation);
	return tflm_run_convolution_int8;
}

/* Along one axis: cells of the input and of the filter that make an output. */
typedef struct {
	int32_t count, cell, cell_step, tap, tap_step;
} span;

static span span_of(const tflm_convolution_sum *op, int32_t out, int32_t stride, int32_t pad, int32_t dilation,
	int32_t taps, int32_t image)
{
	span s;
	if (op->kind == TFLM_TRANSPOSE_CONV) {
		/* Input cell c and tap t make the output c * stride + t - pad. */
		int32_t reach = out + pad, last = reach / stride;
		if (last >= image) last = image - 1;
		s.cell = reach < taps ? 0 : (reach - taps) / stride + 1;
		s.tap = reach - s.cell * stride;
		s.count = last - s.cell + 1;
		s.cell_step = 1;
		s.tap_step = -stride;
	} else {
		int32_t start = out * stride - pad, end;
		tflm_visible(start, taps, dilation, image, &s.tap, &end);
		s.cell = start + s.tap * dilation;
		s.count = end - s.tap;
		s.cell_step = dilation;
		s.tap_step = 1;
	}
	if (s.count < 0) s.count = 0;
	return s;
}

/* Outputs of `count` channels from `first` on. */
static void run_block(const tflm_convolution_sum *op, int is_quantized, uint32_t first, uint32_t count,
	tflm_write_sum write)
{
	const tflm_sweep *s = &op->sweep;
	int is_depthwise = op->kind == TFLM_DEPTHWISE;
	uint32_t at = first, group = op->out_channels / (op->in_channels / op->depth);
	/* The filter's cells hold all output channels of one input channel, or the input channels of one output channel. */
	int32_t cell = (int32_t)(is_depthwise ? op->out_channels : op->depth), channels = (int32_t)op->in_channels;
	int32_t filter = is_depthwise ? 1 : s->height * s->width * cell;
	int32_t multipliers[BLOCK];
	int8_t shifts[BLOCK];
	if (is_quantized) tflm_ratios_of(&op->stage, first, count, multipliers, shifts);
	for (int32_t b = 0; b < s->batches; b++) {
		for (int32_t y = 0; y < s->out_height; y++) {
			span v = span_of(op, y, s->stride_y, s->pad_y, s->dilation_y, s->height, s->in_height);
			for (int32_t x = 0; x < s->out_width; x++, at += op->out_channels) {
				span h = span_of(op, x, s->stride_x, s->pad_x, s->dilation_x, s->width, s->in_width);
				int32_t line = s->in_width * channels;
				tflm_cells cells = {
					.lines = (uint32_t)v.count, .columns = (uint32_t)h.count, .depth = op->depth,
					.input_y = v.cell_step * line, .input_x = h.cell_step * channels,
					.weights_y = v.tap_step * s->width * cell, .weights_x = h.tap_step * cell,
				};
				if (!h.count) cells.lines = 0;
				uint32_t input = 0, weights = 0;
				if (cells.lines) {
					input = (uint32_t)((b * s->in_height + v.cell) * line + h.cell * channels);
					weights = (uint32_t)((v.tap * s->width + h.tap) * cell);
				}
				for (uint32_t i = 0; i < count; i++) {
					tflm_ratio ratio = {0, 0};
					if (is_quantized) ratio.multiplier = multipliers[i], ratio.shift = shifts[i];
					cells.input = input + (first + i) / group * op->depth;
					cells.weights = weights + (first + i) * (uint32_t)filter;
					write(op, &cells, first + i, at + i, ratio);
				}
			}
		}
	}
}

void tflm_run_convolution(const tflm_convolution_sum *op, int is_quantized, tflm_write_sum write)
{
	for (uint32_t first = 0; first < op->out_channels; first += BLOCK) {
		uint32_t rest = op->out_channels - first;
		run_block(op, is_quantized, first, rest < BLOCK ? rest : BLOCK, write);
	}
}
