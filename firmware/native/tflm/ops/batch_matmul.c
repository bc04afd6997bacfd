/* BATCH_MATMUL: products of matrices, those of one input with those of the other; each may be transposed in memory, and
   dimensions in front of the matrices' two are broadcast. As tensorflow/lite/kernels/internal/reference/batch_matmul.h,
   which like FULLY_CONNECTED rounds the product of the inputs' scales to float32. */
#include "../operators.h"
#include "../quantized.h"
#include "../reader.h"
#include "../wide_stage.h"

enum { OPTION_TRANSPOSE_A, OPTION_TRANSPOSE_B };
/* What tflm_rescale_wide can shift to the left by. */
enum { MAX_WIDE_SHIFT = 7 };

/* Elements from one index to the next in each input, 0 where it is broadcast. */
typedef struct {
	uint32_t count, step_a, step_b;
} batch;

typedef struct matmul matmul;

/* Writes one output, of a row of the first input and a column of the second; indices of elements. */
typedef void (*product)(const matmul *op, uint32_t a, uint32_t b, uint32_t output);

struct matmul {
	const void *a, *b;
	void *output;
	product write;
	uint32_t rows, columns, depth;
	uint32_t row_a, depth_a, column_b, depth_b; /* steps in elements */
	int32_t multiplier;
	int16_t zero_a, zero_b, zero_output;
	int8_t shift;
	uint8_t rounding, rank;
	batch batches[]; /* outermost first */
};

static uint32_t data_bytes(uint32_t rank)
{
	return (uint32_t)(sizeof(matmul) + rank * sizeof(batch));
}

static int is_transposed(const tflm_node *node, uint32_t option)
{
	return tflm_field_i8(node->model, node->options, option, 0) != 0;
}

/* The tensor's dimension `i` from the end on, 1 in front of the first. */
static int32_t dimension(const tflm_tensor *tensor, int32_t i)
{
	return i < tensor->rank ? tensor->dims[tensor->rank - 1 - i] : 1;
}

static int ratio_of(const tflm_node *node, tflm_ratio *ratio)
{
	if (tflm_make_ratio(node->input[0].scale * node->input[1].scale, 1, node->output.scale, 0, ratio)) return -1;
	return node->input[0].type == TFLM_INT16 && ratio->shift > MAX_WIDE_SHIFT ? -1 : 0;
}

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *a = &node->input[0], *b = &node->input[1], *output = &node->output;
	const tflm_tensor *all[] = {a, b, output};
	int32_t transposed_a = is_transposed(node, OPTION_TRANSPOSE_A);
	int32_t transposed_b = is_transposed(node, OPTION_TRANSPOSE_B);
	tflm_ratio ratio;
	for (int i = 0; i < 3; i++) {
		TFLM_TRY(tflm_need_type(node, all[i], a->type));
		if (a->type != TFLM_FLOAT32) TFLM_TRY(tflm_need_quantized(node, all[i]));
		if (all[i]->rank < 2 || !all[i]->elements) return tflm_fail(node, TFLM_BAD_SHAPE, all[i], all[i]->rank);
	}
	int32_t rows = dimension(a, !transposed_a), depth = dimension(a, transposed_a);
	int32_t columns = dimension(b, transposed_b);
	if (dimension(b, !transposed_b) != depth) return tflm_fail(node, TFLM_SHAPE_MISMATCH, b, depth);
	if (output->rank != (a->rank > b->rank ? a->rank : b->rank) || dimension(output, 1) != rows ||
		dimension(output, 0) != columns) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, output->rank);
	}
	for (int32_t i = 2; i < output->rank; i++) {
		int32_t dim_a = dimension(a, i), dim_b = dimension(b, i), dim = dim_a == 1 ? dim_b : dim_a;
		if (dim_b != 1 && dim_b != dim) return tflm_fail(node, TFLM_SHAPE_MISMATCH, b, dim_b);
		if (dimension(output, i) != dim) return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, dim);
	}
	if (a->type != TFLM_FLOAT32 && ratio_of(node, &ratio)) return tflm_fail(node, TFLM_BAD_QUANTIZATION, output, 0);
	needs->data = data_bytes(output->rank - 2u);
	needs->macs = (uint64_t)output->elements * (uint32_t)depth;
	return TFLM_OK;
}

static void product_int8(const matmul *op, uint32_t a, uint32_t b, uint32_t output)
{
	const int8_t *x = (const int8_t *)op->a + a, *y = (const int8_t *)op->b + b;
	uint32_t sum = 0;
	for (uint32_t i = 0; i < op->depth; i++, x += op->depth_a, y += op->depth_b) {
		sum += (uint32_t)((*x - op->zero_a) * (*y - op->zero_b));
	}
	int32_t value = tflm_rescale_call((int32_t)sum, op->multiplier, op->shift, op->rounding);
	((int8_t *)op->output)[output] = tflm_to_int8(value, op->zero_output, -128, 127);
}

static void product_int16(const matmul *op, uint32_t a, uint32_t b, uint32_t output)
{
	static const tflm_wide_stage stage = {.low = INT16_MIN, .high = INT16_MAX, .is_wide = 1};
	const int16_t *x = (const int16_t *)op->a + a, *y = (const int16_t *)op->b + b;
	int64_t sum = 0;
	for (uint32_t i = 0; i < op->depth; i++, x += op->depth_a, y += op->depth_b) sum += *x * *y;
	((int16_t *)op->output)[output] = tflm_finish_wide(&stage, 0, sum, op->multiplier, op->shift);
}

static void product_float(const matmul *op, uint32_t a, uint32_t b, uint32_t output)
{
	const float *x = (const float *)op->a + a, *y = (const float *)op->b + b;
	float sum = 0;
	for (uint32_t i = 0; i < op->depth; i++, x += op->depth_a, y += op->depth_b) sum += *x * *y;
	((float *)op->output)[output] = sum;
}

static void run(const void *data)
{
	const matmul *op = data;
	uint32_t index[TFLM_RANK] = {0}, a = 0, b = 0, output = 0;
	for (;;) {
		for (uint32_t r = 0; r < op->rows; r++) {
			uint32_t row = a + r * op->row_a;
			for (uint32_t c = 0; c < op->columns; c++, output++) op->write(op, row, b + c * op->column_b, output);
		}
		uint32_t i = op->rank;
		for (;;) {
			if (!i--) return;
			const batch *dim = &op->batches[i];
			a += dim->step_a;
			b += dim->step_b;
			if (++index[i] < dim->count) break;
			index[i] = 0;
			a -= dim->step_a * dim->count;
			b -= dim->step_b * dim->count;
		}
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	const tflm_tensor *a = &node->input[0], *b = &node->input[1], *output = &node->output;
	int32_t transposed_a = is_transposed(node, OPTION_TRANSPOSE_A);
	int32_t transposed_b = is_transposed(node, OPTION_TRANSPOSE_B);
	matmul *op = data;
	op->a = tflm_values(a);
	op->b = tflm_values(b);
	op->output = output->data;
	op->rows = (uint32_t)dimension(output, 1);
	op->columns = (uint32_t)dimension(output, 0);
	op->depth = (uint32_t)dimension(a, transposed_a);
	op->row_a = transposed_a ? 1 : op->depth;
	op->depth_a = transposed_a ? op->rows : 1;
	op->column_b = transposed_b ? op->depth : 1;
	op->depth_b = transposed_b ? 1 : op->columns;
	op->rank = (uint8_t)(output->rank - 2);
	uint32_t size_a = op->rows * op->depth, size_b = op->columns * op->depth;
	for (int32_t i = 2; i < output->rank; i++) {
		uint32_t dim_a = (uint32_t)dimension(a, i), dim_b = (uint32_t)dimension(b, i);
		op->batches[output->rank - 1 - i] = (batch){
			(uint32_t)dimension(output, i), dim_a == 1 ? 0 : size_a, dim_b == 1 ? 0 : size_b,
		};
		size_a *= dim_a;
		size_b *= dim_b;
	}
	op->write = a->type == TFLM_FLOAT32 ? product_float : a->type == TFLM_INT16 ? product_int16 : product_int8;
	if (a->type == TFLM_FLOAT32) return run;
	tflm_ratio ratio;
	(void)ratio_of(node, &ratio);
	op->multiplier = ratio.multiplier;
	op->shift = (int8_t)ratio.shift;
	op->zero_a = (int16_t)a->zero_point;
	op->zero_b = (int16_t)b->zero_point;
	op->zero_output = (int16_t)output->zero_point;
	op->rounding = (uint8_t)node->rounding;
	return run;
}

const tflm_operator tflm_batch_matmul = {
	.name = "BATCH_MATMUL", .code = 126, .options_type = 101, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = check, .prepare = prepare,
};
