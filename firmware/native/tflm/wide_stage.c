#include "wide_stage.h"
#include "reader.h"

/* What tflm_rescale_wide can shift to the left by. */
enum { MAX_SHIFT = 7 };

static int has_wide_sums(const tflm_node *node, int is_wide)
{
	return node->input[2].index >= 0 ? node->input[2].type == TFLM_INT64 : is_wide;
}

tflm_code tflm_check_wide_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation,
	int is_wide)
{
	const tflm_tensor *weights = &node->input[1];
	tflm_wide_stage stage;
	TFLM_TRY(tflm_need_type(node, &node->input[0], TFLM_INT16));
	TFLM_TRY(tflm_check_stage(node, ratios, dimension, activation));
	if (!has_wide_sums(node, is_wide)) return TFLM_OK;
	tflm_make_wide_stage(&stage, node, ratios, activation, is_wide);
	for (uint32_t i = 0; i < weights->scale_count; i++) {
		int32_t multiplier;
		int8_t shift;
		tflm_ratios_of(&stage.stage, i, 1, &multiplier, &shift);
		if (shift > MAX_SHIFT) return tflm_fail(node, TFLM_BAD_QUANTIZATION, weights, (int32_t)i);
	}
	return TFLM_OK;
}

void tflm_make_wide_stage(tflm_wide_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation,
	int is_wide)
{
	const tflm_tensor *bias = &node->input[2];
	int32_t low, high;
	(void)tflm_activation_range(activation, &node->output, &low, &high);
	tflm_make_output_stage(&stage->stage, node, ratios, activation);
	stage->bias = bias->index >= 0 ? tflm_values(bias) : NULL;
	stage->low = (int16_t)low;
	stage->high = (int16_t)high;
	stage->is_wide = (uint8_t)has_wide_sums(node, is_wide);
}

int16_t tflm_finish_wide(const tflm_wide_stage *stage, uint32_t channel, int64_t sum, int32_t multiplier, int shift)
{
	int32_t value;
	if (stage->is_wide) {
		uint64_t bias = stage->bias ? tflm_read_u64(stage->bias + 8 * channel) : 0;
		value = tflm_rescale_wide((int64_t)((uint64_t)sum + bias), multiplier, shift);
	} else {
		uint32_t bias = stage->bias ? tflm_read_u32(stage->bias + 4 * channel) : 0;
		value = tflm_rescale_call((int32_t)((uint32_t)(uint64_t)sum + bias), multiplier, shift, stage->stage.rounding);
	}
	return (int16_t)tflm_clamp(value, stage->low, stage->high);
}
