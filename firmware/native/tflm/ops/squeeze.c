/* SQUEEZE: leaves dimensions of size 1 out. */
#include "../same_bytes.h"

const tflm_operator tflm_squeeze = {
	.name = "SQUEEZE", .code = 43, .memory = TFLM_SAME_BYTES, .min_inputs = 1, .max_inputs = 1, .outputs = 1,
	.check = tflm_check_same_order, .prepare = tflm_prepare_same_bytes,
};
