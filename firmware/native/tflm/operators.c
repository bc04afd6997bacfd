#include "interpreter.h"
#include "reader.h"
#include <string.h>

#define TFLM_OPERATOR(name) extern const tflm_operator tflm_##name;
#ifdef TFLM_OPERATORS_FILE
#include TFLM_OPERATORS_FILE
#else
#include "operator_list.h"
#endif
#undef TFLM_OPERATOR

#define TFLM_OPERATOR(name) &tflm_##name,
static const tflm_operator *const operators[] = {
#ifdef TFLM_OPERATORS_FILE
#include TFLM_OPERATORS_FILE
#else
#include "operator_list.h"
#endif
};
#undef TFLM_OPERATOR

const tflm_operator *tflm_find_operator(const tflm_operator_info *info)
{
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		const tflm_operator *operator = operators[i];
		if (operator->code != info->code) continue;
		if (info->code != TFLM_CUSTOM) return operator;
		size_t length = strlen(operator->name);
		if (info->custom && length == info->custom_length && !memcmp(operator->name, info->custom, length)) return operator;
	}
	return NULL;
}

/* Those of single bytes, as AddOptions, need no layout. */
static const struct {
	uint8_t type;
	char layout[8];
} layouts[] = {
	{1, "1441441"},  /* Conv2DOptions */
	{2, "1444144"},  /* DepthwiseConv2DOptions */
	{5, "144441"},   /* Pool2DOptions */
	{6, "411"},      /* SVDFOptions */
	{8, "11111"},    /* FullyConnectedOptions */
	{9, "4"},        /* SoftmaxOptions */
	{10, "41"},      /* ConcatenationOptions */
	{32, "444441"},  /* StridedSliceOptions */
	{49, "14411"},   /* TransposeConvOptions */
	{59, "44"},      /* PackOptions */
	{64, "44"},      /* UnpackOptions */
	{71, "144111"},  /* UnidirectionalSequenceLSTMOptions */
	{75, "4"},       /* LeakyReluOptions */
	{103, "4"},      /* CallOnceOptions */
	{111, "bb"},     /* VarHandleOptions */
};

const char *tflm_options_layout(int32_t type)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		if (layouts[i].type == type) return layouts[i].layout;
	}
	return "";
}

/* A tensor (-1: left out) with where the planner has put it, see interpreter.c. */
static void load_tensor(const tflm_node *node, int32_t index, tflm_tensor *tensor)
{
	memset(tensor, 0, sizeof *tensor);
	tensor->index = -1;
	if (index < 0) return;
	tflm_describe_tensor(node->model, (uint32_t)index, tensor);
	if (node->layout) tflm_locate(node->layout, node->arena, node->model->graph, tensor);
}

void tflm_node_input(const tflm_node *node, uint32_t position, tflm_tensor *tensor)
{
	load_tensor(node, tflm_operator_input(node->model, node->index, position), tensor);
}

void tflm_node_output(const tflm_node *node, uint32_t position, tflm_tensor *tensor)
{
	load_tensor(node, tflm_operator_output(node->model, node->index, position), tensor);
}

tflm_code tflm_load_node(tflm_node *node, const tflm_model *model, const tflm_operator *operator, uint32_t index,
	tflm_error *error)
{
	uint32_t table = tflm_operator_table(model, index);
	node->model = model;
	node->error = error;
	node->index = index;
	node->options = tflm_field_target(model, table, OPERATOR_OPTIONS);
	node->input_count = tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_INPUTS));
	node->output_count = tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_OUTPUTS));
	uint32_t custom = tflm_field_target(model, table, OPERATOR_CUSTOM_OPTIONS);
	node->custom_bytes = tflm_vector_count(model, custom);
	node->custom_options = node->custom_bytes ? model->bytes + custom + 4 : NULL;
	int32_t options_type = tflm_field_i8(model, table, OPERATOR_OPTIONS_TYPE, 0);
	if (node->input_count < operator->min_inputs ||
		(operator->max_inputs != TFLM_ANY && node->input_count > operator->max_inputs)) {
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)node->input_count);
	}
	if (operator->outputs == TFLM_ANY ? !node->output_count : node->output_count != operator->outputs) {
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)node->output_count);
	}
	if (operator->options_type && (!node->options || options_type != operator->options_type)) {
		return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, options_type);
	}
	for (uint32_t i = 0; i < TFLM_INPUTS; i++) {
		tflm_node_input(node, i, &node->input[i]);
		if (node->input[i].index < 0 && i < operator->min_inputs) return tflm_fail(node, TFLM_BAD_OPERATOR, NULL, (int32_t)i);
	}
	tflm_node_output(node, 0, &node->output);
	/* A tensor without elements has no memory either. */
	if (operator->min_inputs && !node->input[0].elements) return tflm_fail(node, TFLM_BAD_SHAPE, &node->input[0], 0);
	return TFLM_OK;
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

tflm_code tflm_need_quantized(const tflm_node *node, const tflm_tensor *tensor)
{
	if (!tflm_is_int16(tensor)) TFLM_TRY(tflm_need_type(node, tensor, TFLM_INT8));
	TFLM_TRY(tflm_need_scale(node, tensor));
	if (tensor->type == TFLM_INT16 && tensor->zero_point) {
		return tflm_fail(node, TFLM_BAD_QUANTIZATION, tensor, tensor->zero_point);
	}
	return TFLM_OK;
}

tflm_code tflm_need_constant(const tflm_node *node, const tflm_tensor *tensor)
{
	return tensor->constant ? TFLM_OK : tflm_fail(node, TFLM_BAD_OPERATOR, tensor, tensor->index);
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
