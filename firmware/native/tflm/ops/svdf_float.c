/* SVDF in float32. */
#include "svdf.h"
#include "../quantized.h"
#include "tensor_checks.h"
#include <string.h>

typedef struct {
	tflm_svdf_shape shape;
	float low, high;
} svdf;

tflm_code tflm_svdf_check_float(const tflm_node *node, int32_t activation, tflm_needs *needs)
{
	float low, high;
	static const uint8_t types[6] = {TFLM_FLOAT32}; /* which is 0, as the others */
	TFLM_TRY(tflm_need_types(node, 5, types));
	needs->data = sizeof(svdf);
	if (!tflm_activation_range_float(activation, &low, &high)) return TFLM_OK;
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
}

static float dot(const float *a, const float *b, uint32_t length)
{
	float sum = 0;
	for (uint32_t i = 0; i < length; i++) sum += a[i] * b[i];
	return sum;
}

static void run(const void *data)
{
	const svdf *op = data;
	const tflm_svdf_shape *shape = &op->shape;
	const float *input = shape->input, *bias = shape->bias;
	float *state = shape->state, *output = shape->output;
	uint32_t memory = shape->memory, elements = shape->units * shape->rank * memory * shape->batches;
	memmove(state, state + 1, (elements - 1) * sizeof *state);
	for (uint32_t b = 0; b < shape->batches; b++, input += shape->inputs) {
		const float *features = shape->features, *times = shape->times;
		for (uint32_t unit = 0; unit < shape->units; unit++) {
			float sum = bias ? bias[unit] : 0;
			for (uint32_t r = 0; r < shape->rank; r++) {
				state[memory - 1] = dot(features, input, shape->inputs);
				sum += dot(times, state, memory);
				features += shape->inputs;
				times += memory;
				state += memory;
			}
			*output++ = sum < op->low ? op->low : sum > op->high ? op->high : sum;
		}
	}
}

tflm_run tflm_svdf_prepare_float(const tflm_node *node, int32_t activation, void *data)
{
	svdf *op = data;
	tflm_svdf_prepare(node, &op->shape);
	(void)tflm_activation_range_float(activation, &op->low, &op->high);
	return run;
}
