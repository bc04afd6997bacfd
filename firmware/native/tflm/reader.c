#include "reader.h"
#include "operators.h"
#include <string.h>

uint16_t tflm_read_u16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

uint32_t tflm_read_u32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint64_t tflm_read_u64(const uint8_t *bytes)
{
	return tflm_read_u32(bytes) | (uint64_t)tflm_read_u32(bytes + 4) << 32;
}

float tflm_read_f32(const uint8_t *bytes)
{
	uint32_t bits = tflm_read_u32(bytes);
	float value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

uint32_t tflm_field(const tflm_model *model, uint32_t table, uint32_t field)
{
	if (!table) return 0;
	uint32_t vtable = table - tflm_read_u32(model->bytes + table);
	if (4 + 2 * field + 2 > tflm_read_u16(model->bytes + vtable)) return 0;
	uint16_t offset = tflm_read_u16(model->bytes + vtable + 4 + 2 * field);
	return offset ? table + offset : 0;
}

int32_t tflm_field_i8(const tflm_model *model, uint32_t table, uint32_t field, int32_t otherwise)
{
	uint32_t position = tflm_field(model, table, field);
	return position ? (int8_t)model->bytes[position] : otherwise;
}

int32_t tflm_field_i32(const tflm_model *model, uint32_t table, uint32_t field, int32_t otherwise)
{
	uint32_t position = tflm_field(model, table, field);
	return position ? (int32_t)tflm_read_u32(model->bytes + position) : otherwise;
}

float tflm_field_f32(const tflm_model *model, uint32_t table, uint32_t field, float otherwise)
{
	uint32_t position = tflm_field(model, table, field);
	return position ? tflm_read_f32(model->bytes + position) : otherwise;
}

uint32_t tflm_field_target(const tflm_model *model, uint32_t table, uint32_t field)
{
	uint32_t position = tflm_field(model, table, field);
	return position ? position + tflm_read_u32(model->bytes + position) : 0;
}

uint32_t tflm_vector_count(const tflm_model *model, uint32_t vector)
{
	return vector ? tflm_read_u32(model->bytes + vector) : 0;
}

int32_t tflm_vector_i32(const tflm_model *model, uint32_t vector, uint32_t index)
{
	return (int32_t)tflm_read_u32(model->bytes + vector + 4 + 4 * index);
}

float tflm_vector_f32(const tflm_model *model, uint32_t vector, uint32_t index)
{
	return tflm_read_f32(model->bytes + vector + 4 + 4 * index);
}

uint32_t tflm_vector_table(const tflm_model *model, uint32_t vector, uint32_t index)
{
	uint32_t position = vector + 4 + 4 * index;
	return position + tflm_read_u32(model->bytes + position);
}

uint32_t tflm_operator_table(const tflm_model *model, uint32_t index)
{
	return tflm_vector_table(model, model->operators, index);
}

uint32_t tflm_type_bytes(int32_t type)
{
	/* FLOAT32 FLOAT16 INT32 UINT8 INT64 STRING BOOL INT16 COMPLEX64 INT8 FLOAT64 COMPLEX128 UINT64 RESOURCE VARIANT
	   UINT32 UINT16: the schema's order. */
	static const uint8_t bytes[] = {4, 2, 4, 1, 8, 0, 1, 2, 8, 1, 8, 16, 8, 0, 0, 4, 2};
	return type >= 0 && type < (int32_t)sizeof bytes ? bytes[type] : 0;
}

int32_t tflm_dimension(const tflm_model *model, uint32_t shape, uint32_t index)
{
	int32_t dim = tflm_vector_i32(model, shape, index);
	return dim == -1 ? 1 : dim;
}

void tflm_describe_tensor(const tflm_model *model, uint32_t index, tflm_tensor *tensor)
{
	uint32_t table = tflm_vector_table(model, model->tensors, index);
	memset(tensor, 0, sizeof *tensor);
	tensor->index = (int32_t)index;
	tensor->type = (uint8_t)tflm_field_i8(model, table, TENSOR_TYPE, TFLM_FLOAT32);
	tensor->variable = (uint8_t)tflm_field_i8(model, table, TENSOR_VARIABLE, 0);

	uint32_t shape = tflm_field_target(model, table, TENSOR_SHAPE);
	tensor->rank = (uint8_t)tflm_vector_count(model, shape);
	tensor->elements = 1;
	for (uint32_t i = 0; i < tensor->rank; i++) {
		tensor->dims[i] = tflm_dimension(model, shape, i);
		tensor->elements *= (uint32_t)tensor->dims[i];
	}
	tensor->bytes = tensor->elements * tflm_type_bytes(tensor->type);

	uint32_t quantization = tflm_field_target(model, table, TENSOR_QUANTIZATION);
	if (quantization) {
		uint32_t zero_points = tflm_field_target(model, quantization, QUANTIZATION_ZERO_POINT);
		tensor->scales = tflm_field_target(model, quantization, QUANTIZATION_SCALE);
		tensor->scale_count = tflm_vector_count(model, tensor->scales);
		if (tensor->scale_count) tensor->scale = tflm_vector_f32(model, tensor->scales, 0);
		if (tflm_vector_count(model, zero_points)) tensor->zero_point = tflm_vector_i32(model, zero_points, 0);
		tensor->quantized_dimension = (uint8_t)tflm_field_i32(model, quantization, QUANTIZATION_DIMENSION, 0);
	}

	uint32_t name = tflm_field_target(model, table, TENSOR_NAME);
	if (name) {
		tensor->name = (const char *)model->bytes + name + 4;
		tensor->name_length = tflm_vector_count(model, name);
	}

	uint32_t buffer = (uint32_t)tflm_field_i32(model, table, TENSOR_BUFFER, 0);
	uint32_t data = tflm_field_target(model, tflm_vector_table(model, model->buffers, buffer), BUFFER_DATA);
	if (tflm_vector_count(model, data)) tensor->constant = model->bytes + data + 4;
}

void tflm_describe_operator(const tflm_model *model, uint32_t index, tflm_operator_info *info)
{
	uint32_t table = tflm_operator_table(model, index);
	uint32_t entry = (uint32_t)tflm_field_i32(model, table, OPERATOR_CODE, 0);
	uint32_t code = tflm_vector_table(model, model->codes, entry);
	/* The first 127 codes fit into the older field, which old files have alone. */
	int32_t older = tflm_field_i8(model, code, CODE_DEPRECATED, 0);
	int32_t newer = tflm_field_i32(model, code, CODE_BUILTIN, 0);
	uint32_t custom = tflm_field_target(model, code, CODE_CUSTOM);
	memset(info, 0, sizeof *info);
	info->code = newer > older ? newer : older;
	info->version = tflm_field_i32(model, code, CODE_VERSION, 1);
	if (custom) {
		info->custom = (const char *)model->bytes + custom + 4;
		info->custom_length = tflm_vector_count(model, custom);
	}
	info->input_count = (uint16_t)tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_INPUTS));
	info->output_count = (uint16_t)tflm_vector_count(model, tflm_field_target(model, table, OPERATOR_OUTPUTS));
	const tflm_operator *operator = tflm_find_operator(info);
	info->name = operator ? operator->name : NULL;
}

tflm_model tflm_subgraph(const tflm_model *model, uint32_t index)
{
	tflm_model part = *model;
	uint32_t graph = tflm_vector_table(model, model->graphs, index);
	part.graph = (uint16_t)index;
	part.tensors = tflm_field_target(model, graph, GRAPH_TENSORS);
	part.operators = tflm_field_target(model, graph, GRAPH_OPERATORS);
	part.inputs = tflm_field_target(model, graph, GRAPH_INPUTS);
	part.outputs = tflm_field_target(model, graph, GRAPH_OUTPUTS);
	part.tensor_count = (uint16_t)tflm_vector_count(model, part.tensors);
	part.operator_count = (uint16_t)tflm_vector_count(model, part.operators);
	part.input_count = (uint16_t)tflm_vector_count(model, part.inputs);
	part.output_count = (uint16_t)tflm_vector_count(model, part.outputs);
	return part;
}

int32_t tflm_graph_input(const tflm_model *model, uint32_t index)
{
	return index < model->input_count ? tflm_vector_i32(model, model->inputs, index) : -1;
}

int32_t tflm_graph_output(const tflm_model *model, uint32_t index)
{
	return index < model->output_count ? tflm_vector_i32(model, model->outputs, index) : -1;
}

int32_t tflm_operator_input(const tflm_model *model, uint32_t index, uint32_t position)
{
	uint32_t inputs = tflm_field_target(model, tflm_operator_table(model, index), OPERATOR_INPUTS);
	return position < tflm_vector_count(model, inputs) ? tflm_vector_i32(model, inputs, position) : -1;
}

int32_t tflm_operator_output(const tflm_model *model, uint32_t index, uint32_t position)
{
	uint32_t outputs = tflm_field_target(model, tflm_operator_table(model, index), OPERATOR_OUTPUTS);
	return position < tflm_vector_count(model, outputs) ? tflm_vector_i32(model, outputs, position) : -1;
}
