#include "interpreter.h"
#include <string.h>

/* Offset in the arena of a tensor, or of what has a number below zero; 0 when there is none. A scratch area belongs to
   the step `step`. */
static uint32_t offset_of(const tflm_layout *layout, uint32_t graph, int32_t tensor, int32_t step)
{
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *slot = &layout->slots[i];
		if (slot->tensor != tensor || slot->graph != graph) continue;
		if (tensor == TFLM_SCRATCH_SLOT && slot->first != step) continue;
		return layout->own_bytes + slot->offset;
	}
	return 0;
}

void tflm_locate(const tflm_layout *layout, uint8_t *arena, uint32_t graph, tflm_tensor *tensor)
{
	uint32_t offset = tensor->index < 0 || tensor->constant ? 0 : offset_of(layout, graph, tensor->index, -1);
	tensor->data = offset ? arena + offset : NULL;
}

/* The arena while it is being filled. */
typedef struct {
	uint8_t *arena, *packing; /* packing: NULL when there is none, else where the next operator's begins */
	void *workspace;
	const tflm_layout *layout;
	tflm_rounding rounding;
	tflm_error *error;
	uint32_t position; /* of the next record */
	int32_t step;
} builder;

static void *area_of(const builder *b, uint32_t graph, int32_t tensor)
{
	uint32_t offset = offset_of(b->layout, graph, tensor, b->step);
	return offset ? b->arena + offset : NULL;
}

static void add_records(builder *b, const tflm_model *model);

static void add_record(builder *b, const tflm_model *model, uint32_t index)
{
	tflm_operator_info info;
	tflm_describe_operator(model, index, &info);
	const tflm_operator *operator = tflm_find_operator(&info);
	tflm_node node = {.layout = b->layout, .arena = b->arena, .rounding = b->rounding};
	tflm_needs needs = {0};
	/* tflm_plan has been through both without an error. */
	(void)tflm_load_node(&node, model, operator, index, b->error);
	(void)operator->check(&node, &needs);
	node.scratch = needs.scratch ? area_of(b, model->graph, TFLM_SCRATCH_SLOT) : NULL;
	node.state = needs.state ? area_of(b, model->graph, TFLM_STATE_SLOT - b->step) : NULL;
	if (b->packing) {
		node.packed = needs.packed ? b->packing : NULL;
		node.workspace = needs.workspace ? b->workspace : NULL;
		b->packing += tflm_round_up(needs.packed, TFLM_ALIGNMENT);
	}
	tflm_record *record = (tflm_record *)(b->arena + b->position);
	record->bytes = (uint32_t)sizeof(tflm_record) + tflm_round_up(needs.data, sizeof(void *));
	b->position += record->bytes;
	b->step++;
	if (operator->memory != TFLM_SUBGRAPH) {
		record->run = operator->prepare(&node, record + 1);
		return;
	}
	record->run = NULL;
	tflm_call *call = (tflm_call *)(record + 1);
	tflm_model part = tflm_subgraph(model, tflm_called_graph(model, index));
	uint32_t start = b->position;
	add_records(b, &part);
	call->bytes = b->position - start;
	call->done = 0;
}

static void add_records(builder *b, const tflm_model *model)
{
	for (uint32_t i = 0; i < model->operator_count; i++) add_record(b, model, i);
}

static tflm_state *states_of(const tflm *interpreter)
{
	const tflm_model *model = &interpreter->model;
	return (tflm_state *)((uint32_t *)interpreter->offsets + model->input_count + model->output_count);
}

static void add_states(tflm *interpreter, const tflm_layout *layout)
{
	tflm_state *state = states_of(interpreter);
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *slot = &layout->slots[i];
		if (!slot->is_state || slot->shares != (int16_t)i) continue;
		state->offset = layout->own_bytes + slot->offset;
		state->bytes = slot->bytes & 0xffffff;
		state->fill = slot->fill;
		state++;
	}
}

static tflm *refuse(tflm_error *error, tflm_code code, uint32_t value)
{
	error->code = code;
	error->value = (int32_t)value;
	return NULL;
}

tflm *tflm_init(void *arena, size_t bytes, const tflm_model *model, const tflm_layout *layout, tflm_rounding rounding,
	void *packing, tflm_error *error)
{
	memset(error, 0, sizeof *error);
	error->operator = error->tensor = -1;
	if (((uintptr_t)arena | (uintptr_t)packing) % TFLM_ALIGNMENT) {
		return refuse(error, TFLM_ARENA_MISALIGNED, TFLM_ALIGNMENT);
	}
	if (bytes < layout->arena_bytes) return refuse(error, TFLM_ARENA_TOO_SMALL, layout->arena_bytes);
	tflm *interpreter = arena;
	interpreter->model = *model;
	interpreter->own_bytes = layout->own_bytes;
	interpreter->arena_bytes = layout->arena_bytes;
	interpreter->states = (uint16_t)layout->states;
	for (uint32_t i = 0; i < model->input_count; i++) {
		interpreter->offsets[i] = offset_of(layout, model->graph, tflm_graph_input(model, i), -1);
	}
	for (uint32_t i = 0; i < model->output_count; i++) {
		int32_t tensor = tflm_graph_output(model, i);
		interpreter->offsets[model->input_count + i] = offset_of(layout, model->graph, tensor, -1);
	}
	add_states(interpreter, layout);
	interpreter->records = tflm_records_offset(model, layout->states);
	if (!layout->packing_bytes) packing = NULL;
	builder b = {
		.arena = arena, .packing = packing, .layout = layout, .rounding = rounding, .error = error,
		.position = interpreter->records,
	};
	if (packing) b.workspace = b.packing + layout->packing_bytes - layout->workspace_bytes;
	add_records(&b, model);
	tflm_reset(interpreter);
	return interpreter;
}

/* Runs a step, and returns the one after it: behind the subgraph, when it calls one. */
static tflm_record *run(tflm_record *record)
{
	uint8_t *next = (uint8_t *)record + record->bytes;
	if (record->run) {
		record->run(record + 1);
		return (tflm_record *)next;
	}
	tflm_call *call = (tflm_call *)(record + 1);
	tflm_record *inner = (tflm_record *)next, *end = (tflm_record *)(next + call->bytes);
	if (!call->done) {
		while (inner < end) inner = run(inner);
	}
	call->done = 1;
	return end;
}

void tflm_invoke(tflm *interpreter)
{
	tflm_record *record = (tflm_record *)((uint8_t *)interpreter + interpreter->records);
	for (uint32_t i = 0; i < interpreter->model.operator_count; i++) record = run(record);
}

void tflm_step(tflm *interpreter, uint32_t index)
{
	tflm_record *record = (tflm_record *)((uint8_t *)interpreter + interpreter->records);
	for (uint32_t i = 0; i < index; i++) {
		const tflm_call *call = (const tflm_call *)(record + 1);
		uint32_t inner = record->run ? 0 : call->bytes;
		record = (tflm_record *)((uint8_t *)record + record->bytes + inner);
	}
	(void)run(record);
}

void tflm_reset(tflm *interpreter)
{
	uint32_t own = interpreter->own_bytes;
	const tflm_state *states = states_of(interpreter);
	memset((uint8_t *)interpreter + own, 0, interpreter->arena_bytes - own);
	for (uint32_t i = 0; i < interpreter->states; i++) {
		memset((uint8_t *)interpreter + states[i].offset, states[i].fill, states[i].bytes);
	}
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
