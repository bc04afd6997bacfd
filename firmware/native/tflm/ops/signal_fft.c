#include "signal_fft.h"
#include "../cosine.h"
#include "../flexbuffer.h"
#include <string.h>

/* A float32 is kept by its bits, so that one code serves all types: what differs is below, up to the twiddle factors.
   Integers are fractions of 2^15 and 2^31. Sums of them wrap, so stages divide what they add up.

   Where size does not matter, the stages are inlined, which gives int16 a version of its own. */
#ifdef __OPTIMIZE_SIZE__
#define INLINED static
#else
#define INLINED static inline __attribute__((always_inline))
#endif

typedef struct {
	int32_t r, i;
} complex_number;

INLINED float real_of(int32_t bits)
{
	float real;
	memcpy(&real, &bits, sizeof real);
	return real;
}

INLINED int32_t bits_of(float real)
{
	int32_t bits;
	memcpy(&bits, &real, sizeof bits);
	return bits;
}

INLINED int32_t add(int type, int32_t a, int32_t b)
{
	if (type == TFLM_FLOAT32) return bits_of(real_of(a) + real_of(b));
	int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
	return type == TFLM_INT16 ? (int16_t)sum : sum;
}

INLINED int32_t negative(int type, int32_t a)
{
	return (int32_t)(type == TFLM_FLOAT32 ? (uint32_t)a ^ 1u << 31 : 0u - (uint32_t)a);
}

/* (a + b) / 2, rounded down; int16 has room for the sum. */
static int32_t mean_of(int type, int32_t a, int32_t b)
{
	if (type == TFLM_FLOAT32) return bits_of((real_of(a) + real_of(b)) * 0.5f);
	return (int32_t)((uint32_t)a + (uint32_t)b) >> 1;
}

/* a c + b d, rounded. c and d are within +-(2^15 - 1) and +-(2^31 - 1), so that integers do not overflow. */
INLINED int32_t products(int type, int32_t a, int32_t c, int32_t b, int32_t d)
{
	if (type == TFLM_INT16) return (int16_t)((a * c + b * d + (1 << 14)) >> 15);
	if (type == TFLM_INT32) return (int32_t)(((int64_t)a * c + (int64_t)b * d + (1 << 30)) >> 31);
	return bits_of(real_of(a) * real_of(c) + real_of(b) * real_of(d));
}

INLINED void divide(int type, complex_number *x, int32_t n)
{
	if (type == TFLM_FLOAT32) return;
	int32_t part = (type == TFLM_INT16 ? INT16_MAX : INT32_MAX) / n;
	x->r = products(type, x->r, part, 0, 0);
	x->i = products(type, x->i, part, 0, 0);
}

INLINED int32_t cosine(int type, uint32_t k, int bits)
{
	if (type == TFLM_INT16) return tflm_cosine15(k, bits);
	int32_t value = tflm_cosine31(k, bits);
	return type == TFLM_INT32 ? value : bits_of((float)value * 0x1p-31f);
}

/* e^(-2 pi i k / 2^bits), or its conjugate for the inverse. */
INLINED complex_number factor(const tflm_fft *op, int type, uint32_t k, int bits)
{
	uint32_t quarter = (1u << bits) / 4;
	complex_number w = {cosine(type, k, bits), cosine(type, op->inverse ? k - quarter : k + quarter, bits)};
	return w;
}

/* The n-th complex value of an input or an output. */
INLINED complex_number load(int type, const void *values, uint32_t n)
{
	complex_number x;
	if (type != TFLM_INT16) return ((const complex_number *)values)[n];
	x.r = ((const int16_t *)values)[2 * n];
	x.i = ((const int16_t *)values)[2 * n + 1];
	return x;
}

INLINED void store(int type, void *values, uint32_t n, complex_number x)
{
	if (type != TFLM_INT16) {
		((complex_number *)values)[n] = x;
		return;
	}
	((int16_t *)values)[2 * n] = (int16_t)x.r;
	((int16_t *)values)[2 * n + 1] = (int16_t)x.i;
}

INLINED void turn(int type, complex_number *x, const complex_number *w)
{
	int32_t r = x->r, i = x->i;
	x->r = products(type, r, w->r, i, negative(type, w->i));
	x->i = products(type, r, w->i, i, w->r);
}

/* a + b and a - b. */
INLINED void cross(int type, complex_number *a, complex_number *b)
{
	complex_number x = *a, y = *b;
	a->r = add(type, x.r, y.r);
	a->i = add(type, x.i, y.i);
	b->r = add(type, x.r, negative(type, y.r));
	b->i = add(type, x.i, negative(type, y.i));
}

/* Four values at distances of `step`, of which the last three are turned first. */
INLINED void radix4(const tflm_fft *op, int type, void *values, uint32_t first, uint32_t step, const complex_number *w)
{
	complex_number x[4], y;
	for (uint32_t n = 0; n < 4; n++) {
		x[n] = load(type, values, first + n * step);
		divide(type, &x[n], 4);
		if (n) turn(type, &x[n], &w[n - 1]);
	}
	cross(type, &x[0], &x[2]);
	cross(type, &x[1], &x[3]);
	cross(type, &x[0], &x[1]);
	y.r = op->inverse ? negative(type, x[3].i) : x[3].i;
	y.i = op->inverse ? x[3].r : negative(type, x[3].r);
	cross(type, &x[2], &y);
	store(type, values, first, x[0]);
	store(type, values, first + step, x[2]);
	store(type, values, first + 2 * step, x[1]);
	store(type, values, first + 3 * step, y);
}

INLINED void radix2(int type, void *values, uint32_t first, const complex_number *one)
{
	complex_number a = load(type, values, first), b = load(type, values, first + 1);
	divide(type, &a, 2);
	divide(type, &b, 2);
	turn(type, &b, one);
	cross(type, &a, &b);
	store(type, values, first, a);
	store(type, values, first + 1, b);
}

/* All stages, of 2^bits values in reversed order. */
INLINED void stages(const tflm_fft *op, int type, void *values, int bits)
{
	uint32_t count = 1u << bits;
	complex_number w[3];
	w[0] = factor(op, type, 0, 2);
	for (uint32_t i = 0; bits % 2 && i < count; i += 2) radix2(type, values, i, w);
	for (int distance = bits % 2; distance < bits; distance += 2) {
		uint32_t step = 1u << distance;
		for (uint32_t k = 0; k < step; k++) {
			for (uint32_t n = 0; n < 3; n++) w[n] = factor(op, type, (n + 1) * k, distance + 2);
			for (uint32_t i = k; i < count; i += 4 * step) radix4(op, type, values, i, step, w);
		}
	}
}

static void transform(const tflm_fft *op, void *values, int bits)
{
	if (op->type == TFLM_INT16) stages(op, TFLM_INT16, values, bits);
	else stages(op, op->type, values, bits);
}

/* Where the n-th of 2^bits values goes before the first stage: its digits, the last of which is binary when
   `bits` is odd and all others quaternary, in the opposite order. */
static uint32_t reverse_digits(uint32_t n, int bits)
{
	uint32_t place = 0;
	while (bits) {
		int digit = bits > 1 ? 2 : 1;
		bits -= digit;
		place |= (n & ((1u << digit) - 1)) << bits;
		n >>= digit;
	}
	return place;
}

/* A row of samples in reversed order, with zeros behind it. */
static void load_samples(const tflm_fft *op, int type, const void *samples, void *values, uint32_t count)
{
	uint32_t pairs = op->length / 2;
	for (uint32_t n = 0; n < count; n++) {
		complex_number x = {0, 0};
		if (n < pairs) x = load(type, samples, n);
		if (n == pairs && op->length % 2) {
			x.r = type == TFLM_INT16 ? ((const int16_t *)samples)[2 * n] : ((const int32_t *)samples)[2 * n];
		}
		store(type, values, reverse_digits(n, op->bits - 1), x);
	}
}

/* What the two spectra make of the whole. */
static int32_t join(const tflm_fft *op, int type, int32_t a, int32_t b)
{
	return op->inverse ? add(type, a, b) : mean_of(type, a, b);
}

/* From the transform of even and odd samples together to their spectrum, or the opposite. With a the k-th value
   and b the conjugate of that which is as far from the end, the spectrum of the even samples is (a + b) / 2,
   that of the odd ones (a - b) / 2, turned by k / 2^bits of the circle and a quarter. */
static void split(const tflm_fft *op, int type, const void *values, void *results)
{
	uint32_t count = 1u << op->bits >> 1;
	for (uint32_t k = 1; k <= count / 2; k++) {
		complex_number even = load(type, values, k), odd = load(type, values, count - k);
		complex_number w = factor(op, type, k + count / 2, op->bits), low, high;
		odd.i = add(type, 0, negative(type, odd.i));
		divide(type, &even, 2);
		divide(type, &odd, 2);
		cross(type, &even, &odd);
		turn(type, &odd, &w);
		low.r = join(op, type, even.r, odd.r);
		low.i = join(op, type, even.i, odd.i);
		high.r = join(op, type, even.r, negative(type, odd.r));
		high.i = join(op, type, odd.i, negative(type, even.i));
		store(type, results, op->inverse ? reverse_digits(k, op->bits - 1) : k, low);
		store(type, results, op->inverse ? reverse_digits(count - k, op->bits - 1) : count - k, high);
	}
}

static void to_spectrum(const tflm_fft *op, int type, const void *samples, void *values)
{
	uint32_t count = 1u << op->bits >> 1;
	load_samples(op, type, samples, values, count);
	transform(op, values, op->bits - 1);
	complex_number first = load(type, values, 0), last = {0, 0};
	divide(type, &first, 2);
	last.r = first.i;
	first.i = 0;
	cross(type, &first, &last);
	store(type, values, 0, first);
	store(type, values, count, last);
	split(op, type, values, values);
}

static void to_samples(const tflm_fft *op, int type, const void *spectrum, void *values)
{
	uint32_t count = 1u << op->bits >> 1;
	complex_number first = load(type, spectrum, 0), last = load(type, spectrum, count);
	cross(type, &first, &last);
	first.i = last.r;
	divide(type, &first, 2);
	store(type, values, 0, first);
	split(op, type, spectrum, values);
	transform(op, values, op->bits - 1);
	if (type != TFLM_FLOAT32) return;
	for (uint32_t i = 0; i < 2 * count; i++) ((float *)values)[i] /= (float)(2 * count);
}

static void transform_rows(const tflm_fft *op, int type)
{
	const uint8_t *input = op->input;
	uint8_t *output = op->output;
	uint32_t width = type == TFLM_INT16 ? 2 : 4, samples = 1u << op->bits;
	for (uint32_t row = 0; row < op->rows; row++) {
		if (op->inverse) to_samples(op, type, input, output);
		else to_spectrum(op, type, input, output);
		input += op->length * width;
		output += (op->inverse ? samples : samples + 2) * width;
	}
}

static void run(const void *data)
{
	const tflm_fft *op = data;
	transform_rows(op, op->type);
}

static tflm_code fft_length(const tflm_node *node, int32_t *length)
{
	TFLM_TRY(tflm_custom_option(node, "fft_length", 4, 1 << TFLM_COSINE_BITS, length));
	return *length & (*length - 1) ? tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, *length) : TFLM_OK;
}

static int32_t last_dimension(const tflm_tensor *tensor)
{
	return tensor->rank ? tensor->dims[tensor->rank - 1] : 0;
}

tflm_code tflm_check_fft(const tflm_node *node, int inverse, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *output = &node->output;
	const tflm_tensor *signal = inverse ? output : input, *spectrum = inverse ? input : output;
	int32_t length, samples = last_dimension(signal), bins = last_dimension(spectrum);
	if (input->type != TFLM_INT32 && input->type != TFLM_FLOAT32) TFLM_TRY(tflm_need_type(node, input, TFLM_INT16));
	TFLM_TRY(tflm_need_type(node, output, input->type));
	TFLM_TRY(fft_length(node, &length));
	if (samples < (inverse ? length : 1) || samples > length) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, signal, samples);
	}
	if (bins != length + 2) return tflm_fail(node, TFLM_SHAPE_MISMATCH, spectrum, bins);
	if (spectrum->elements / (uint32_t)bins != signal->elements / (uint32_t)samples) {
		return tflm_fail(node, TFLM_SHAPE_MISMATCH, output, (int32_t)output->elements);
	}
	needs->data = sizeof(tflm_fft);
	return TFLM_OK;
}

tflm_run tflm_prepare_fft(const tflm_node *node, int inverse, void *data)
{
	tflm_fft *op = data;
	int32_t length = 1;
	(void)fft_length(node, &length);
	op->input = tflm_values(&node->input[0]);
	op->output = node->output.data;
	op->length = (uint16_t)last_dimension(&node->input[0]);
	op->rows = node->input[0].elements / op->length;
	op->type = node->input[0].type;
	op->inverse = (uint8_t)inverse;
	op->bits = 0;
	while (length >> op->bits > 1) op->bits++;
	return run;
}
