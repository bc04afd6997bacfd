/* MAX_POOL_2D: the largest of the cells that lie in the image. */
#include "../pool.h"
#include "../quantized.h"
#include <string.h>

static void maximum_int8(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	int8_t largest[TFLM_POOL_BLOCK];
	memset(largest, -128, count);
	for (int32_t i = 0; i < lines; i++) {
		for (int32_t j = 0; j < columns; j++) {
			const int8_t *x = (const int8_t *)cells + i * stride + j * (int32_t)pool->channels;
			for (uint32_t c = 0; c < count; c++) largest[c] = x[c] > largest[c] ? x[c] : largest[c];
		}
	}
	for (uint32_t c = 0; c < count; c++) ((int8_t *)output)[c] = (int8_t)tflm_clamp(largest[c], pool->low, pool->high);
}

static void maximum_int16(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	for (uint32_t c = 0; c < count; c++) {
		int16_t largest = INT16_MIN;
		for (int32_t i = 0; i < lines; i++) {
			const int16_t *x = (const int16_t *)cells + i * stride + c;
			for (int32_t j = 0; j < columns; j++, x += pool->channels) largest = *x > largest ? *x : largest;
		}
		((int16_t *)output)[c] = (int16_t)tflm_clamp(largest, pool->low, pool->high);
	}
}

static void maximum_float(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output)
{
	for (uint32_t c = 0; c < count; c++) {
		/* No less than the bounds, the lowest of which is the lowest number that there is. */
		float largest = pool->real.low;
		for (int32_t i = 0; i < lines; i++) {
			const float *x = (const float *)cells + i * stride + c;
			for (int32_t j = 0; j < columns; j++, x += pool->channels) largest = *x > largest ? *x : largest;
		}
		((float *)output)[c] = largest > pool->real.high ? pool->real.high : largest;
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	static const tflm_reduce reduce[] = {
		maximum_int8, TFLM_WITH_INT16 ? maximum_int16 : NULL, TFLM_WITH_FLOAT32 ? maximum_float : NULL,
	};
	return tflm_prepare_pool(node, reduce, data);
}

const tflm_operator tflm_max_pool_2d = {
	.name = "MAX_POOL_2D", .code = 17, .options_type = 5, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_pool, .prepare = prepare,
};
