/* What PAD and PADV2 share: the input in the midst of a larger output that is filled with one value. */
#ifndef PADDING_H
#define PADDING_H
#include "operators.h"

/* Input 1 holds, for each dimension, the number of indices before and after the input's own. */
tflm_code tflm_check_padding(const tflm_node *node, tflm_needs *needs);
/* `value` is the element that fills; NULL: the zero point. */
tflm_run tflm_prepare_padding(const tflm_node *node, const void *value, void *data);
#endif
