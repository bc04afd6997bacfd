/* The kernel as a WebAssembly module: one instance holds one interpreter. The host writes the model at kernel_heap(),
   opens and plans it, grows the memory for the arena behind it, and makes the interpreter there. Descriptions are handed
   over as arrays of words, whose order is fixed here and in index.ts. */
#include "tflm.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

extern uint8_t __heap_base;

static tflm_model model;
static tflm_layout *layout; /* behind the model, where the host puts it */
static tflm_error error;
static tflm *interpreter;
static char text[256];
static int32_t words[24];

/* Where the host may put the model: the end of everything that the module itself uses. */
uint32_t EXPORT(kernel_heap)(void) {
	return ((uint32_t)(uintptr_t)&__heap_base + TFLM_ALIGNMENT - 1) & ~(uint32_t)(TFLM_ALIGNMENT - 1);
}

int32_t EXPORT(kernel_open)(const void *bytes, uint32_t length) {
	return tflm_open(&model, bytes, length, &error);
}

/* Bytes that kernel_plan takes, at a multiple of 8. */
uint32_t EXPORT(kernel_layout_bytes)(void) {
	return tflm_layout_bytes(&model);
}

int32_t EXPORT(kernel_plan)(void *memory) {
	layout = memory;
	interpreter = NULL;
	return tflm_plan(layout, tflm_layout_bytes(&model), &model, &error);
}

uint32_t EXPORT(kernel_arena_bytes)(void) {
	return layout->arena_bytes;
}

uint32_t EXPORT(kernel_own_bytes)(void) {
	return layout->own_bytes;
}

uint32_t EXPORT(kernel_packing_bytes)(void) {
	return layout->packing_bytes;
}

double EXPORT(kernel_macs)(void) {
	return (double)layout->macs;
}

double EXPORT(kernel_operator_macs)(uint32_t index) {
	return (double)tflm_operator_macs(&model, index);
}

int32_t EXPORT(kernel_init)(void *arena, uint32_t bytes, int32_t rounding, void *packing) {
	interpreter = tflm_init(arena, bytes, &model, layout, (tflm_rounding)rounding, packing, &error);
	return error.code;
}

void EXPORT(kernel_invoke)(void) {
	tflm_invoke(interpreter);
}

void EXPORT(kernel_step)(uint32_t index) {
	tflm_step(interpreter, index);
}

void EXPORT(kernel_reset)(void) {
	tflm_reset(interpreter);
}

/* code, operator, tensor, offset, value, name and text (zero-terminated) of the last error */
const int32_t *EXPORT(kernel_error)(void) {
	tflm_error_text(&error, text, sizeof text);
	words[0] = error.code;
	words[1] = error.operator;
	words[2] = error.tensor;
	words[3] = (int32_t)error.offset;
	words[4] = error.value;
	words[5] = (int32_t)(uintptr_t)tflm_code_name(error.code);
	words[6] = (int32_t)(uintptr_t)text;
	return words;
}

/* tensors, operators, inputs, outputs */
const int32_t *EXPORT(kernel_counts)(void) {
	words[0] = model.tensor_count;
	words[1] = model.operator_count;
	words[2] = model.input_count;
	words[3] = model.output_count;
	return words;
}

/* Tensor number of the model's `index`th input or output. */
int32_t EXPORT(kernel_graph_input)(uint32_t index) {
	return tflm_graph_input(&model, index);
}

int32_t EXPORT(kernel_graph_output)(uint32_t index) {
	return tflm_graph_output(&model, index);
}

/* type, bytes, scales, scale (float bits), zero point, quantized dimension, constant, name, name's length, data (0 before
   kernel_init; until kernel_invoke uses the memory for another tensor), rank, dimensions */
const int32_t *EXPORT(kernel_tensor)(uint32_t index) {
	tflm_tensor tensor;
	tflm_describe_tensor(&model, index, &tensor);
	union {
		float scale;
		int32_t bits;
	} scale = {tensor.scale};
	const uint8_t *data = tensor.constant;
	for (uint32_t i = 0; interpreter && i < layout->slot_count; i++) {
		const tflm_slot *slot = &layout->slots[i];
		if (slot->graph || slot->tensor != (int32_t)index) continue;
		data = (uint8_t *)interpreter + layout->own_bytes + slot->offset;
	}
	words[0] = tensor.type;
	words[1] = (int32_t)tensor.bytes;
	words[2] = (int32_t)tensor.scale_count;
	words[3] = scale.bits;
	words[4] = tensor.zero_point;
	words[5] = tensor.quantized_dimension;
	words[6] = tensor.constant != NULL;
	words[7] = (int32_t)(uintptr_t)tensor.name;
	words[8] = (int32_t)tensor.name_length;
	words[9] = (int32_t)(uintptr_t)data;
	words[10] = tensor.rank;
	for (uint32_t i = 0; i < TFLM_RANK; i++) words[11 + i] = tensor.dims[i];
	return words;
}

/* code, version, supported, inputs, outputs, custom name, its length */
const int32_t *EXPORT(kernel_operator)(uint32_t index) {
	tflm_operator_info info;
	tflm_describe_operator(&model, index, &info);
	words[0] = info.code;
	words[1] = info.version;
	words[2] = info.name != NULL;
	words[3] = (int32_t)info.input_count;
	words[4] = (int32_t)info.output_count;
	words[5] = (int32_t)(uintptr_t)info.custom;
	words[6] = (int32_t)info.custom_length;
	return words;
}

int32_t EXPORT(kernel_operator_input)(uint32_t index, uint32_t position) {
	return tflm_operator_input(&model, index, position);
}

int32_t EXPORT(kernel_operator_output)(uint32_t index, uint32_t position) {
	return tflm_operator_output(&model, index, position);
}
