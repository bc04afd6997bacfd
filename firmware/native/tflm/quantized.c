#include "quantized.h"
#include <string.h>

/* A float as mantissa * 2^exponent with the mantissa in [2^23, 2^24). -1 when it is negative, zero or not finite. */
static int split(float value, uint32_t *mantissa, int *exponent)
{
	uint32_t bits;
	memcpy(&bits, &value, sizeof bits);
	*exponent = (int)(bits >> 23) - 150;
	*mantissa = bits & 0x7fffff;
	if (bits >> 31 || !bits || bits >> 23 == 0xff) return -1;
	if (bits >> 23) {
		*mantissa |= 1u << 23;
		return 0;
	}
	for ((*exponent)++; !(*mantissa >> 23); (*exponent)--) *mantissa <<= 1;
	return 0;
}

/* Bits that x has. */
static int width_of(uint64_t x)
{
	int width = 0;
	for (int step = 32; step; step /= 2) {
		if (x >> step) width += step, x >>= step;
	}
	return width + (x != 0);
}

/* x / 2^bits, rounded to nearest; halves to even, or up where `more` says that there is a rest beyond x. */
static uint64_t round_to_even(uint64_t x, int bits, int more)
{
	uint64_t rest = x & ((UINT64_C(1) << bits) - 1), half = UINT64_C(1) << (bits - 1), whole = x >> bits;
	return whole + (rest > half || (rest == half && (more || whole & 1)));
}

/* The ratio quotient * 2^exponent, with a rest beyond the quotient or not; the quotient has 54 bits or more. */
static int round_ratio(uint64_t quotient, int has_rest, int exponent, tflm_ratio *ratio)
{
	/* To the 53 bits of a double, and from there to 31 as QuantizeMultiplier rounds, halves up. */
	int extra = width_of(quotient) - 53;
	uint64_t mantissa = round_to_even(quotient, extra, has_rest);
	if (mantissa >> 53) mantissa /= 2, extra++;
	uint32_t rounded = (uint32_t)((mantissa + (1u << 21)) >> 22);
	int shift = exponent + extra + 53;
	if (rounded == UINT32_C(1) << 31) rounded /= 2, shift++;
	if (shift > 30) return -1;
	if (shift < -31) return 0;
	ratio->multiplier = (int32_t)rounded;
	ratio->shift = shift;
	return 0;
}

int tflm_make_ratio(float a, float b, float c, int exponent, tflm_ratio *ratio)
{
	uint32_t mantissa_a, mantissa_b, divisor;
	int exponent_a, exponent_b, exponent_c;
	ratio->multiplier = 0;
	ratio->shift = 0;
	if (split(c, &divisor, &exponent_c)) return -1;
	if (split(a, &mantissa_a, &exponent_a)) return a == 0 && !split(b, &mantissa_b, &exponent_b) ? 0 : -1;
	if (split(b, &mantissa_b, &exponent_b)) return b == 0 ? 0 : -1;
	/* The product of the mantissas (48 bits, exact in a double) times 2^32 / divisor, a byte at a time. */
	uint64_t product = (uint64_t)mantissa_a * mantissa_b << 8;
	uint32_t high = (uint32_t)(product >> 32), low = (uint32_t)product, rest = high % divisor;
	uint64_t quotient = high / divisor;
	for (int i = 0; i < 7; i++, low <<= 8) {
		uint32_t dividend = rest << 8 | low >> 24, digit = dividend / divisor;
		rest = dividend - digit * divisor;
		quotient = quotient << 8 | digit;
	}
	return round_ratio(quotient, rest != 0, exponent_a + exponent_b - exponent_c + exponent - 32, ratio);
}

int tflm_make_ratio_to_product(float a, float b, float c, tflm_ratio *ratio)
{
	uint32_t mantissa_a, mantissa_b, mantissa_c;
	int exponent_a, exponent_b, exponent_c;
	*ratio = (tflm_ratio){0, 0};
	if (split(b, &mantissa_b, &exponent_b) || split(c, &mantissa_c, &exponent_c)) return -1;
	if (split(a, &mantissa_a, &exponent_a)) return a == 0 ? 0 : -1;
	/* A long division in binary: the divisor has 47 or 48 bits, and is exact in a double. */
	uint64_t divisor = (uint64_t)mantissa_b * mantissa_c, rest = mantissa_a, quotient = 0;
	for (int i = 0; i < 80; i++) {
		rest <<= 1;
		quotient <<= 1;
		if (rest >= divisor) rest -= divisor, quotient |= 1;
	}
	return round_ratio(quotient, rest != 0, exponent_a - exponent_b - exponent_c - 80, ratio);
}

int32_t tflm_rescale_call(int32_t x, int32_t multiplier, int shift, tflm_rounding rounding)
{
	return tflm_rescale(x, multiplier, shift, rounding);
}

void tflm_range_of(uint8_t type, int32_t *low, int32_t *high)
{
	*low = type == TFLM_INT32 ? INT32_MIN : type == TFLM_INT16 ? INT16_MIN : type == TFLM_UINT8 ? 0 : INT8_MIN;
	*high = type == TFLM_INT32 ? INT32_MAX : type == TFLM_INT16 ? INT16_MAX : type == TFLM_UINT8 ? UINT8_MAX : INT8_MAX;
}

int32_t tflm_load(uint8_t type, const void *values, uint32_t i)
{
	switch (type) {
	case TFLM_INT8: return ((const int8_t *)values)[i];
	case TFLM_UINT8: return ((const uint8_t *)values)[i];
	case TFLM_INT16: return ((const int16_t *)values)[i];
	default: return ((const int32_t *)values)[i];
	}
}

void tflm_store(uint8_t type, void *values, uint32_t i, int32_t value)
{
	if (type == TFLM_INT32) ((int32_t *)values)[i] = value;
	else if (type == TFLM_INT16) ((int16_t *)values)[i] = (int16_t)value;
	else ((uint8_t *)values)[i] = (uint8_t)value;
}

int32_t tflm_round(float value)
{
	if (!(value > -2147483648.0f)) return value < 0 ? INT32_MIN : 0;
	if (value >= 2147483648.0f) return INT32_MAX;
	/* What is behind the point is exact: values with any are below 2^23. */
	int32_t whole = (int32_t)value;
	float rest = value - (float)whole;
	return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

int tflm_activation_range(int32_t activation, const tflm_tensor *output, int32_t *low, int32_t *high)
{
	float bottom, top;
	tflm_range_of(output->type, low, high);
	if (tflm_activation_range_float(activation, &bottom, &top)) return -1;
	if (activation == TFLM_ACTIVATION_NONE) return 0;
	int32_t least = *low, most = *high;
	int64_t quantized = (int64_t)output->zero_point + tflm_round(bottom / output->scale);
	if (quantized > least) *low = quantized > most ? most : (int32_t)quantized;
	if (activation == TFLM_ACTIVATION_RELU) return 0;
	quantized = (int64_t)output->zero_point + tflm_round(top / output->scale);
	if (quantized < most) *high = quantized < least ? least : (int32_t)quantized;
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
	return (int32_t)((((1u << bits) - 1) << (31 - bits)) >> shift);
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

/* 2 / (1 + x) in Q2.29. */
static int32_t two_over_one_plus(int32_t x)
{
	/* Newton and Raphson: three steps from 48/17 - 32/17 d, for half the denominator d, in Q2.29 */
	int32_t half = (int32_t)(((uint32_t)x + (1u << 31)) / 2);
	int32_t estimate = 1515870810 + tflm_high_product(half, -1010580540);
	for (int i = 0; i < 3; i++) {
		int32_t error = (1 << 29) - tflm_high_product(half, estimate);
		estimate += shift_left(tflm_high_product(estimate, error), 2);
	}
	return estimate;
}

int32_t tflm_one_over_one_plus(int32_t x)
{
	return shift_left(two_over_one_plus(x), 1);
}

int32_t tflm_reciprocal(uint32_t x, int *exponent)
{
	*exponent = 31;
	while (!(x >> 31)) x <<= 1, --*exponent;
	return tflm_one_over_one_plus((int32_t)(x - (1u << 31)));
}

int32_t tflm_logistic_of(int32_t x)
{
	if (!x) return 1 << 30;
	int32_t positive = tflm_one_over_one_plus(tflm_exp_of_negative(x > 0 ? -x : x, 4));
	return x > 0 ? positive : INT32_MAX - positive;
}

int32_t tflm_tanh_of(int32_t x)
{
	if (!x) return 0;
	/* (1 - e) / (1 + e) with e = e^(-2|x|): the same number is 2|x| in Q5.26 */
	int32_t e = tflm_exp_of_negative(x > 0 ? -x : x, 5);
	int32_t positive = shift_left(two_over_one_plus(e) - (1 << 29), 2);
	return x > 0 ? positive : -positive;
}
