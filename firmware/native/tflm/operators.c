#include "operators.h"
#include "reader.h"
#include <string.h>

static const tflm_operator *const operators[] = {
	&tflm_add, &tflm_average_pool_2d, &tflm_conv_2d, &tflm_depthwise_conv_2d, &tflm_dequantize, &tflm_fully_connected,
	&tflm_logistic, &tflm_max_pool_2d, &tflm_mean, &tflm_mul, &tflm_pad, &tflm_quantize, &tflm_relu, &tflm_relu6,
	&tflm_reshape, &tflm_softmax,
};

const tflm_operator *tflm_find_operator(int32_t code)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		if (operators[i]->code == code) return operators[i];
	}
	return NULL;
}

const char *tflm_operator_name(int32_t code)
{
	const tflm_operator *operator = tflm_find_operator(code);
	return operator ? operator->name : NULL;
}

const char *tflm_options_layout(int32_t type)
{
	switch (type) {
	case 1: return "1441441";  /* Conv2DOptions */
	case 2: return "1444144";  /* DepthwiseConv2DOptions */
	case 5: return "144441";   /* Pool2DOptions */
	case 8: return "11111";    /* FullyConnectedOptions */
	case 9: return "4";        /* SoftmaxOptions */
	default: return "";        /* AddOptions, MulOptions, ReducerOptions: single bytes, which need no layout */
	}
}

tflm_code tflm_load_node(tflm_node *node, const tflm_model *model, const tflm_operator *operator, uint32_t index,
	tflm_error *error)
{
	uint32_t table = tflm_operator_table(model, index);
	memset(node, 0, sizeof *node);
	node->model = model;
	node->error = error;
	node->index = index;
	node->options = tflm_field_target(model, table, OPERATOR_OPTIONS);
	node->input_count = tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_INPUTS));
	uint32_t outputs = tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_OUTPUTS));
	int32_t options_type = tflm_field_i8(model, table, OPERATOR_OPTIONS_TYPE, 0);
	if (node->input_count < operator->min_inputs || node->input_count > operator->max_inputs) {
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)node->input_count);
	}
	if (outputs != 1) return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)outputs);
	if (operator->options_type && (!node->options || options_type != operator->options_type)) {
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, options_type);
	}
	for (uint32_t i = 0; i < TFLM_INPUTS; i++) {
		int32_t tensor = tflm_operator_input(model, index, i);
		if (tensor >= 0) tflm_describe_tensor(model, (uint32_t)tensor, &node->input[i]);
		else if (i < operator->min_inputs) return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)i);
		else node->input[i].index = -1;
	}
	tflm_describe_tensor(model, (uint32_t)tflm_operator_output(model, index, 0), &node->output);
	/* A tensor without elements has no memory either. */
	return node->input[0].elements ? TFLM_OK : tflm_fail(node, TFLM_BAD_SHAPE, &node->input[0], 0);
}

tflm_code tflm_fail(const tflm_node *node, tflm_code code, const tflm_tensor *tensor, int32_t value)
{
	node->error->code = code;
	node->error->operator = (int32_t)node->index;
	node->error->tensor = tensor ? tensor->index : -1;
	node->error->value = value;
	return code;
}

tflm_code tflm_need_type(const tflm_node *node, const tflm_tensor *tensor, uint8_t type)
{
	return tensor->type == type ? TFLM_OK : tflm_fail(node, TFLM_UNSUPPORTED_TYPE, tensor, tensor->type);
}

tflm_code tflm_need_scale(const tflm_node *node, const tflm_tensor *tensor)
{
	return tensor->scale_count == 1 && tensor->scale > 0 ? TFLM_OK : tflm_fail(node, TFLM_BAD_QUANTIZATION, tensor, 0);
}

tflm_code tflm_need_int8(const tflm_node *node, const tflm_tensor *tensor)
{
	TFLM_TRY(tflm_need_type(node, tensor, TFLM_INT8));
	return tflm_need_scale(node, tensor);
}

tflm_code tflm_need_same_shape(const tflm_node *node, const tflm_tensor *a, const tflm_tensor *b)
{
	return a->rank == b->rank && !memcmp(a->dims, b->dims, sizeof a->dims)
		? TFLM_OK : tflm_fail(node, TFLM_SHAPE_MISMATCH, b, 0);
}
