/* The Fourier transforms of float32 samples. The inverse divides by their number at its end. */
#include "signal_fft.h"
#include "../cosine.h"

typedef float scalar;
typedef float product;

#define narrow(x) (x)
#define add(a, b) ((a) + (b))
#define subtract(a, b) ((a) - (b))
#define divide(x, n) ((void)(n), (x))
#define halve_sum(a, b) (((a) + (b)) * 0.5f)
#define halve_difference(a, b) (((a) - (b)) * 0.5f)
#define twiddle(k, bits) ((float)tflm_cosine31(k, bits) * 0x1p-31f)
#define finish(x, bits) ((x) / (float)(1 << (bits)))
#define RFFT tflm_rfft_float
#define IRFFT tflm_irfft_float
#include "signal_fft_body.h"
