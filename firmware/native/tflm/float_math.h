/* Functions of float32 without a C library, within 1e-6 of the value: the same bits on every machine whose float32 is that
   of IEEE 754. Not-a-number stays what it is. */
#ifndef FLOAT_MATH_H
#define FLOAT_MATH_H

/* 0 below -103.98, infinity above 88.73. */
float tflm_expf(float x);
float tflm_tanhf(float x);
/* 1 / (1 + e^-x) */
float tflm_logisticf(float x);
#endif
