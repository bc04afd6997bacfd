#include "broadcast.h"
#include "quantized.h"
#include "reader.h"

/* Dimension `i` of TFLM_RANK, with 1 in front of the shape. */
static uint32_t dim_of(const tflm_tensor *tensor, int i)
{
	int at = i - (TFLM_RANK - tensor->rank);
	return at < 0 ? 1 : (uint32_t)tensor->dims[at];
}

/* Fills rank, repeated_a, repeated_b and counts (of which there are at most TFLM_RANK). */
static tflm_code make_broadcast(const tflm_node *node, tflm_binary *op, uint32_t *counts)
{
	const tflm_tensor *a = &node->input[0], *b = &node->input[1], *output = &node->output;
	uint32_t rank = 0, last = 0;
	op->repeated_a = op->repeated_b = 0;
	for (int i = TFLM_RANK - 1; i >= 0; i--) {
		uint32_t dim_a = dim_of(a, i), dim_b = dim_of(b, i), dim = dim_a == 1 ? dim_b : dim_a;
		if ((dim_b != 1 && dim_b != dim) || dim_of(output, i) != dim) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)dim);
		}
		if (dim == 1) continue;
		uint32_t repeated = (dim_a == 1) | (uint32_t)(dim_b == 1) << 1;
		if (rank && repeated == last) {
			counts[rank - 1] *= dim;
			continue;
		}
		op->repeated_a |= (uint8_t)((repeated & 1) << rank);
		op->repeated_b |= (uint8_t)((repeated >> 1) << rank);
		counts[rank++] = dim;
		last = repeated;
	}
	if (!rank) counts[rank++] = 1;
	op->rank = (uint8_t)rank;
	return TFLM_OK;
}

static tflm_code check_tensor(const tflm_node *node, const tflm_tensor *tensor)
{
	TFLM_TRY(tflm_need_type(node, tensor, node->output.type));
	/* Neither the loops below nor a tensor's memory know of nothing. */
	if (!tensor->elements) return tflm_fail(node, TFLM_BAD_SHAPE, tensor, 0);
	int is_quantized = tensor->type == TFLM_INT8 || tensor->type == TFLM_INT16;
	return is_quantized ? tflm_need_quantized(node, tensor) : TFLM_OK;
}

/* Bounds of int32 too, which are plain numbers. */
static int range_of(const tflm_node *node, int32_t activation, tflm_binary *op)
{
	float low, high;
	if (node->output.type == TFLM_FLOAT32) {
		return tflm_activation_range_float(activation, &op->low_real, &op->high_real);
	}
	if (node->output.type == TFLM_INT8 || node->output.type == TFLM_INT16) {
		return tflm_activation_range(activation, &node->output, &op->low, &op->high);
	}
	if (tflm_activation_range_float(activation, &low, &high)) return -1;
	op->low = tflm_round(low);
	op->high = tflm_round(high);
	return 0;
}

tflm_code tflm_check_binary(const tflm_node *node, uint32_t types, int32_t activation, tflm_needs *needs)
{
	const tflm_tensor *output = &node->output;
	uint32_t counts[TFLM_RANK];
	tflm_binary op;
	if (output->type > 31 || !(types >> output->type & 1)) {
		return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, output, output->type);
	}
	TFLM_TRY(check_tensor(node, &node->input[0]));
	TFLM_TRY(check_tensor(node, &node->input[1]));
	TFLM_TRY(check_tensor(node, output));
	TFLM_TRY(make_broadcast(node, &op, counts));
	if (range_of(node, activation, &op)) return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation);
	needs->data = (uint32_t)(sizeof(tflm_binary) + op.rank * sizeof *counts);
	return TFLM_OK;
}

static void run_binary(const void *data)
{
	const tflm_binary *op = data;
	const uint8_t *a = op->a, *b = op->b;
	uint8_t *output = op->output;
	uint32_t bytes = tflm_type_bytes(op->type), count = op->counts[0], index[TFLM_RANK] = {0};
	uint32_t step_a = !(op->repeated_a & 1), step_b = !(op->repeated_b & 1);
	for (;;) {
		op->run(op, a, step_a, b, step_b, output, count);
		output += count * bytes;
		/* Both move on behind what they have given so far, and back again where that is repeated. */
		uint32_t block_a = (step_a ? count : 1) * bytes, block_b = (step_b ? count : 1) * bytes;
		a += block_a;
		b += block_b;
		for (uint32_t i = 1;; i++) {
			if (i >= op->rank) return;
			int is_repeated_a = op->repeated_a >> i & 1, is_repeated_b = op->repeated_b >> i & 1;
			if (++index[i] < op->counts[i]) {
				if (is_repeated_a) a -= block_a;
				if (is_repeated_b) b -= block_b;
				break;
			}
			index[i] = 0;
			if (!is_repeated_a) block_a *= op->counts[i];
			if (!is_repeated_b) block_b *= op->counts[i];
		}
	}
}

tflm_run tflm_prepare_binary(const tflm_node *node, int32_t activation, tflm_binary_run run, tflm_binary *op)
{
	op->a = tflm_values(&node->input[0]);
	op->b = tflm_values(&node->input[1]);
	op->output = node->output.data;
	op->run = run;
	op->type = node->output.type;
	op->rounding = (uint8_t)node->rounding;
	op->zero_a = (int16_t)node->input[0].zero_point;
	op->zero_b = (int16_t)node->input[1].zero_point;
	op->zero_output = (int16_t)node->output.zero_point;
	(void)range_of(node, activation, op);
	(void)make_broadcast(node, op, op->counts);
	return run_binary;
}
