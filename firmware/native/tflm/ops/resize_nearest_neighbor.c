/* RESIZE_NEAREST_NEIGHBOR: each pixel of the output is the pixel of the input at its place; which one that is comes out
   of float32, rounded as tensorflow/lite/kernels/internal/reference/resize_nearest_neighbor.h does. */
#include "../quantized.h"
#include "../operators.h"
#include "../reader.h"
#include <string.h>

enum { OPTION_ALIGN_CORNERS, OPTION_HALF_PIXEL_CENTERS };

typedef struct {
	const uint8_t *input;
	uint8_t *output;
	uint32_t pixel; /* bytes */
	int32_t batches, in_height, in_width, out_height, out_width;
	uint8_t align_corners, half_pixel_centers;
} resize;

static int flag(const tflm_node *node, uint32_t field)
{
	return tflm_field_i8(node->model, node->options, field, 0) != 0;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *size = &node->input[1], *output = &node->output;
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(tflm_need_type(node, size, TFLM_INT32));
	TFLM_TRY(tflm_need_constant(node, size));
	if (input->rank != 4) return tflm_fail(node, TFLM_BAD_SHAPE, input, input->rank);
	if (size->elements != 2) return tflm_fail(node, TFLM_SHAPE_MISMATCH, size, (int32_t)size->elements);
	for (uint32_t i = 0; i < 4; i++) {
		int is_side = i == 1 || i == 2;
		int32_t dim = is_side ? (int32_t)tflm_read_u32(size->constant + 4 * (i - 1)) : input->dims[i];
		if (output->rank != 4 || output->dims[i] != dim || !dim) {
			return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, dim);
		}
	}
	needs->data = sizeof(resize);
	return TFLM_OK;
}

/* The index of the input for an index of the output, along one side. */
static int32_t nearest(const resize *op, int32_t at, int32_t in, int32_t out)
{
	float scale = op->align_corners && out > 1 ? (float)(in - 1) / (float)(out - 1) : (float)in / (float)out;
	float place = ((float)at + (op->half_pixel_centers ? 0.5f : 0)) * scale;
	int32_t index = op->align_corners ? tflm_round(place) : (int32_t)place;
	return index < in ? index : in - 1;
}

static void run(const void *data)
{
	const resize *op = data;
	uint8_t *output = op->output;
	uint32_t line = (uint32_t)op->in_width * op->pixel;
	for (int32_t b = 0; b < op->batches; b++) {
		const uint8_t *image = op->input + (uint32_t)(b * op->in_height) * line;
		for (int32_t y = 0; y < op->out_height; y++) {
			const uint8_t *from = image + (uint32_t)nearest(op, y, op->in_height, op->out_height) * line;
			for (int32_t x = 0; x < op->out_width; x++, output += op->pixel) {
				memcpy(output, from + (uint32_t)nearest(op, x, op->in_width, op->out_width) * op->pixel, op->pixel);
			}
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	resize *op = data;
	op->input = tflm_values(input);
	op->output = output->data;
	op->pixel = (uint32_t)input->dims[3] * tflm_type_bytes(input->type);
	op->batches = input->dims[0];
	op->in_height = input->dims[1];
	op->in_width = input->dims[2];
	op->out_height = output->dims[1];
	op->out_width = output->dims[2];
	op->align_corners = (uint8_t)flag(node, OPTION_ALIGN_CORNERS);
	op->half_pixel_centers = (uint8_t)flag(node, OPTION_HALF_PIXEL_CENTERS);
	return run;
}

const tflm_operator tflm_resize_nearest_neighbor = {
	.name = "RESIZE_NEAREST_NEIGHBOR", .code = 97, .options_type = 74, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
