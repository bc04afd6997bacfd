/* MAX_POOL_2D in int8: the largest of the cells that lie in the image. */
#include "../pool.h"
#include "../quantized.h"
#include <string.h>

static void maximum(const tflm_pool *pool, const int8_t *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, int8_t *output)
{
	int8_t largest[TFLM_POOL_BLOCK];
	memset(largest, -128, count);
	for (int32_t i = 0; i < lines; i++) {
		for (int32_t j = 0; j < columns; j++) {
			const int8_t *x = cells + i * stride + j * (int32_t)pool->channels;
			for (uint32_t c = 0; c < count; c++) largest[c] = x[c] > largest[c] ? x[c] : largest[c];
		}
	}
	for (uint32_t c = 0; c < count; c++) output[c] = (int8_t)tflm_clamp(largest[c], pool->low, pool->high);
}

static void run(const void *data)
{
	tflm_run_pool(data, maximum);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_prepare_pool(node, data);
	return run;
}

const tflm_operator tflm_max_pool_2d = {
	.name = "MAX_POOL_2D", .code = 17, .options_type = 5, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_pool, .prepare = prepare,
};
