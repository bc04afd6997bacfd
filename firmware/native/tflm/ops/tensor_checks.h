/* Checks that SVDF, LSTM and the signal operators share: they have many tensors. */
#ifndef TENSOR_CHECKS_H
#define TENSOR_CHECKS_H
#include "../operators.h"

/* The types of the first inputs, and behind them those of all outputs; `inputs` says where these begin. An input
   that is left out has any type. */
tflm_code tflm_need_types(const tflm_node *node, uint32_t inputs, const uint8_t *types);
/* The input is [rows, columns], or [rows] when columns is 0. */
tflm_code tflm_need_matrix(const tflm_node *node, uint32_t position, int32_t rows, int32_t columns);
/* The input is a variable of so many elements, which can be written. */
tflm_code tflm_need_variable(const tflm_node *node, uint32_t position, uint64_t elements);
#endif
