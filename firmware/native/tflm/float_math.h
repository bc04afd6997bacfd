/* Functions of float32 without a C library, within 3e-7 of the value (functions.test.ts): the same bits on every machine,
   as long as its compiler fuses no multiplications with additions. Not-a-number stays what it is. */
#ifndef FLOAT_MATH_H
#define FLOAT_MATH_H

/* 0 below -103.98, infinity above 88.73. */
float tflm_expf(float x);
float tflm_tanhf(float x);
/* 1 / (1 + e^-x) */
float tflm_logisticf(float x);
#endif
