/* AVERAGE_POOL_2D in int8: the mean of the cells that lie in the image, halves away from zero.
   As tensorflow/lite/kernels/internal/reference/integer_ops/pooling.h. */
#include "../pool.h"
#include "../quantized.h"
#include <string.h>

static void average(const tflm_pool *pool, const int8_t *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, int8_t *output)
{
	int32_t sums[TFLM_POOL_BLOCK], cell_count = lines * columns;
	memset(sums, 0, count * sizeof *sums);
	for (int32_t i = 0; i < lines; i++) {
		for (int32_t j = 0; j < columns; j++) {
			const int8_t *x = cells + i * stride + j * (int32_t)pool->channels;
			for (uint32_t c = 0; c < count; c++) sums[c] += x[c];
		}
	}
	for (uint32_t c = 0; c < count; c++) {
		int32_t half = sums[c] > 0 ? cell_count / 2 : -(cell_count / 2);
		output[c] = (int8_t)tflm_clamp((sums[c] + half) / cell_count, pool->low, pool->high);
	}
}

static void run(const void *data)
{
	tflm_run_pool(data, average);
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	tflm_prepare_pool(node, data);
	return run;
}

const tflm_operator tflm_average_pool_2d = {
	.name = "AVERAGE_POOL_2D", .code = 1, .options_type = 5, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_pool, .prepare = prepare,
};
