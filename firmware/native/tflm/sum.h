/* ADD and SUB in int8 and int16: both inputs are brought to a common scale, 2^-20 (int8) or 2^-15 (int16) of twice the
   larger one, added or subtracted, and brought to the output's.
   As tensorflow/lite/kernels/internal/reference/integer_ops/add.h, add.h and sub.h. */
#ifndef SUM_H
#define SUM_H
#include "arithmetic.h"

/* Float32 and int32 too; `kind` is TFLM_SUM or TFLM_DIFFERENCE; `activation` is the schema's value. */
tflm_code tflm_check_sum(const tflm_node *node, int32_t activation, tflm_needs *needs);
tflm_run tflm_prepare_sum(const tflm_node *node, uint8_t kind, int32_t activation, tflm_binary *op);
#endif
