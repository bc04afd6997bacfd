/* Arithmetic of quantized values, the same for all operators.

   A real value is scale * (q - zero_point). Going from one scale to another multiplies by a ratio of scales, which is kept
   as multiplier * 2^(shift - 31) with the multiplier in [2^30, 2^31), so that running a model needs no floating point.
   TFLite Micro rounds such a product twice, in the high multiplication and in the shift; XNNPACK rounds once. The two
   differ in the last bit now and then, and networks amplify it: hence both, by choice. */
#ifndef QUANTIZED_H
#define QUANTIZED_H
#include "tflm.h"

typedef struct {
	int32_t multiplier;
	int32_t shift; /* in [-31, 30]; to the left when positive */
} tflm_ratio;

/* The ratio a * b / c * 2^exponent of scales, as TFLite has it: computed in double precision, then QuantizeMultiplier of
   tensorflow/lite/kernels/internal/quantization_util.cc. The same bits in integers, since microcontrollers have no double
   unit. 0 when it is below 2^-32. -1 when it is 2^30 or more, or when a, b or c is negative or not a number, or c zero. */
int tflm_make_ratio(float a, float b, float c, int exponent, tflm_ratio *ratio);

/* The ratio a / (b * c) in the same way. */
int tflm_make_ratio_to_product(float a, float b, float c, tflm_ratio *ratio);

/* x / 2^exponent, halves away from zero; exponent in [0, 31]. */
static inline int32_t tflm_divide_by_power(int32_t x, int exponent)
{
	int32_t mask = (int32_t)((1u << exponent) - 1), rest = x & mask, half = (mask >> 1) + (x < 0);
	return (x >> exponent) + (rest > half);
}

/* a * b / 2^31, halves up; the one product that does not fit saturates. */
static inline int32_t tflm_high_product(int32_t a, int32_t b)
{
	if (a == INT32_MIN && b == INT32_MIN) return INT32_MAX;
	return (int32_t)(((int64_t)a * b + (1 << 30)) >> 31);
}

static inline int32_t tflm_rescale(int32_t x, int32_t multiplier, int shift, tflm_rounding rounding)
{
	if (rounding == TFLM_ROUND_SINGLE) {
		int total = 31 - shift;
		return (int32_t)(((int64_t)x * multiplier + ((int64_t)1 << (total - 1))) >> total);
	}
	if (shift > 0) return tflm_high_product((int32_t)((uint32_t)x << shift), multiplier);
	return tflm_divide_by_power(tflm_high_product(x, multiplier), -shift);
}

/* The same as a call, where code should be small rather than fast. */
int32_t tflm_rescale_call(int32_t x, int32_t multiplier, int shift, tflm_rounding rounding);

/* Of accumulators of int16 networks: the multiplier is reduced to 16 bits, and the product rounded once, in both modes
   (MultiplyByQuantizedMultiplier for int64 of tensorflow/lite/kernels/internal/common.cc). shift in [-31, 7]. */
static inline int32_t tflm_rescale_wide(int64_t x, int32_t multiplier, int shift)
{
	int32_t reduced = multiplier < 0x7fff0000 ? (multiplier + (1 << 15)) >> 16 : 0x7fff;
	int total = 15 - shift;
	uint64_t product = (uint64_t)x * (uint64_t)(int64_t)reduced + ((uint64_t)1 << (total - 1));
	return (int32_t)((int64_t)product >> total);
}

static inline int32_t tflm_clamp(int32_t x, int32_t low, int32_t high)
{
	return x < low ? low : x > high ? high : x;
}

/* x + zero_point within the bounds, without an overflow on the way. */
static inline int8_t tflm_to_int8(int32_t x, int32_t zero_point, int32_t low, int32_t high)
{
	return (int8_t)(tflm_clamp(x, low - zero_point, high - zero_point) + zero_point);
}

/* What int8, uint8, int16 or int32 can hold. */
void tflm_range_of(uint8_t type, int32_t *low, int32_t *high);
/* Element i of values of such a type. */
int32_t tflm_load(uint8_t type, const void *values, uint32_t i);
void tflm_store(uint8_t type, void *values, uint32_t i, int32_t value);

/* Nearest integer, halves away from zero, saturated; 0 for not-a-number. */
int32_t tflm_round(float value);

/* Fused activation functions: numbers of the schema. */
enum { TFLM_ACTIVATION_NONE, TFLM_ACTIVATION_RELU, TFLM_ACTIVATION_RELU_N1_TO_1, TFLM_ACTIVATION_RELU6 };

/* Bounds that the activation function sets on values of the tensor's scale and zero point, within its type (int8, uint8,
   int16). -1 when it is not one of the above. */
int tflm_activation_range(int32_t activation, const tflm_tensor *output, int32_t *low, int32_t *high);
int tflm_activation_range_float(int32_t activation, float *low, float *high);

/* Fixed-point functions of gemmlowp (fixedpoint/fixedpoint.h), which TFLite's int8 SOFTMAX and LOGISTIC are defined by.
   Qm.n has m integer bits, n fractional bits and a sign. */

/* e^x in Q0.31 for x <= 0 in Q`bits`.(31-bits); bits is 4 or 5. */
int32_t tflm_exp_of_negative(int32_t x, int bits);
/* 1 / (1 + e^-x) in Q0.31 for x in Q4.27. */
int32_t tflm_logistic_of(int32_t x);
/* tanh x in Q0.31 for x in Q4.27. */
int32_t tflm_tanh_of(int32_t x);
/* 1 / (1 + x) in Q0.31 for x in Q0.31 in [0, 1). */
int32_t tflm_one_over_one_plus(int32_t x);
/* 2^*exponent / x in Q0.31 for x above 0, where 2^*exponent is the largest power of two that is not above x. */
int32_t tflm_reciprocal(uint32_t x, int *exponent);
/* Largest number of steps whose product with a ratio of that left shift stays below 2^bits in Q`bits`.(31-bits). */
int32_t tflm_input_radius(int bits, int shift);
#endif
