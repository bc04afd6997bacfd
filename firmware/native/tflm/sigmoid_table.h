/* The logistic function and the hyperbolic tangent of int16 networks, as TFLite defines them: straight lines between the
   points of one table, since tanh(x) = 2 logistic(2x) - 1 and both are symmetric. */
#ifndef SIGMOID_TABLE_H
#define SIGMOID_TABLE_H
#include <stdint.h>

/* round(2^16 * (f(x) - h^2 / 16 * f"(x))) for the logistic function f, x = i h and h = 1 / 24: half of what a straight line
   is below f in its middle is added to its ends. The last entry is 2^16 - 1. */
extern const uint16_t tflm_sigmoid_table[256];

/* In Q0.15, of x in steps of 1 / (3 * 2^12), so that the int16 values of Q3.12 times 3 cover the table; |x| below 2^31.
   As tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h and tanh.h. */
int16_t tflm_logistic_q15(int32_t x);
int16_t tflm_tanh_q15(int32_t x);
#endif
