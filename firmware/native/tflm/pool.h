/* What AVERAGE_POOL_2D and MAX_POOL_2D share: a window slides over the image, and each channel is reduced by itself. */
#ifndef POOL_H
#define POOL_H
#include "operators.h"
#include "window.h"

enum { TFLM_POOL_BLOCK = 32 };

typedef struct tflm_pool tflm_pool;

/* Writes `count` outputs from `count` channels of `lines` x `columns` of the image; `stride` elements are
   from one line of the image to the next. There is at least one cell. */
typedef void (*tflm_reduce)(const tflm_pool *pool, const void *cells, int32_t lines, int32_t columns, int32_t stride,
	uint32_t count, void *output);

struct tflm_pool {
	const uint8_t *input;
	uint8_t *output;
	tflm_reduce reduce;
	uint32_t channels;
	union {
		struct {
			int16_t low, high;
		};
		struct {
			float low, high;
		} real; /* of float32 */
	};
	uint8_t width; /* bytes of an element */
	tflm_sweep sweep;
};

/* Of int8, int16 or float32. */
tflm_code tflm_check_pool(const tflm_node *node, tflm_needs *needs);
/* `reduce` are those of int8, int16 and float32. */
tflm_run tflm_prepare_pool(const tflm_node *node, const tflm_reduce *reduce, void *data);
#endif
