/* Element-wise arithmetic that knows no scales: of float32, of int32, and the smaller or larger one of any type. */
#ifndef ARITHMETIC_H
#define ARITHMETIC_H
#include "broadcast.h"

enum { TFLM_SUM, TFLM_DIFFERENCE, TFLM_PRODUCT, TFLM_QUOTIENT, TFLM_SMALLER, TFLM_LARGER };

/* Prepares float32 and int32, and for the last two kinds int8, int16 and int64 as well. Sums, differences and products of
   int32 are modulo 2^32. An int32 divided by zero gives the bound that has its sign, and 0 / 0 gives 0. */
tflm_run tflm_prepare_arithmetic(const tflm_node *node, uint8_t kind, int32_t activation, tflm_binary *op);

/* check and prepare of MINIMUM and MAXIMUM. */
tflm_code tflm_check_choice(const tflm_node *node, tflm_needs *needs);
tflm_run tflm_prepare_choice(const tflm_node *node, uint8_t kind, tflm_binary *op);
#endif
