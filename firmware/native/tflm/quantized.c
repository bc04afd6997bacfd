#include "quantized.h"
#include <string.h>

int tflm_make_ratio(double real, tflm_ratio *ratio)
{
	uint64_t bits;
	memcpy(&bits, &real, sizeof bits);
	int exponent = (int)(bits >> 52 & 0x7ff);
	ratio->multiplier = 0;
	ratio->shift = 0;
	if (bits >> 63 || exponent == 0x7ff) return real == 0 ? 0 : -1;
	if (!exponent) return 0;
	/* The mantissa's 53 bits to 31, in [2^30, 2^31]: real = mantissa * 2^(exponent - 1075) */
	uint64_t mantissa = (bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52;
	uint32_t rounded = (uint32_t)((mantissa + (1u << 21)) >> 22);
	int shift = exponent - 1022;
	if (rounded == UINT32_C(1) << 31) rounded /= 2, shift++;
	if (shift > 30) return -1;
	if (shift < -31) return 0;
	ratio->multiplier = (int32_t)rounded;
	ratio->shift = shift;
	return 0;
}

int32_t tflm_round(float value)
{
	double wide = (double)value + (value < 0 ? -0.5 : 0.5);
	if (!(wide > -2147483648.0)) return value < 0 ? INT32_MIN : 0;
	return wide >= 2147483647.0 ? INT32_MAX : (int32_t)wide;
}

int tflm_activation_range(int32_t activation, const tflm_tensor *output, int32_t *low, int32_t *high)
{
	float bottom, top;
	*low = -128;
	*high = 127;
	if (tflm_activation_range_float(activation, &bottom, &top)) return -1;
	if (activation == TFLM_ACTIVATION_NONE) return 0;
	int64_t quantized = (int64_t)output->zero_point + tflm_round(bottom / output->scale);
	if (quantized > *low) *low = quantized > 127 ? 127 : (int32_t)quantized;
	if (activation == TFLM_ACTIVATION_RELU) return 0;
	quantized = (int64_t)output->zero_point + tflm_round(top / output->scale);
	if (quantized < *high) *high = quantized < -128 ? -128 : (int32_t)quantized;
	return 0;
}

int tflm_activation_range_float(int32_t activation, float *low, float *high)
{
	*low = -3.402823466e+38f;
	*high = 3.402823466e+38f;
	switch (activation) {
	case TFLM_ACTIVATION_NONE: return 0;
	case TFLM_ACTIVATION_RELU: *low = 0; return 0;
	case TFLM_ACTIVATION_RELU_N1_TO_1: *low = -1, *high = 1; return 0;
	case TFLM_ACTIVATION_RELU6: *low = 0, *high = 6; return 0;
	default: return -1;
	}
}

int32_t tflm_input_radius(int bits, int shift)
{
	return (int32_t)(((((int64_t)1 << bits) - 1) << (31 - bits)) >> shift);
}

/* x * 2^shift, saturated. */
static int32_t shift_left(int32_t x, int shift)
{
	int32_t limit = (int32_t)((1u << (31 - shift)) - 1);
	if (x > limit) return INT32_MAX;
	if (x < -limit) return INT32_MIN;
	return (int32_t)((uint32_t)x << shift);
}

/* e^x in Q0.31 for x in [-1/4, 0) in Q0.31: the Taylor series of degree 4 around -1/8. */
static int32_t exp_of_quarter(int32_t x)
{
	const int32_t e = 1895147668, third = 715827883; /* e^(-1/8) and 1/3 */
	int32_t y = x + (1 << 28);
	int32_t y2 = tflm_high_product(y, y), y3 = tflm_high_product(y2, y), y4 = tflm_high_product(y2, y2);
	int32_t tail = tflm_high_product(tflm_divide_by_power(y4, 2) + y3, third) + y2;
	return e + tflm_high_product(e, y + tflm_divide_by_power(tail, 1));
}

int32_t tflm_exp_of_negative(int32_t x, int bits)
{
	/* e^-(2^k) in Q0.31 for k from -2 to 4 */
	static const int32_t powers[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
	int fraction = 31 - bits;
	int32_t quarter = 1 << (fraction - 2);
	if (!x) return INT32_MAX;
	int32_t rest = (x & (quarter - 1)) - quarter;
	int32_t result = exp_of_quarter(shift_left(rest, bits));
	int32_t whole = rest - x;
	for (int k = -2; k < bits; k++) {
		if (whole & 1 << (fraction + k)) result = tflm_high_product(result, powers[k + 2]);
	}
	return result;
}

int32_t tflm_one_over_one_plus(int32_t x)
{
	/* Newton and Raphson: three steps from 48/17 - 32/17 d, for half the denominator d, in Q2.29 */
	int32_t half = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2);
	int32_t estimate = 1515870810 + tflm_high_product(half, -1010580540);
	for (int i = 0; i < 3; i++) {
		int32_t error = (1 << 29) - tflm_high_product(half, estimate);
		estimate += shift_left(tflm_high_product(estimate, error), 2);
	}
	return shift_left(estimate, 1);
}

int32_t tflm_logistic_of(int32_t x)
{
	if (!x) return 1 << 30;
	int32_t positive = tflm_one_over_one_plus(tflm_exp_of_negative(x > 0 ? -x : x, 4));
	return x > 0 ? positive : INT32_MAX - positive;
}
