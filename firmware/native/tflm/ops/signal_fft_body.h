/* The transforms of one type. The file that includes this defines

       scalar, product        the type, and that of a product
       narrow(x)              a product rounded to a scalar
       add(a, b)              modulo 2^n when it is an integer, as subtract
       subtract(a, b)
       divide(x, n)           x / n in fixed point: stages divide what they add up, so that it fits
       halve_sum(a, b)        (a + b) / 2, and halve_difference
       twiddle(k, bits)       cos(2 pi k / 2^bits)
       finish(x, bits)        what the inverse does to its outputs
       RFFT, IRFFT            the names of the functions */

typedef struct {
	scalar r, i;
} complex_number;

/* e^(-2 pi i k / 2^bits), or its conjugate for the inverse. */
static complex_number factor(uint32_t k, int bits, int inverse)
{
	complex_number w;
	w.r = twiddle(k, bits);
	w.i = twiddle(k + (inverse ? 3u : 1u) * ((1u << bits) / 4), bits);
	return w;
}

static void turn(complex_number *x, const complex_number *w)
{
	scalar r = x->r, i = x->i;
	x->r = narrow((product)r * w->r - (product)i * w->i);
	x->i = narrow((product)r * w->i + (product)i * w->r);
}

static void scale(complex_number *x, int n)
{
	x->r = divide(x->r, n);
	x->i = divide(x->i, n);
}

/* a + b and a - b. */
static void cross(complex_number *a, complex_number *b)
{
	complex_number sum = {add(a->r, b->r), add(a->i, b->i)}, difference = {subtract(a->r, b->r), subtract(a->i, b->i)};
	*a = sum;
	*b = difference;
}

/* Four values at distances of `step`, of which the last three are turned first. */
static void radix4(complex_number *x, uint32_t step, const complex_number *w, int inverse)
{
	complex_number v[4], quarter;
	for (uint32_t n = 0; n < 4; n++) {
		v[n] = x[n * step];
		scale(&v[n], 4);
		if (n) turn(&v[n], &w[n - 1]);
	}
	cross(&v[0], &v[2]);
	cross(&v[1], &v[3]);
	cross(&v[0], &v[1]);
	quarter.r = inverse ? subtract(0, v[3].i) : v[3].i;
	quarter.i = inverse ? v[3].r : subtract(0, v[3].r);
	cross(&v[2], &quarter);
	x[0] = v[0];
	x[step] = v[2];
	x[2 * step] = v[1];
	x[3 * step] = quarter;
}

/* All stages, of 2^bits values in reversed order. */
static void transform(complex_number *x, int bits, int inverse)
{
	uint32_t count = 1u << bits;
	complex_number w[3];
	w[0] = factor(0, 2, inverse);
	for (uint32_t i = 0; bits % 2 && i < count; i += 2) {
		scale(&x[i], 2);
		scale(&x[i + 1], 2);
		turn(&x[i + 1], w);
		cross(&x[i], &x[i + 1]);
	}
	for (int distance = bits % 2; distance < bits; distance += 2) {
		uint32_t step = 1u << distance;
		for (uint32_t k = 0; k < step; k++) {
			for (uint32_t n = 0; n < 3; n++) w[n] = factor((n + 1) * k, distance + 2, inverse);
			for (uint32_t i = k; i < count; i += 4 * step) radix4(x + i, step, w, inverse);
		}
	}
}

/* The transforms a and b of the even and of the odd samples, from the k-th of both together and the conjugate of that which
   is as far from the end; or the opposite. b is turned by k / 2^bits of the circle, and a quarter. */
static void part(complex_number *a, complex_number *b, uint32_t k, int bits, int inverse)
{
	complex_number w = factor(k + (1u << bits) / 4, bits, inverse);
	b->i = subtract(0, b->i);
	scale(a, 2);
	scale(b, 2);
	cross(a, b);
	turn(b, &w);
}

void RFFT(const void *data)
{
	const tflm_fft *op = data;
	const scalar *samples = op->input;
	uint32_t count = 1u << op->bits >> 1;
	complex_number *x = op->output;
	for (uint32_t row = 0; row < op->rows; row++, samples += op->length, x += count + 1) {
		for (uint32_t i = 0; i < 2 * count; i++) {
			scalar *place = &x[tflm_reverse_digits(i / 2, op->bits - 1)].r;
			place[i % 2] = i < op->length ? samples[i] : 0;
		}
		transform(x, op->bits - 1, 0);
		scale(&x[0], 2);
		x[count].r = subtract(x[0].r, x[0].i);
		x[0].r = add(x[0].r, x[0].i);
		x[0].i = x[count].i = 0;
		for (uint32_t k = 1; k <= count / 2; k++) {
			complex_number a = x[k], b = x[count - k];
			part(&a, &b, k, op->bits, 0);
			x[k].r = halve_sum(a.r, b.r);
			x[k].i = halve_sum(a.i, b.i);
			x[count - k].r = halve_difference(a.r, b.r);
			x[count - k].i = halve_difference(b.i, a.i);
		}
	}
}

void IRFFT(const void *data)
{
	const tflm_fft *op = data;
	const complex_number *spectrum = op->input;
	uint32_t count = 1u << op->bits >> 1;
	complex_number *x = op->output;
	for (uint32_t row = 0; row < op->rows; row++, spectrum += count + 1, x += count) {
		x[0].r = add(spectrum[0].r, spectrum[count].r);
		x[0].i = subtract(spectrum[0].r, spectrum[count].r);
		scale(&x[0], 2);
		for (uint32_t k = 1; k <= count / 2; k++) {
			complex_number a = spectrum[k], b = spectrum[count - k];
			part(&a, &b, k, op->bits, 1);
			cross(&a, &b);
			b.i = subtract(0, b.i);
			x[tflm_reverse_digits(k, op->bits - 1)] = a;
			x[tflm_reverse_digits(count - k, op->bits - 1)] = b;
		}
		transform(x, op->bits - 1, 1);
		for (uint32_t i = 0; i < count; i++) {
			x[i].r = finish(x[i].r, op->bits);
			x[i].i = finish(x[i].i, op->bits);
		}
	}
}
