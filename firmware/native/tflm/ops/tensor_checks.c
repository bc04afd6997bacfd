#include "tensor_checks.h"

tflm_code tflm_need_types(const tflm_node *node, uint32_t inputs, const uint8_t *types)
{
	for (uint32_t i = 0; i < inputs + node->output_count; i++) {
		tflm_tensor tensor;
		if (i < inputs) tflm_node_input(node, i, &tensor);
		else tflm_node_output(node, i - inputs, &tensor);
		if (tensor.index >= 0) TFLM_TRY(tflm_need_type(node, &tensor, types[i]));
	}
	return TFLM_OK;
}

tflm_code tflm_need_matrix(const tflm_node *node, uint32_t position, int32_t rows, int32_t columns)
{
	tflm_tensor tensor;
	tflm_node_input(node, position, &tensor);
	if (tensor.index < 0) return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)position);
	if (tensor.rank == (columns ? 2 : 1) && tensor.dims[0] == rows && tensor.dims[1] == columns) return TFLM_OK;
	return tflm_fail(node, TFLM_SHAPE_MISMATCH, &tensor, tensor.dims[0]);
}

tflm_code tflm_need_variable(const tflm_node *node, uint32_t position, uint64_t elements)
{
	tflm_tensor tensor;
	tflm_node_input(node, position, &tensor);
	if (!tensor.variable || tensor.constant) return tflm_fail(node, TFLM_BAD_OPERATOR, &tensor, (int32_t)position);
	return tensor.elements == elements ? TFLM_OK
		: tflm_fail(node, TFLM_SHAPE_MISMATCH, &tensor, (int32_t)tensor.elements);
}
