/* Access to the tables of a .tflite file (a FlatBuffer) in place.

   A table starts with the signed distance back to its vtable, which holds the table's size and for each field its offset
   within the table, 0 for a field that is left out. An offset field holds the distance from itself to what it points at;
   a vector is a count followed by its elements. Everything here is little-endian and read byte by byte, since nothing
   says where in memory the file lies. Positions are byte offsets in the file; position 0 stands for "not there".

   These functions check nothing: verify.c has done so for every position that they can reach. */
#ifndef READER_H
#define READER_H
#include "tflm.h"

/* Fields of the schema's tables, by their numbers. */
enum { MODEL_VERSION, MODEL_CODES, MODEL_SUBGRAPHS, MODEL_DESCRIPTION, MODEL_BUFFERS };
enum { CODE_DEPRECATED, CODE_CUSTOM, CODE_VERSION, CODE_BUILTIN };
enum { GRAPH_TENSORS, GRAPH_INPUTS, GRAPH_OUTPUTS, GRAPH_OPERATORS, GRAPH_NAME };
enum { TENSOR_SHAPE, TENSOR_TYPE, TENSOR_BUFFER, TENSOR_NAME, TENSOR_QUANTIZATION, TENSOR_VARIABLE, TENSOR_SPARSITY };
enum { QUANTIZATION_SCALE = 2, QUANTIZATION_ZERO_POINT, QUANTIZATION_DETAILS_TYPE, QUANTIZATION_DETAILS,
	QUANTIZATION_DIMENSION };
enum { OPERATOR_CODE, OPERATOR_INPUTS, OPERATOR_OUTPUTS, OPERATOR_OPTIONS_TYPE, OPERATOR_OPTIONS,
	OPERATOR_CUSTOM_OPTIONS };
enum { BUFFER_DATA, BUFFER_OFFSET, BUFFER_SIZE };

uint16_t tflm_read_u16(const uint8_t *bytes);
uint32_t tflm_read_u32(const uint8_t *bytes);
uint64_t tflm_read_u64(const uint8_t *bytes);
float tflm_read_f32(const uint8_t *bytes);

/* Position of a table's field, 0 when it is left out or the table is. */
uint32_t tflm_field(const tflm_model *model, uint32_t table, uint32_t field);
int32_t tflm_field_i8(const tflm_model *model, uint32_t table, uint32_t field, int32_t otherwise);
int32_t tflm_field_i32(const tflm_model *model, uint32_t table, uint32_t field, int32_t otherwise);
float tflm_field_f32(const tflm_model *model, uint32_t table, uint32_t field, float otherwise);
/* Position of the table, vector or string that an offset field points at, 0 when it is left out. */
uint32_t tflm_field_target(const tflm_model *model, uint32_t table, uint32_t field);

/* Vectors: position 0 is an empty one. `at` positions are those of the elements, whose sizes the caller knows. */
uint32_t tflm_vector_count(const tflm_model *model, uint32_t vector);
int32_t tflm_vector_i32(const tflm_model *model, uint32_t vector, uint32_t index);
float tflm_vector_f32(const tflm_model *model, uint32_t vector, uint32_t index);
uint32_t tflm_vector_table(const tflm_model *model, uint32_t vector, uint32_t index);

/* A dimension of a tensor's shape. One that the file leaves open (-1), as a batch often is, is 1. */
int32_t tflm_dimension(const tflm_model *model, uint32_t shape, uint32_t index);

/* Position of an operator's own table and of its options' table (0: none). */
uint32_t tflm_operator_table(const tflm_model *model, uint32_t index);
/* Bytes of an element, 0 for types that have no fixed number. */
uint32_t tflm_type_bytes(int32_t type);
#endif
