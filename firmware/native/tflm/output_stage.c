#include "output_stage.h"
#include "reader.h"

static int ratio_of(const tflm_node *node, tflm_ratios ratios, uint32_t channel, tflm_ratio *ratio)
{
	const tflm_tensor *input = &node->input[0], *weights = &node->input[1];
	float scale = tflm_vector_f32(node->model, weights->scales, channel);
	double product = (double)input->scale * (double)scale;
	if (ratios == TFLM_RATIOS_DENSE && weights->scale_count == 1) product = (double)(float)(input->scale * scale);
	return tflm_make_ratio(product / (double)node->output.scale, ratio);
}

tflm_code tflm_check_output_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation,
	tflm_needs *needs)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	uint32_t channels = (uint32_t)weights->dims[dimension];
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	TFLM_TRY(tflm_need_int8(node, &node->output));
	TFLM_TRY(tflm_need_type(node, weights, TFLM_INT8));
	if (!weights->scale_count || (weights->scale_count > 1 && weights->scale_count != channels)) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, (int32_t)weights->scale_count);
	}
	if (weights->scale_count > 1 && weights->quantized_dimension != dimension) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, weights->quantized_dimension);
	}
	if (weights->zero_point) return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, weights->zero_point);
	if (bias->index >= 0) {
		TFLM_TRY(tflm_need_type(node, bias, TFLM_INT32));
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
	needs->data += weights->scale_count * (uint32_t)(sizeof(int32_t) + sizeof(int8_t));
	return TFLM_OK;
}

void tflm_make_output_stage(tflm_output_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation,
	void *memory, tflm_rounding rounding)
{
	const tflm_tensor *weights = &node->input[1], *bias = &node->input[2];
	int32_t *multipliers = memory, low, high;
	int8_t *shifts = (int8_t *)(multipliers + weights->scale_count);
	for (uint32_t i = 0; i < weights->scale_count; i++) {
		tflm_ratio ratio;
		(void)ratio_of(node, ratios, i, &ratio);
		multipliers[i] = ratio.multiplier;
		shifts[i] = (int8_t)ratio.shift;
	}
	(void)tflm_activation_range(activation, &node->output, &low, &high);
	stage->bias = bias->index >= 0 ? tflm_values(bias) : NULL;
	stage->multipliers = multipliers;
	stage->shifts = shifts;
	stage->zero_point = (int16_t)node->output.zero_point;
	stage->low = (int8_t)low;
	stage->high = (int8_t)high;
	stage->per_channel = weights->scale_count > 1;
	stage->rounding = (uint8_t)rounding;
}

void tflm_finish(const tflm_output_stage *stage, uint32_t channel, uint32_t count, const uint32_t *sums,
	int8_t *output)
{
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = stage->per_channel ? channel + i : 0;
		int32_t sum = (int32_t)(sums[i] + (stage->bias ? (uint32_t)stage->bias[channel + i] : 0));
		int32_t value = tflm_rescale(sum, stage->multipliers[at], stage->shifts[at], stage->rounding);
		output[i] = tflm_to_int8(value, stage->zero_point, stage->low, stage->high);
	}
}
