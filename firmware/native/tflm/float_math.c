#include "float_math.h"
#include <stdint.h>
#include <string.h>

/* x * 2^exponent, with the exponent in [-126, 127]. */
static float scale(float x, int exponent)
{
	uint32_t bits = (uint32_t)(exponent + 127) << 23;
	float power;
	memcpy(&power, &bits, sizeof power);
	return x * power;
}

float tflm_expf(float x)
{
	if (x > 89) return __builtin_inff();
	if (x < -104) return 0;
	if (x != x) return x;
	/* x = n ln 2 + r with |r| <= ln 2 / 2. ln 2 is in two parts, and n times the first of them is exact. */
	int n = (int)(x * 1.44269504f + (x < 0 ? -0.5f : 0.5f));
	float r = x - (float)n * 0.693359375f + (float)n * 2.12194440e-4f;
	/* The Taylor series to r^7 / 7!, the next term of which is below 6e-9. */
	float sum = 1 / 5040.0f;
	static const float factors[] = {1 / 720.0f, 1 / 120.0f, 1 / 24.0f, 1 / 6.0f, 0.5f, 1, 1};
	for (unsigned i = 0; i < sizeof factors / sizeof *factors; i++) sum = sum * r + factors[i];
	/* In two steps, since 2^n may be out of range when the result is not. */
	int half = n / 2;
	return scale(scale(sum, half), n - half);
}

float tflm_tanhf(float x)
{
	float magnitude = x < 0 ? -x : x;
	if (magnitude < 0.625f) {
		/* A continued fraction of Lambert's, since 1 - 2 / (1 + e^2x) would lose bits here. */
		float y = x * x;
		return x * (945 + y * (105 + y)) / (945 + y * (420 + y * 15));
	}
	float result = 1 - 2 / (1 + tflm_expf(2 * magnitude));
	return x < 0 ? -result : result;
}

float tflm_logisticf(float x)
{
	return 1 / (1 + tflm_expf(-x));
}
