#include "signal_fft.h"
#include "../cosine.h"
#include "../flexbuffer.h"
#include <string.h>

/* A float32 is kept by its bits, so that one code serves all types: what differs is below, up to the twiddle factors.
   Integers are fractions of 2^15 and 2^31. Sums of them wrap, so stages divide what they add up. */
typedef struct {
	int32_t r, i;
} complex_number;

static float real_of(int32_t bits)
{
	float real;
	memcpy(&real, &bits, sizeof real);
	return real;
}

static int32_t bits_of(float real)
{
	int32_t bits;
	memcpy(&bits, &real, sizeof bits);
	return bits;
}

static int32_t add(const tflm_fft *op, int32_t a, int32_t b)
{
	if (op->type == TFLM_FLOAT32) return bits_of(real_of(a) + real_of(b));
	int32_t sum = (int32_t)((uint32_t)a + (uint32_t)b);
	return op->type == TFLM_INT16 ? (int16_t)sum : sum;
}

static int32_t negative(const tflm_fft *op, int32_t a)
{
	return (int32_t)(op->type == TFLM_FLOAT32 ? (uint32_t)a ^ 1u << 31 : 0u - (uint32_t)a);
}

/* (a + b) / 2, rounded down; int16 has room for the sum. */
static int32_t mean_of(const tflm_fft *op, int32_t a, int32_t b)
{
	if (op->type == TFLM_FLOAT32) return bits_of((real_of(a) + real_of(b)) * 0.5f);
	return (int32_t)((uint32_t)a + (uint32_t)b) >> 1;
}

/* a c + b d, rounded. c and d are within +-(2^15 - 1) and +-(2^31 - 1), so that integers do not overflow. */
static int32_t products(const tflm_fft *op, int32_t a, int32_t c, int32_t b, int32_t d)
{
	if (op->type == TFLM_INT16) return (int16_t)((a * c + b * d + (1 << 14)) >> 15);
	if (op->type == TFLM_INT32) return (int32_t)(((int64_t)a * c + (int64_t)b * d + (1 << 30)) >> 31);
	return bits_of(real_of(a) * real_of(c) + real_of(b) * real_of(d));
}

static void divide(const tflm_fft *op, complex_number *x, int32_t n)
{
	if (op->type == TFLM_FLOAT32) return;
	int32_t part = (op->type == TFLM_INT16 ? INT16_MAX : INT32_MAX) / n;
	x->r = products(op, x->r, part, 0, 0);
	x->i = products(op, x->i, part, 0, 0);
}

static int32_t cosine(const tflm_fft *op, uint32_t k, int bits)
{
	if (op->type == TFLM_INT16) return tflm_cosine15(k, bits);
	int32_t value = tflm_cosine31(k, bits);
	return op->type == TFLM_INT32 ? value : bits_of((float)value * 0x1p-31f);
}

/* e^(-2 pi i k / 2^bits), or its conjugate for the inverse. */
static complex_number factor(const tflm_fft *op, uint32_t k, int bits)
{
	uint32_t quarter = (1u << bits) / 4;
	complex_number w = {cosine(op, k, bits), cosine(op, op->inverse ? k - quarter : k + quarter, bits)};
	return w;
}

/* The n-th complex value of an input or an output. */
static complex_number load(const tflm_fft *op, const void *values, uint32_t n)
{
	complex_number x;
	if (op->type != TFLM_INT16) return ((const complex_number *)values)[n];
	x.r = ((const int16_t *)values)[2 * n];
	x.i = ((const int16_t *)values)[2 * n + 1];
	return x;
}

static void store(const tflm_fft *op, void *values, uint32_t n, complex_number x)
{
	if (op->type != TFLM_INT16) {
		((complex_number *)values)[n] = x;
		return;
	}
	((int16_t *)values)[2 * n] = (int16_t)x.r;
	((int16_t *)values)[2 * n + 1] = (int16_t)x.i;
}

static void turn(const tflm_fft *op, complex_number *x, const complex_number *w)
{
	int32_t r = x->r, i = x->i;
	x->r = products(op, r, w->r, i, negative(op, w->i));
	x->i = products(op, r, w->i, i, w->r);
}

/* a + b and a - b. */
static void cross(const tflm_fft *op, complex_number *a, complex_number *b)
{
	complex_number x = *a, y = *b;
	a->r = add(op, x.r, y.r);
	a->i = add(op, x.i, y.i);
	b->r = add(op, x.r, negative(op, y.r));
	b->i = add(op, x.i, negative(op, y.i));
}

/* Four values at distances of `step`, of which the last three are turned first. */
static void radix4(const tflm_fft *op, void *values, uint32_t first, uint32_t step, const complex_number *w)
{
	complex_number x[4], y;
	for (uint32_t n = 0; n < 4; n++) {
		x[n] = load(op, values, first + n * step);
		divide(op, &x[n], 4);
		if (n) turn(op, &x[n], &w[n - 1]);
	}
	cross(op, &x[0], &x[2]);
	cross(op, &x[1], &x[3]);
	cross(op, &x[0], &x[1]);
	y.r = op->inverse ? negative(op, x[3].i) : x[3].i;
	y.i = op->inverse ? x[3].r : negative(op, x[3].r);
	cross(op, &x[2], &y);
	store(op, values, first, x[0]);
	store(op, values, first + step, x[2]);
	store(op, values, first + 2 * step, x[1]);
	store(op, values, first + 3 * step, y);
}

static void radix2(const tflm_fft *op, void *values, uint32_t first, const complex_number *one)
{
	complex_number a = load(op, values, first), b = load(op, values, first + 1);
	divide(op, &a, 2);
	divide(op, &b, 2);
	turn(op, &b, one);
	cross(op, &a, &b);
	store(op, values, first, a);
	store(op, values, first + 1, b);
}

/* All stages, of 2^bits values in reversed order. */
static void transform(const tflm_fft *op, void *values, int bits)
{
	uint32_t count = 1u << bits;
	complex_number w[3];
	w[0] = factor(op, 0, 2);
	for (uint32_t i = 0; bits % 2 && i < count; i += 2) radix2(op, values, i, w);
	for (int distance = bits % 2; distance < bits; distance += 2) {
		uint32_t step = 1u << distance;
		for (uint32_t k = 0; k < step; k++) {
			for (uint32_t n = 0; n < 3; n++) w[n] = factor(op, (n + 1) * k, distance + 2);
			for (uint32_t i = k; i < count; i += 4 * step) radix4(op, values, i, step, w);
		}
	}
}

/* Where the n-th of 2^bits values goes before the first stage: its digits, the last of which is binary when `bits` is odd and
   all others quaternary, in the opposite order. */
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
static void load_samples(const tflm_fft *op, const void *samples, void *values, uint32_t count)
{
	uint32_t pairs = op->length / 2;
	for (uint32_t n = 0; n < count; n++) {
		complex_number x = {0, 0};
		if (n < pairs) x = load(op, samples, n);
		if (n == pairs && op->length % 2) {
			x.r = op->type == TFLM_INT16 ? ((const int16_t *)samples)[2 * n] : ((const int32_t *)samples)[2 * n];
		}
		store(op, values, reverse_digits(n, op->bits - 1), x);
	}
}

/* From the transform of even and odd samples together to their spectrum, or the opposite. With a the k-th value and b
   the conjugate of that which is as far from the end, the spectrum of the even samples is (a + b) / 2, that of the odd ones
   (a - b) / 2, turned by k / 2^bits of the circle and a quarter. */
static void split(const tflm_fft *op, const void *values, void *results)
{
	uint32_t count = 1u << op->bits >> 1;
	for (uint32_t k = 1; k <= count / 2; k++) {
		complex_number even = load(op, values, k), odd = load(op, values, count - k);
		complex_number w = factor(op, k + count / 2, op->bits), low, high;
		odd.i = add(op, 0, negative(op, odd.i));
		divide(op, &even, 2);
		divide(op, &odd, 2);
		cross(op, &even, &odd);
		turn(op, &odd, &w);
		int32_t (*sum)(const tflm_fft *, int32_t, int32_t) = op->inverse ? add : mean_of;
		low.r = sum(op, even.r, odd.r);
		low.i = sum(op, even.i, odd.i);
		high.r = sum(op, even.r, negative(op, odd.r));
		high.i = sum(op, odd.i, negative(op, even.i));
		store(op, results, op->inverse ? reverse_digits(k, op->bits - 1) : k, low);
		store(op, results, op->inverse ? reverse_digits(count - k, op->bits - 1) : count - k, high);
	}
}

static void to_spectrum(const tflm_fft *op, const void *samples, void *values)
{
	uint32_t count = 1u << op->bits >> 1;
	load_samples(op, samples, values, count);
	transform(op, values, op->bits - 1);
	complex_number first = load(op, values, 0), last = {0, 0};
	divide(op, &first, 2);
	last.r = first.i;
	first.i = 0;
	cross(op, &first, &last);
	store(op, values, 0, first);
	store(op, values, count, last);
	split(op, values, values);
}

static void to_samples(const tflm_fft *op, const void *spectrum, void *values)
{
	uint32_t count = 1u << op->bits >> 1;
	complex_number first = load(op, spectrum, 0), last = load(op, spectrum, count);
	cross(op, &first, &last);
	first.i = last.r;
	divide(op, &first, 2);
	store(op, values, 0, first);
	split(op, spectrum, values);
	transform(op, values, op->bits - 1);
	if (op->type != TFLM_FLOAT32) return;
	for (uint32_t i = 0; i < 2 * count; i++) ((float *)values)[i] /= (float)(2 * count);
}

static void run(const void *data)
{
	const tflm_fft *op = data;
	const uint8_t *input = op->input;
	uint8_t *output = op->output;
	uint32_t width = op->type == TFLM_INT16 ? 2 : 4, samples = 1u << op->bits;
	for (uint32_t row = 0; row < op->rows; row++) {
		if (op->inverse) to_samples(op, input, output);
		else to_spectrum(op, input, output);
		input += op->length * width;
		output += (op->inverse ? samples : samples + 2) * width;
	}
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
