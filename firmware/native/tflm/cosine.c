#include "cosine.h"

/* round(32767 cos(2 pi i / 1024)) */
enum { TABLE_BITS = 10 };
static const int16_t quarter[(1 << TABLE_BITS) / 4 + 1] = {
	32767, 32766, 32765, 32761, 32757, 32752, 32745, 32737, 32728, 32717, 32705, 32692, 32678, 32663, 32646, 32628,
	32609, 32589, 32567, 32545, 32521, 32495, 32469, 32441, 32412, 32382, 32351, 32318, 32285, 32250, 32213, 32176,
	32137, 32098, 32057, 32014, 31971, 31926, 31880, 31833, 31785, 31736, 31685, 31633, 31580, 31526, 31470, 31414,
	31356, 31297, 31237, 31176, 31113, 31050, 30985, 30919, 30852, 30783, 30714, 30643, 30571, 30498, 30424, 30349,
	30273, 30195, 30117, 30037, 29956, 29874, 29791, 29706, 29621, 29534, 29447, 29358, 29268, 29177, 29085, 28992,
	28898, 28803, 28706, 28609, 28510, 28411, 28310, 28208, 28105, 28001, 27896, 27790, 27683, 27575, 27466, 27356,
	27245, 27133, 27019, 26905, 26790, 26674, 26556, 26438, 26319, 26198, 26077, 25955, 25832, 25708, 25582, 25456,
	25329, 25201, 25072, 24942, 24811, 24680, 24547, 24413, 24279, 24143, 24007, 23870, 23731, 23592, 23452, 23311,
	23170, 23027, 22884, 22739, 22594, 22448, 22301, 22154, 22005, 21856, 21705, 21554, 21403, 21250, 21096, 20942,
	20787, 20631, 20475, 20317, 20159, 20000, 19841, 19680, 19519, 19357, 19195, 19032, 18868, 18703, 18537, 18371,
	18204, 18037, 17869, 17700, 17530, 17360, 17189, 17018, 16846, 16673, 16499, 16325, 16151, 15976, 15800, 15623,
	15446, 15269, 15090, 14912, 14732, 14553, 14372, 14191, 14010, 13828, 13645, 13462, 13279, 13094, 12910, 12725,
	12539, 12353, 12167, 11980, 11793, 11605, 11417, 11228, 11039, 10849, 10659, 10469, 10278, 10087, 9896, 9704,
	9512, 9319, 9126, 8933, 8739, 8545, 8351, 8157, 7962, 7767, 7571, 7375, 7179, 6983, 6786, 6590, 6393, 6195, 5998,
	5800, 5602, 5404, 5205, 5007, 4808, 4609, 4410, 4210, 4011, 3811, 3612, 3412, 3212, 3012, 2811, 2611, 2410, 2210,
	2009, 1809, 1608, 1407, 1206, 1005, 804, 603, 402, 201, 0
};

/* The upper half of a product, but for what carries from its lower quarter. */
static uint64_t high_product(uint64_t a, uint64_t b)
{
	uint64_t a_high = a >> 32, a_low = (uint32_t)a, b_high = b >> 32, b_low = (uint32_t)b;
	return a_high * b_high + (a_high * b_low >> 32) + (a_low * b_high >> 32);
}

/* Of the first quarter, k in [0, 2^bits / 4], by Taylor's series of the cosine up to an eighth of the circle,
   and of the sine of the rest beyond it. Fractions are in Q64, where ~x is 1 - x. */
static int32_t quarter31(uint32_t k, int bits)
{
	enum { TERMS = 8 };
	const uint64_t step = UINT64_C(28296951008113761); /* 2 pi 2^64 / 2^TFLM_COSINE_BITS */
	uint32_t is_sine = k > 1u << bits >> 3;
	if (is_sine) k = (1u << bits >> 2) - k;
	uint64_t x = step * (k << (TFLM_COSINE_BITS - bits)), square = high_product(x, x), rest = 0;
	for (uint32_t n = 2 * TERMS + is_sine; n > 1; n -= 2) rest = high_product(square, ~rest) / (n * (n - 1));
	uint64_t value = is_sine ? high_product(~rest, x) : ~rest;
	return (int32_t)((high_product(value, (uint64_t)INT32_MAX << 32) + (1u << 31)) >> 32);
}

/* Folds the circle onto its first quarter; the sign of the cosine. */
static int fold(uint32_t *k, int bits)
{
	uint32_t whole = 1u << bits, half = whole / 2, place = *k & (whole - 1);
	if (place > half) place = whole - place;
	*k = place > half / 2 ? half - place : place;
	return place > half / 2 ? -1 : 1;
}

int16_t tflm_cosine15(uint32_t k, int bits)
{
	int sign = fold(&k, bits);
	if (bits <= TABLE_BITS) return (int16_t)(sign * quarter[k << (TABLE_BITS - bits)]);
	return (int16_t)(sign * (int32_t)(((int64_t)tflm_cosine31(k, bits) * INT16_MAX + (1 << 30)) / INT32_MAX));
}

int32_t tflm_cosine31(uint32_t k, int bits)
{
	int sign = fold(&k, bits);
	return sign * quarter31(k, bits);
}
