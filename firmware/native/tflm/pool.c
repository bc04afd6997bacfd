#include "pool.h"
#include "quantized.h"
#include "reader.h"

enum { OPTION_PADDING, OPTION_STRIDE_X, OPTION_STRIDE_Y, OPTION_WIDTH, OPTION_HEIGHT, OPTION_ACTIVATION };

static tflm_code make_sweep(const tflm_node *node, tflm_sweep *sweep)
{
	const tflm_model *model = node->model;
	const tflm_window window = {
		.height = tflm_field_i32(model, node->options, OPTION_HEIGHT, 0),
		.width = tflm_field_i32(model, node->options, OPTION_WIDTH, 0),
		.stride_y = tflm_field_i32(model, node->options, OPTION_STRIDE_Y, 0),
		.stride_x = tflm_field_i32(model, node->options, OPTION_STRIDE_X, 0),
		.dilation_y = 1, .dilation_x = 1,
	};
	return tflm_make_sweep(node, &window, tflm_field_i8(model, node->options, OPTION_PADDING, 0), sweep);
}

static int32_t activation(const tflm_node *node)
{
	return tflm_field_i8(node->model, node->options, OPTION_ACTIVATION, 0);
}

/* So many int8 or int16 cells can be summed in 32 bits. */
static int64_t most_cells(uint8_t type)
{
	return type == TFLM_INT8 ? 1 << 23 : 65535;
}

/* Types, quantization and activation. */
static tflm_code check_values(const tflm_node *node)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	int32_t low, high;
	float real_low, real_high;
	int is_known;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	if (tflm_is_float32(input)) {
		is_known = !tflm_activation_range_float(activation(node), &real_low, &real_high);
	} else {
		TFLM_TRY(tflm_need_quantized(node, input));
		TFLM_TRY(tflm_need_quantized(node, output));
		/* Pooling does not rescale, so both must be quantized alike. */
		float difference = input->scale - output->scale;
		if (difference > 1e-6f || difference < -1e-6f || input->zero_point != output->zero_point) {
			return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, output->zero_point);
		}
		is_known = !tflm_activation_range(activation(node), output, &low, &high);
	}
	return is_known ? TFLM_OK : tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, activation(node));
}

tflm_code tflm_check_pool(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	tflm_sweep sweep;
	TFLM_TRY(check_values(node));
	TFLM_TRY(make_sweep(node, &sweep));
	if (input->dims[3] != output->dims[3]) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->dims[3]);
	int32_t lines = sweep.height < sweep.in_height ? sweep.height : sweep.in_height;
	int32_t columns = sweep.width < sweep.in_width ? sweep.width : sweep.in_width;
	if ((int64_t)lines * columns > most_cells(input->type)) return tflm_fail(node, TFLM_BAD_SHAPE, input, lines);
	needs->data = sizeof(tflm_pool);
	return TFLM_OK;
}

static void run(const void *data)
{
	const tflm_pool *pool = data;
	const tflm_sweep *s = &pool->sweep;
	uint32_t width = pool->width;
	int32_t stride = (int32_t)(s->in_width * pool->channels), top, bottom, left, right;
	uint8_t *output = pool->output;
	for (int32_t b = 0; b < s->batches; b++) {
		for (int32_t oy = 0; oy < s->out_height; oy++) {
			int32_t y = oy * s->stride_y - s->pad_y;
			tflm_visible(y, s->height, 1, s->in_height, &top, &bottom);
			for (int32_t ox = 0; ox < s->out_width; ox++, output += pool->channels * width) {
				int32_t x = ox * s->stride_x - s->pad_x;
				tflm_visible(x, s->width, 1, s->in_width, &left, &right);
				int32_t cell = (b * s->in_height + y + top) * stride + (x + left) * (int32_t)pool->channels;
				for (uint32_t c = 0; c < pool->channels; c += TFLM_POOL_BLOCK) {
					uint32_t count = pool->channels - c < TFLM_POOL_BLOCK ? pool->channels - c : TFLM_POOL_BLOCK;
					const uint8_t *cells = pool->input + ((uint32_t)cell + c) * width;
					pool->reduce(pool, cells, bottom - top, right - left, stride, count, output + c * width);
				}
			}
		}
	}
}

tflm_run tflm_prepare_pool(const tflm_node *node, const tflm_reduce *reduce, void *data)
{
	const tflm_tensor *input = &node->input[0];
	tflm_pool *pool = data;
	int32_t low, high;
	pool->input = tflm_values(input);
	pool->output = node->output.data;
	pool->channels = (uint32_t)input->dims[3];
	pool->width = (uint8_t)tflm_type_bytes(input->type);
	pool->reduce = reduce[pool->width / 2];
	(void)make_sweep(node, &pool->sweep);
	if (tflm_is_float32(input)) {
		(void)tflm_activation_range_float(activation(node), &pool->real.low, &pool->real.high);
	} else {
		(void)tflm_activation_range(activation(node), &node->output, &low, &high);
		pool->low = (int16_t)low;
		pool->high = (int16_t)high;
	}
	return run;
}
