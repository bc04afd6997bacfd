/* CAST: numbers of one element type become those of another, quantization aside: integers modulo the width of the new type,
   reals cut off towards zero. Reals that an integer type cannot hold, which C leaves open, become its nearest. */
#include "../operators.h"

typedef struct {
	const void *input;
	void *output;
	uint32_t count;
	uint8_t from, to;
} cast;

static tflm_code need_castable(const tflm_node *node, const tflm_tensor *tensor)
{
	switch (tensor->type) {
	case TFLM_FLOAT32: case TFLM_INT8: case TFLM_INT16: case TFLM_INT32: case TFLM_UINT32: case TFLM_BOOL: return TFLM_OK;
	default: return tflm_fail(node, TFLM_UNSUPPORTED_TYPE, tensor, tensor->type);
	}
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	TFLM_TRY(need_castable(node, &node->input[0]));
	TFLM_TRY(need_castable(node, &node->output));
	TFLM_TRY(tflm_need_same_shape(node, &node->input[0], &node->output));
	needs->data = sizeof(cast);
	return TFLM_OK;
}

/* The bounds of a type that is not float32. */
static void bounds_of(uint8_t type, int64_t *low, int64_t *high)
{
	switch (type) {
	case TFLM_INT8: *low = INT8_MIN, *high = INT8_MAX; break;
	case TFLM_INT16: *low = INT16_MIN, *high = INT16_MAX; break;
	case TFLM_INT32: *low = INT32_MIN, *high = INT32_MAX; break;
	default: *low = 0, *high = UINT32_MAX;
	}
}

static int64_t whole_of(float value, uint8_t to)
{
	int64_t low, high;
	if (to == TFLM_BOOL) return value != 0;
	bounds_of(to, &low, &high);
	if (value != value) return 0;
	if (value <= (float)low) return low;
	return value >= (float)high ? high : (int64_t)value;
}

static void run(const void *data)
{
	const cast *op = data;
	for (uint32_t i = 0; i < op->count; i++) {
		int64_t value = 0;
		switch (op->from) {
		case TFLM_INT8: value = ((const int8_t *)op->input)[i]; break;
		case TFLM_INT16: value = ((const int16_t *)op->input)[i]; break;
		case TFLM_INT32: value = ((const int32_t *)op->input)[i]; break;
		case TFLM_UINT32: value = ((const uint32_t *)op->input)[i]; break;
		case TFLM_BOOL: value = ((const uint8_t *)op->input)[i] != 0; break;
		default: {
			float real = ((const float *)op->input)[i];
			if (op->to == TFLM_FLOAT32) {
				((float *)op->output)[i] = real;
				continue;
			}
			value = whole_of(real, op->to);
		}
		}
		switch (op->to) {
		case TFLM_INT8: ((int8_t *)op->output)[i] = (int8_t)value; break;
		case TFLM_INT16: ((int16_t *)op->output)[i] = (int16_t)value; break;
		case TFLM_BOOL: ((uint8_t *)op->output)[i] = value != 0; break;
		case TFLM_FLOAT32: ((float *)op->output)[i] = (float)value; break;
		default: ((uint32_t *)op->output)[i] = (uint32_t)value;
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	*(cast *)data = (cast){tflm_values(&node->input[0]), node->output.data, node->output.elements, node->input[0].type,
		node->output.type};
	return run;
}

const tflm_operator tflm_cast = {
	.name = "CAST", .code = 53, .memory = TFLM_IN_PLACE, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = check, .prepare = prepare,
};
