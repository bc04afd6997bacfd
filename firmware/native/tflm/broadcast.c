#include "broadcast.h"
#include "quantized.h"
#include <string.h>

/* Dimension `i` of TFLM_RANK, with 1 in front of the shape. */
static uint32_t dim_of(const tflm_tensor *tensor, int i)
{
	int at = i - (TFLM_RANK - tensor->rank);
	return at < 0 ? 1 : (uint32_t)tensor->dims[at];
}

tflm_code tflm_make_broadcast(const tflm_node *node, tflm_broadcast *broadcast)
{
	const tflm_tensor *a = &node->input[0], *b = &node->input[1], *output = &node->output;
	uint32_t size_a = 1, size_b = 1;
	uint32_t counts[TFLM_RANK], step_a[TFLM_RANK], step_b[TFLM_RANK], runs = 0; /* innermost first */
	for (int i = TFLM_RANK - 1; i >= 0; i--) {
		uint32_t dim_a = dim_of(a, i), dim_b = dim_of(b, i), dim = dim_a == 1 ? dim_b : dim_a;
		if ((dim_b != 1 && dim_b != dim) || dim_of(output, i) != dim) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)dim);
		}
		uint32_t of_a = dim_a == 1 ? 0 : size_a, of_b = dim_b == 1 ? 0 : size_b;
		size_a *= dim_a;
		size_b *= dim_b;
		if (dim == 1) continue;
		if (runs && of_a == step_a[runs - 1] * counts[runs - 1] && of_b == step_b[runs - 1] * counts[runs - 1]) {
			counts[runs - 1] *= dim;
			continue;
		}
		counts[runs] = dim, step_a[runs] = of_a, step_b[runs] = of_b;
		runs++;
	}
	if (!runs) counts[0] = 1, step_a[0] = step_b[0] = 0, runs = 1;
	memset(broadcast, 0, sizeof *broadcast);
	broadcast->rank = runs;
	for (uint32_t i = 0; i < runs; i++) {
		broadcast->counts[i] = counts[runs - 1 - i];
		broadcast->step_a[i] = step_a[runs - 1 - i];
		broadcast->step_b[i] = step_b[runs - 1 - i];
	}
	return TFLM_OK;
}

tflm_code tflm_check_binary(const tflm_node *node, int32_t activation)
{
	tflm_broadcast broadcast;
	int32_t low, high;
	TFLM_TRY(tflm_need_int8(node, &node->input[0]));
	TFLM_TRY(tflm_need_int8(node, &node->input[1]));
	TFLM_TRY(tflm_need_int8(node, &node->output));
	TFLM_TRY(tflm_make_broadcast(node, &broadcast));
	if (tflm_activation_range(activation, &node->output, &low, &high)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
	}
	return TFLM_OK;
}

void tflm_prepare_binary(const tflm_node *node, int32_t activation, tflm_binary *binary)
{
	int32_t low, high;
	binary->a = tflm_values(&node->input[0]);
	binary->b = tflm_values(&node->input[1]);
	binary->output = (int8_t *)node->output.data;
	binary->zero_a = (int16_t)node->input[0].zero_point;
	binary->zero_b = (int16_t)node->input[1].zero_point;
	binary->zero_output = (int16_t)node->output.zero_point;
	(void)tflm_activation_range(activation, &node->output, &low, &high);
	binary->low = (int8_t)low;
	binary->high = (int8_t)high;
	binary->rounding = (uint8_t)node->rounding;
	(void)tflm_make_broadcast(node, &binary->broadcast);
}

void tflm_for_each_run(const void *data, tflm_binary_run run)
{
	const tflm_binary *binary = data;
	const tflm_broadcast *broadcast = &binary->broadcast;
	const int8_t *a = binary->a, *b = binary->b;
	int8_t *output = binary->output;
	uint32_t index[TFLM_RANK] = {0}, inner = broadcast->rank - 1, count = broadcast->counts[inner];
	for (;;) {
		run(data, a, broadcast->step_a[inner], b, broadcast->step_b[inner], output, count);
		output += count;
		uint32_t i = inner;
		for (;;) {
			if (!i--) return;
			a += broadcast->step_a[i];
			b += broadcast->step_b[i];
			if (++index[i] < broadcast->counts[i]) break;
			index[i] = 0;
			a -= broadcast->step_a[i] * broadcast->counts[i];
			b -= broadcast->step_b[i] * broadcast->counts[i];
		}
	}
}
