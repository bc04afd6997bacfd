/* LOGISTIC and TANH: in int8 by gemmlowp's fixed point, in int16 by the table of sigmoid_table.h.
   As tensorflow/lite/kernels/internal/reference/integer_ops/logistic.h and tanh.h. */
#ifndef SIGMOID_H
#define SIGMOID_H
#include "unary.h"

tflm_code tflm_check_sigmoid(const tflm_node *node, int is_tanh, tflm_needs *needs);
tflm_run tflm_prepare_sigmoid(const tflm_node *node, int is_tanh, tflm_unary *op);
#endif
