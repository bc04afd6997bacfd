/* EXPAND_DIMS: inserts a dimension of size 1. */
#include "../same_bytes.h"

const tflm_operator tflm_expand_dims = {
	.name = "EXPAND_DIMS", .code = 70, .memory = TFLM_SAME_BYTES, .min_inputs = 2, .max_inputs = 2, .outputs = 1,
	.check = tflm_check_same_order, .prepare = tflm_prepare_same_bytes,
};
