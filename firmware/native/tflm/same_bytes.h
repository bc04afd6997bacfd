/* What RESHAPE, SQUEEZE and EXPAND_DIMS share: the same bytes under another shape. The planner lets input and output
   share their memory, so that there is nothing to do unless the input is a constant. */
#ifndef SAME_BYTES_H
#define SAME_BYTES_H
#include "operators.h"

/* Input and output have the same type and number of elements. */
tflm_code tflm_check_same_bytes(const tflm_node *node, tflm_needs *needs);
/* And their shapes are the same but for dimensions of size 1. */
tflm_code tflm_check_same_order(const tflm_node *node, tflm_needs *needs);
tflm_run tflm_prepare_same_bytes(const tflm_node *node, void *data);
#endif
