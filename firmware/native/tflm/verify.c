/* Checks a file before anything else reads it, so that reader.c needs no checks of its own and no file can make the
   interpreter read outside of it.

   Each kind of table has a layout: one character a field, in the schema's order, for the bytes that the field takes
   ('1', '4', '8'), for an offset to a vector of bytes ('b') or to something else ('o'). A table is good when its vtable and itself lie in the file
   and each field that is there lies in the table; an offset, when four bytes at its target lie in the file. The rest
   are vectors, whose elements must lie in the file, and indices. Shapes and types are each operator's own business. */
#include "operators.h"
#include "reader.h"
#include <string.h>

#define MODEL_LAYOUT "4ooooooo"
#define CODE_LAYOUT "1o44"
#define GRAPH_LAYOUT "ooooo"
#define TENSOR_LAYOUT "o14oo1oo1o"
#define QUANTIZATION_LAYOUT "oooo1o4"
#define OPERATOR_LAYOUT "4oo1oo1oo881o4"
#define BUFFER_LAYOUT "o88"

typedef struct {
	tflm_model *model;
	tflm_error *error;
} check;

static tflm_code fail(check *c, tflm_code code, uint32_t offset, int32_t value)
{
	c->error->code = code;
	c->error->offset = offset;
	c->error->value = value;
	return code;
}

/* Whether `bytes` bytes at `position` lie in the file. */
static int inside(const check *c, uint32_t position, uint64_t bytes)
{
	return position <= c->model->length && bytes <= c->model->length - position;
}

static tflm_code check_table(check *c, uint32_t table, const char *layout)
{
	const uint8_t *bytes = c->model->bytes;
	if (!inside(c, table, 4)) return fail(c, TFLM_OUT_OF_FILE, table, 0);
	int64_t vtable = (int64_t)table - (int32_t)tflm_read_u32(bytes + table);
	if (vtable < 0 || vtable > c->model->length || !inside(c, (uint32_t)vtable, 4)) {
		return fail(c, TFLM_OUT_OF_FILE, table, 0);
	}
	uint32_t size = tflm_read_u16(bytes + vtable), own = tflm_read_u16(bytes + vtable + 2);
	if (size < 4 || size % 2 || !inside(c, (uint32_t)vtable, size)) return fail(c, TFLM_BAD_TABLE, table, 0);
	if (own < 4 || !inside(c, table, own)) return fail(c, TFLM_BAD_TABLE, table, 0);
	uint32_t fields = (size - 4) / 2, known = (uint32_t)strlen(layout);
	for (uint32_t field = 0; field < fields; field++) {
		uint32_t offset = tflm_read_u16(bytes + vtable + 4 + 2 * field);
		if (!offset) continue;
		char kind = field < known ? layout[field] : '1';
		int is_offset = kind == 'o' || kind == 'b';
		uint32_t width = is_offset ? 4 : (uint32_t)(kind - '0');
		if (offset < 4 || offset + width > own) return fail(c, TFLM_BAD_TABLE, table, (int32_t)field);
		if (!is_offset) continue;
		uint32_t at = table + offset, distance = tflm_read_u32(bytes + at);
		if (!distance || distance > c->model->length - at || !inside(c, at + distance, 4)) {
			return fail(c, TFLM_OUT_OF_FILE, at, 0);
		}
		if (kind == 'b' && !inside(c, at + distance + 4, tflm_read_u32(bytes + at + distance))) {
			return fail(c, TFLM_OUT_OF_FILE, at + distance, 0);
		}
	}
	return TFLM_OK;
}

/* A vector (0: left out) of elements of `width` bytes. */
static tflm_code check_vector(check *c, uint32_t vector, uint32_t width)
{
	if (!vector) return TFLM_OK;
	uint64_t count = tflm_read_u32(c->model->bytes + vector);
	return inside(c, vector + 4, count * width) ? TFLM_OK : fail(c, TFLM_OUT_OF_FILE, vector, 0);
}

/* A vector of at most `limit` tables of the same layout. */
static tflm_code check_tables(check *c, uint32_t vector, const char *layout, uint32_t limit)
{
	TFLM_TRY(check_vector(c, vector, 4));
	uint32_t count = tflm_vector_count(c->model, vector);
	if (count > limit) return fail(c, TFLM_TOO_MANY, vector, (int32_t)count);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t at = vector + 4 + 4 * i, distance = tflm_read_u32(c->model->bytes + at);
		if (distance > c->model->length - at) return fail(c, TFLM_OUT_OF_FILE, at, 0);
		TFLM_TRY(check_table(c, at + distance, layout));
	}
	return TFLM_OK;
}

static tflm_code check_vector_field(check *c, uint32_t table, uint32_t field, uint32_t width)
{
	return check_vector(c, tflm_field_target(c->model, table, field), width);
}

/* A vector of indices below `count`; -1, an input that is left out, where it may be. */
static tflm_code check_indices(check *c, uint32_t vector, uint32_t count, int optional)
{
	TFLM_TRY(check_vector(c, vector, 4));
	uint32_t entries = tflm_vector_count(c->model, vector);
	if (entries > TFLM_TENSORS) return fail(c, TFLM_TOO_MANY, vector, (int32_t)entries);
	for (uint32_t i = 0; i < entries; i++) {
		int32_t index = tflm_vector_i32(c->model, vector, i);
		if (index == -1 && optional) continue;
		if (index < 0 || (uint32_t)index >= count) return fail(c, TFLM_BAD_INDEX, vector + 4 + 4 * i, index);
	}
	return TFLM_OK;
}

static int is_finite(float value)
{
	return value - value == 0;
}

/* Bounds of the zero point of a type. */
static void zero_point_range(uint8_t type, int32_t *low, int32_t *high)
{
	switch (type) {
	case TFLM_INT8: *low = -128, *high = 127; break;
	case TFLM_UINT8: *low = 0, *high = 255; break;
	case TFLM_INT16: *low = -32768, *high = 32767; break;
	default: *low = INT32_MIN, *high = INT32_MAX;
	}
}

static tflm_code check_quantization(check *c, uint32_t tensor, const tflm_tensor *shape)
{
	tflm_model *model = c->model;
	uint32_t table = tflm_field_target(model, tensor, TENSOR_QUANTIZATION);
	if (!table) return TFLM_OK;
	TFLM_TRY(check_table(c, table, QUANTIZATION_LAYOUT));
	TFLM_TRY(check_vector_field(c, table, QUANTIZATION_SCALE, 4));
	TFLM_TRY(check_vector_field(c, table, QUANTIZATION_ZERO_POINT, 8));
	uint32_t scales = tflm_field_target(model, table, QUANTIZATION_SCALE);
	uint32_t zero_points = tflm_field_target(model, table, QUANTIZATION_ZERO_POINT);
	uint32_t scale_count = tflm_vector_count(model, scales), zero_count = tflm_vector_count(model, zero_points);
	int32_t dimension = tflm_field_i32(model, table, QUANTIZATION_DIMENSION, 0);
	if (!scale_count && !zero_count) return TFLM_OK;
	if (zero_count && zero_count != scale_count) return fail(c, TFLM_BAD_QUANTIZATION, table, (int32_t)zero_count);
	/* The dimension need not exist: person_detect's 1-D biases say 3. Operators check the ones that they use. */
	if (dimension < 0 || dimension > 255) return fail(c, TFLM_BAD_QUANTIZATION, table, dimension);
	if (scale_count > 1 && scale_count > shape->elements) {
		return fail(c, TFLM_BAD_QUANTIZATION, table, (int32_t)scale_count);
	}
	if (scales % 4) return fail(c, TFLM_MISALIGNED, scales, 4);
	int32_t low, high;
	zero_point_range(shape->type, &low, &high);
	for (uint32_t i = 0; i < scale_count; i++) {
		float scale = tflm_vector_f32(model, scales, i);
		if (!is_finite(scale) || scale < 0) return fail(c, TFLM_BAD_QUANTIZATION, scales + 4 + 4 * i, 0);
	}
	for (uint32_t i = 0; i < zero_count; i++) {
		uint32_t at = zero_points + 4 + 8 * i;
		int64_t zero_point = (int64_t)tflm_read_u64(model->bytes + at);
		if (zero_point < low || zero_point > high) return fail(c, TFLM_BAD_QUANTIZATION, at, (int32_t)zero_point);
	}
	return TFLM_OK;
}

/* Shape, buffer, name and quantization of one tensor of any subgraph. */
static tflm_code check_tensor(check *c, uint32_t table)
{
	tflm_model *model = c->model;
	TFLM_TRY(check_vector_field(c, table, TENSOR_SHAPE, 4));
	TFLM_TRY(check_vector_field(c, table, TENSOR_NAME, 1));
	uint32_t shape = tflm_field_target(model, table, TENSOR_SHAPE), rank = tflm_vector_count(model, shape);
	tflm_tensor tensor = {.type = (uint8_t)tflm_field_i8(model, table, TENSOR_TYPE, TFLM_FLOAT32), .elements = 1};
	if (rank > TFLM_RANK) return fail(c, TFLM_BAD_SHAPE, shape, (int32_t)rank);
	/* 2^28 elements, so that eight bytes each and all sums of a few sizes fit into 32 bits */
	for (uint32_t i = 0; i < rank; i++) {
		int32_t dim = tflm_dimension(model, shape, i);
		if (dim < 0 || (uint64_t)tensor.elements * (uint32_t)dim > 1u << 28) {
			return fail(c, TFLM_BAD_SHAPE, shape + 4 + 4 * i, dim);
		}
		tensor.elements *= (uint32_t)dim;
	}
	if (tflm_field_target(model, table, TENSOR_SPARSITY)) return fail(c, TFLM_UNSUPPORTED_TYPE, table, tensor.type);

	uint32_t buffer = (uint32_t)tflm_field_i32(model, table, TENSOR_BUFFER, 0);
	if (buffer >= tflm_vector_count(model, model->buffers)) return fail(c, TFLM_BAD_INDEX, table, (int32_t)buffer);
	uint32_t data = tflm_field_target(model, tflm_vector_table(model, model->buffers, buffer), BUFFER_DATA);
	uint32_t bytes = tflm_vector_count(model, data), width = tflm_type_bytes(tensor.type);
	if (bytes && width) {
		if (bytes != tensor.elements * width) return fail(c, TFLM_BAD_BUFFER, data, (int32_t)bytes);
		uint32_t alignment = width < 4 ? width : 4;
		if ((data + 4) % alignment) return fail(c, TFLM_MISALIGNED, data + 4, (int32_t)alignment);
	}
	return check_quantization(c, table, &tensor);
}

static tflm_code check_operator(check *c, uint32_t table, uint32_t tensors)
{
	tflm_model *model = c->model;
	uint32_t entry = (uint32_t)tflm_field_i32(model, table, OPERATOR_CODE, 0);
	if (entry >= tflm_vector_count(model, model->codes)) return fail(c, TFLM_BAD_INDEX, table, (int32_t)entry);
	TFLM_TRY(check_indices(c, tflm_field_target(model, table, OPERATOR_INPUTS), tensors, 1));
	TFLM_TRY(check_indices(c, tflm_field_target(model, table, OPERATOR_OUTPUTS), tensors, 0));
	TFLM_TRY(check_vector_field(c, table, OPERATOR_CUSTOM_OPTIONS, 1));
	uint32_t options = tflm_field_target(model, table, OPERATOR_OPTIONS);
	int32_t type = tflm_field_i8(model, table, OPERATOR_OPTIONS_TYPE, 0);
	return options ? check_table(c, options, tflm_options_layout(type)) : TFLM_OK;
}

static tflm_code check_graph(check *c, uint32_t table, int32_t *tensor_index, int32_t *operator_index)
{
	tflm_model *model = c->model;
	uint32_t tensors = tflm_field_target(model, table, GRAPH_TENSORS);
	uint32_t operators = tflm_field_target(model, table, GRAPH_OPERATORS);
	TFLM_TRY(check_tables(c, tensors, TENSOR_LAYOUT, TFLM_TENSORS));
	TFLM_TRY(check_tables(c, operators, OPERATOR_LAYOUT, TFLM_TENSORS));
	uint32_t tensor_count = tflm_vector_count(model, tensors);
	TFLM_TRY(check_indices(c, tflm_field_target(model, table, GRAPH_INPUTS), tensor_count, 0));
	TFLM_TRY(check_indices(c, tflm_field_target(model, table, GRAPH_OUTPUTS), tensor_count, 0));
	for (uint32_t i = 0; i < tensor_count; i++) {
		*tensor_index = (int32_t)i;
		TFLM_TRY(check_tensor(c, tflm_vector_table(model, tensors, i)));
	}
	*tensor_index = -1;
	for (uint32_t i = 0; i < tflm_vector_count(model, operators); i++) {
		*operator_index = (int32_t)i;
		TFLM_TRY(check_operator(c, tflm_vector_table(model, operators, i), tensor_count));
	}
	*operator_index = -1;
	return TFLM_OK;
}

static tflm_code check_model(check *c)
{
	tflm_model *model = c->model;
	const uint8_t *bytes = model->bytes;
	if (model->length < 8 || memcmp(bytes + 4, "TFL3", 4)) return fail(c, TFLM_NOT_A_MODEL, 4, 0);
	uint32_t root = tflm_read_u32(bytes);
	TFLM_TRY(check_table(c, root, MODEL_LAYOUT));
	int32_t version = tflm_field_i32(model, root, MODEL_VERSION, 0);
	if (version != 3) return fail(c, TFLM_BAD_VERSION, root, version);

	model->codes = tflm_field_target(model, root, MODEL_CODES);
	model->buffers = tflm_field_target(model, root, MODEL_BUFFERS);
	uint32_t graphs = tflm_field_target(model, root, MODEL_SUBGRAPHS);
	TFLM_TRY(check_tables(c, model->codes, CODE_LAYOUT, TFLM_TENSORS));
	for (uint32_t i = 0; i < tflm_vector_count(model, model->codes); i++) {
		TFLM_TRY(check_vector_field(c, tflm_vector_table(model, model->codes, i), CODE_CUSTOM, 1));
	}
	TFLM_TRY(check_tables(c, model->buffers, BUFFER_LAYOUT, TFLM_TENSORS));
	for (uint32_t i = 0; i < tflm_vector_count(model, model->buffers); i++) {
		uint32_t buffer = tflm_vector_table(model, model->buffers, i);
		TFLM_TRY(check_vector_field(c, buffer, BUFFER_DATA, 1));
		/* Buffers behind the FlatBuffer, for models over 2 GB: 0 and 1 stand for none. */
		uint32_t far = tflm_field(model, buffer, BUFFER_OFFSET);
		if (far && tflm_read_u64(bytes + far) > 1) return fail(c, TFLM_OUT_OF_FILE, far, 0);
	}
	TFLM_TRY(check_tables(c, graphs, GRAPH_LAYOUT, TFLM_GRAPHS));
	if (!tflm_vector_count(model, graphs)) return fail(c, TFLM_NO_GRAPH, root, 0);
	for (uint32_t i = 0; i < tflm_vector_count(model, graphs); i++) {
		TFLM_TRY(check_graph(c, tflm_vector_table(model, graphs, i), &c->error->tensor, &c->error->operator));
	}
	model->graphs = graphs;
	model->graph_count = (uint16_t)tflm_vector_count(model, graphs);
	*model = tflm_subgraph(model, 0);
	if (!model->operator_count || !model->input_count || !model->output_count) {
		return fail(c, TFLM_NO_GRAPH, graphs, 0);
	}
	return TFLM_OK;
}

tflm_code tflm_open(tflm_model *model, const void *bytes, size_t length, tflm_error *error)
{
	check c = {model, error};
	memset(model, 0, sizeof *model);
	memset(error, 0, sizeof *error);
	error->operator = error->tensor = -1;
	model->bytes = bytes;
	/* Positions are kept in 32 bits, as FlatBuffers do; a little less than 2^31 keeps all their sums in range too. */
	model->length = length < 0x7fffff00 ? (uint32_t)length : 0x7fffff00;
	if ((uintptr_t)bytes % 4) return fail(&c, TFLM_MISALIGNED, 0, 4);
	return check_model(&c);
}
