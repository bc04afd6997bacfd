/* RESHAPE: the new shape is that of the output tensor; the second input and the option that also name it are not read.
   */
#include "../same_bytes.h"

const tflm_operator tflm_reshape = {
	.name = "RESHAPE", .code = 22, .memory = TFLM_SAME_BYTES, .min_inputs = 1, .max_inputs = 2, .outputs = 1,
	.check = tflm_check_same_bytes, .prepare = tflm_prepare_same_bytes,
};
