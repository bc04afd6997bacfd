#include "interpreter.h"
#include <string.h>

/* Offset in the arena of a tensor or, for tensor -1, of the scratch area of `operator`; 0 when there is none. */
static uint32_t offset_of(const tflm_layout *layout, int32_t tensor, int32_t operator)
{
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *slot = &layout->slots[i];
		if (slot->tensor != tensor || (tensor < 0 && slot->first != operator)) continue;
		return layout->state_bytes + slot->offset;
	}
	return 0;
}

static void locate(tflm_tensor *tensor, const tflm_layout *layout, uint8_t *arena)
{
	uint32_t offset = tensor->index < 0 || tensor->constant ? 0 : offset_of(layout, tensor->index, -1);
	if (offset) tensor->data = arena + offset;
}

tflm *tflm_init(void *arena, size_t bytes, const tflm_model *model, const tflm_layout *layout, tflm_rounding rounding,
	tflm_error *error)
{
	memset(error, 0, sizeof *error);
	error->operator = error->tensor = -1;
	if ((uintptr_t)arena % TFLM_ALIGNMENT) {
		error->code = TFLM_ARENA_MISALIGNED;
		error->value = TFLM_ALIGNMENT;
		return NULL;
	}
	if (bytes < layout->arena_bytes) {
		error->code = TFLM_ARENA_TOO_SMALL;
		error->value = (int32_t)layout->arena_bytes;
		return NULL;
	}
	tflm *interpreter = arena;
	interpreter->model = *model;
	interpreter->state_bytes = layout->state_bytes;
	interpreter->arena_bytes = layout->arena_bytes;
	for (uint32_t i = 0; i < model->input_count; i++) {
		interpreter->offsets[i] = offset_of(layout, tflm_graph_input(model, i), -1);
	}
	for (uint32_t i = 0; i < model->output_count; i++) {
		int32_t tensor = tflm_graph_output(model, i);
		interpreter->offsets[model->input_count + i] = offset_of(layout, tensor, -1);
	}

	uint32_t position = tflm_records_offset(model);
	interpreter->records = position;
	for (uint32_t i = 0; i < model->operator_count; i++) {
		tflm_operator_info info;
		tflm_describe_operator(model, i, &info);
		const tflm_operator *operator = tflm_find_operator(info.code);
		tflm_node node;
		tflm_needs needs = {0, 0, 0};
		/* tflm_plan has been through both without an error. */
		(void)tflm_load_node(&node, model, operator, i, error);
		(void)operator->check(&node, &needs);
		for (uint32_t k = 0; k < TFLM_INPUTS; k++) locate(&node.input[k], layout, arena);
		locate(&node.output, layout, arena);
		tflm_record *record = (tflm_record *)((uint8_t *)arena + position);
		record->run = operator->run;
		record->bytes = (uint32_t)sizeof(tflm_record) + tflm_round_up(needs.data, sizeof(void *));
		uint32_t scratch = needs.scratch ? offset_of(layout, -1, (int32_t)i) : 0;
		operator->prepare(&node, record + 1, scratch ? (uint8_t *)arena + scratch : NULL, rounding);
		position += record->bytes;
	}
	tflm_reset(interpreter);
	return interpreter;
}

static const tflm_record *first_record(const tflm *interpreter)
{
	return (const tflm_record *)((const uint8_t *)interpreter + interpreter->records);
}

static const tflm_record *next_record(const tflm_record *record)
{
	return (const tflm_record *)((const uint8_t *)record + record->bytes);
}

void tflm_invoke(tflm *interpreter)
{
	const tflm_record *record = first_record(interpreter);
	for (uint32_t i = 0; i < interpreter->model.operator_count; i++) {
		record->run(record + 1);
		record = next_record(record);
	}
}

void tflm_step(tflm *interpreter, uint32_t index)
{
	const tflm_record *record = first_record(interpreter);
	for (uint32_t i = 0; i < index; i++) record = next_record(record);
	record->run(record + 1);
}

void tflm_reset(tflm *interpreter)
{
	uint32_t state = interpreter->state_bytes;
	memset((uint8_t *)interpreter + state, 0, interpreter->arena_bytes - state);
}

uint32_t tflm_arena_bytes(const tflm *interpreter)
{
	return interpreter->arena_bytes;
}

static void describe(const tflm *interpreter, int32_t index, uint32_t offset, tflm_tensor *tensor)
{
	tflm_describe_tensor(&interpreter->model, (uint32_t)index, tensor);
	tensor->data = (uint8_t *)interpreter + offset;
}

int tflm_input(const tflm *interpreter, uint32_t index, tflm_tensor *tensor)
{
	const tflm_model *model = &interpreter->model;
	if (index >= model->input_count) return -1;
	describe(interpreter, tflm_graph_input(model, index), interpreter->offsets[index], tensor);
	return 0;
}

int tflm_output(const tflm *interpreter, uint32_t index, tflm_tensor *tensor)
{
	const tflm_model *model = &interpreter->model;
	if (index >= model->output_count) return -1;
	describe(interpreter, tflm_graph_output(model, index), interpreter->offsets[model->input_count + index], tensor);
	return 0;
}
