/* QUANTIZE: from float32, or from one integer quantization to another.
   As tensorflow/lite/kernels/internal/reference/quantize.h and requantize.h. */
#include "../operators.h"
#include "../quantized.h"

typedef struct {
	const void *input;
	void *output;
	uint32_t elements;
	float scale; /* of the output, for float32 input */
	int32_t multiplier, input_zero_point, output_zero_point;
	int8_t shift;
	uint8_t input_type, output_type, rounding;
} quantize;

/* 1 when the type is a quantized one. */
static int range_of(uint8_t type, int32_t *low, int32_t *high)
{
	switch (type) {
	case TFLM_INT8: *low = -128, *high = 127; return 1;
	case TFLM_UINT8: *low = 0, *high = 255; return 1;
	case TFLM_INT16: *low = -32768, *high = 32767; return 1;
	default: return 0;
	}
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	return tflm_make_ratio(node->input[0].scale, 1, node->output.scale, 0, ratio);
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio;
	int32_t low, high;
	if (!range_of(output->type, &low, &high)) return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, output, output->type);
	TFLM_TRY(tflm_need_scale(node, output));
	TFLM_TRY(tflm_need_same_shape(node, input, output));
	needs->data = sizeof(quantize);
	if (input->type == TFLM_FLOAT32) return TFLM_OK;
	if (!range_of(input->type, &low, &high)) return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, input, input->type);
	TFLM_TRY(tflm_need_scale(node, input));
	return ratio_of(node, &ratio) ? tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0) : TFLM_OK;
}

static int32_t load(const void *values, uint8_t type, uint32_t i)
{
	if (type == TFLM_INT8) return ((const int8_t *)values)[i];
	if (type == TFLM_UINT8) return ((const uint8_t *)values)[i];
	return ((const int16_t *)values)[i];
}

static void store(void *values, uint8_t type, uint32_t i, int64_t value)
{
	int32_t low, high;
	(void)range_of(type, &low, &high);
	int32_t stored = value < low ? low : value > high ? high : (int32_t)value;
	if (type == TFLM_INT16) ((int16_t *)values)[i] = (int16_t)stored;
	else ((uint8_t *)values)[i] = (uint8_t)stored;
}

static void run(const void *data)
{
	const quantize *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		int32_t steps;
		if (op->input_type == TFLM_FLOAT32) {
			steps = tflm_round(((const float *)op->input)[i] / op->scale);
		} else {
			int32_t value = load(op->input, op->input_type, i) - op->input_zero_point;
			steps = tflm_rescale(value, op->multiplier, op->shift, op->rounding);
		}
		store(op->output, op->output_type, i, (int64_t)steps + op->output_zero_point);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_ratio ratio = {0, 0};
	if (input->type != TFLM_FLOAT32) (void)ratio_of(node, &ratio);
	*(quantize *)data = (quantize){
		.input = tflm_values(input), .output = output->data, .elements = output->elements, .scale = output->scale,
		.multiplier = ratio.multiplier, .shift = (int8_t)ratio.shift,
		.input_zero_point = input->zero_point, .output_zero_point = output->zero_point,
		.input_type = input->type, .output_type = output->type, .rounding = (uint8_t)node->rounding,
	};
	return run;
}

const tflm_operator tflm_quantize = {
	.name = "QUANTIZE", .code = 114, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
