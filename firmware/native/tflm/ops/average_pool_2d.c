/* AVERAGE_POOL_2D: the mean of the cells that lie in the image; of integers, halves away from zero.
   As tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h and pooling.h. */
#include "../pool.h"
#include "../quantized.h"
#include <string.h>

static int32_t divide(const tflm_pool *pool, int32_t sum, int32_t count)
{
	int32_t half = sum > 0 ? count / 2 : -(count / 2);
	return tflm_clamp((sum + half) / count, pool->low, pool->high);
}

static void average_int8(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	int32_t sums[TFLM_POOL_BLOCK];
	memset(sums, 0, count * sizeof *sums);
	for (int32_t i = 0; i < lines; i++) {
		for (int32_t j = 0; j < columns; j++) {
			const int8_t *x = (const int8_t *)cells + i * stride + j * (int32_t)pool->channels;
			for (uint32_t c = 0; c < count; c++) sums[c] += x[c];
		}
	}
	for (uint32_t c = 0; c < count; c++) ((int8_t *)output)[c] = (int8_t)divide(pool, sums[c], lines * columns);
}

static void average_int16(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	for (uint32_t c = 0; c < count; c++) {
		int32_t sum = 0;
		for (int32_t i = 0; i < lines; i++) {
			const int16_t *x = (const int16_t *)cells + i * stride + c;
			for (int32_t j = 0; j < columns; j++, x += pool->channels) sum += *x;
		}
		((int16_t *)output)[c] = (int16_t)divide(pool, sum, lines * columns);
	}
}

static void average_float(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	for (uint32_t c = 0; c < count; c++) {
		float sum = 0;
		for (int32_t i = 0; i < lines; i++) {
			const float *x = (const float *)cells + i * stride + c;
			for (int32_t j = 0; j < columns; j++, x += pool->channels) sum += *x;
		}
		float mean = sum / (float)(lines * columns);
		((float *)output)[c] = mean < pool->real.low ? pool->real.low : mean > pool->real.high ? pool->real.high : mean;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	static const tflm_reduce reduce[] = {
		average_int8, TFLM_WITH_INT16 ? average_int16 : NULL, TFLM_WITH_FLOAT32 ? average_float : NULL,
	};
	return tflm_prepare_pool(node, reduce, data);
}

const tflm_operator tflm_average_pool_2d = {
	.name = "AVERAGE_POOL_2D", .code = 1, .options_type = 5, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_pool, .prepare = prepare,
};
