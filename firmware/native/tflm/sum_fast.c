#include "sum_fast.h"
#include "target.h"
#if TFLM_FAST && !TFLM_SIMD128
#include "arithmetic.h"
#include "requantize.h"

/* An input's ratio is at most 1/2. When it is that, one more shift to the left before the product and one to the right
   behind it, which lose nothing, make it one of those that requantize.h calls common. */
typedef struct {
	int32_t doubled;
	int32_t right, left;
} scaling;

static scaling scaling_of(const tflm_binary *op, int i, int left)
{
	int32_t right = -op->shifts[i] - 1;
	return (scaling){(int32_t)(2 * (uint32_t)op->multipliers[i]), right < 0 ? 0 : right, right < 0 ? left + 1 : left};
}

int tflm_has_fast_sum(const tflm_binary *op)
{
	return op->rounding == TFLM_ROUND_DOUBLE && op->multipliers[0] && op->multipliers[1] && op->multipliers[2] &&
		op->shifts[2] < 0;
}

/* x * 2^left * ratio, rounded twice; |x| below 2^30 with the shift. */
static inline int32_t rescale(int32_t x, scaling s)
{
	int32_t value = tflm_high_sum((int32_t)((uint32_t)x << s.left), s.doubled);
	return (((value + (value >> 31)) >> s.right) + 1) >> 1;
}

void tflm_run_sum_fast(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count)
{
	const int8_t *x = a, *y = b;
	int8_t *z = output;
	scaling scale_a = scaling_of(op, 0, 20), scale_b = scaling_of(op, 1, 20), scale_output = scaling_of(op, 2, 0);
	int32_t zero_a = op->zero_a, zero_b = op->zero_b, zero = op->zero_output, low = op->low, high = op->high;
	int32_t sign = op->kind == TFLM_SUM ? 0 : -1;
	for (uint32_t i = 0; i < count; i++, x += step_a, y += step_b) {
		int32_t second = rescale(*y - zero_b, scale_b);
		int32_t sum = rescale(*x - zero_a, scale_a) + (second ^ sign) - sign;
		z[i] = (int8_t)tflm_clamp(rescale(sum, scale_output) + zero, low, high);
	}
}
#endif
