#include "output_stage.h"
#include "reader.h"

/* TFLITE's FULLY_CONNECTED rounds the product of the one weight scale and the input's to float32 first. */
static int is_rounded(const tflm_node *node, tflm_ratios ratios)
{
	return ratios == TFLM_RATIOS_DENSE && node->input[1].scale_count == 1;
}

static int ratio_of(const tflm_node *node, tflm_ratios ratios, uint32_t channel, tflm_ratio *ratio)
{
	float input = node->input[0].scale, output = node->output.scale;
	float scale = tflm_vector_f32(node->model, node->input[1].scales, channel);
	if (is_rounded(node, ratios)) return tflm_make_ratio(input * scale, 1, output, 0, ratio);
	return tflm_make_ratio(input, scale, output, 0, ratio);
}

tflm_code tflm_check_output_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation)
{
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	return tflm_check_stage(node, ratios, dimension, activation);
}

tflm_code tflm_check_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	uint32_t channels = (uint32_t)weights->dims[dimension];
	TFLM_TRY(tflm_need_quantized(node, &node->input[0]));
	TFLM_TRY(tflm_need_type(node, &node->output, node->input[0].type));
	TFLM_TRY(tflm_need_quantized(node, &node->output));
	TFLM_TRY(tflm_need_type(node, weights, TFLM_INT8));
	if (!weights->scale_count || (weights->scale_count > 1 && weights->scale_count != channels)) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, (int32_t)weights->scale_count);
	}
	if (weights->scale_count > 1 && weights->quantized_dimension != dimension) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, weights->quantized_dimension);
	}
	if (weights->zero_point) return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, weights->zero_point);
	if (bias->index >= 0) {
		int is_wide = node->input[0].type == TFLM_INT16 && bias->type == TFLM_INT64;
		if (!is_wide) TFLM_TRY(tflm_need_type(node, bias, TFLM_INT32));
		if (bias->elements != channels) return tflm_fail(node, TFLM_SHAPE_MISMATCH, bias, (int32_t)bias->elements);
	}
	int32_t low, high;
	if (tflm_activation_range(activation, &node->output, &low, &high)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
	}
	tflm_ratio ratio;
	for (uint32_t i = 0; i < weights->scale_count; i++) {
		if (ratio_of(node, ratios, i, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, (int32_t)i);
	}
	return TFLM_OK;
}

void tflm_make_output_stage(tflm_output_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	tflm_ratio ratio;
	int32_t low, high;
	(void)tflm_activation_range(activation, &node->output, &low, &high);
	stage->bias = bias->index >= 0 ? tflm_values(bias) : NULL;
	stage->scales = NULL;
	stage->output_scale = node->output.scale;
	stage->zero_point = (int16_t)node->output.zero_point;
	stage->low = (int8_t)low;
	stage->high = (int8_t)high;
	stage->rounding = (uint8_t)node->rounding;
	if (weights->scale_count > 1) {
		stage->scales = (const float *)(const void *)(node->model->bytes + weights->scales + 4);
		stage->input_scale = node->input[0].scale;
		stage->shift = 0;
		return;
	}
	(void)ratio_of(node, ratios, 0, &ratio);
	stage->multiplier = ratio.multiplier;
	stage->shift = (int8_t)ratio.shift;
}

void tflm_ratios_of(const tflm_output_stage *stage, uint32_t channel, uint32_t count, int32_t *multipliers,
	int8_t *shifts)
{
	for (uint32_t i = 0; i < count; i++) {
		tflm_ratio ratio = {stage->scales ? 0 : stage->multiplier, stage->shift};
		if (stage->scales) {
			(void)tflm_make_ratio(stage->input_scale, stage->scales[channel + i], stage->output_scale, 0, &ratio);
		}
		multipliers[i] = ratio.multiplier;
		shifts[i] = (int8_t)ratio.shift;
	}
}
