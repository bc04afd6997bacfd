/* Lays the arena out: which tensors can lie at the same place because they are never needed at the same time.

   A tensor is needed from the operator that makes it to the last that reads it. Placing such intervals in the least
   memory is bin packing, so this is a heuristic, but a good one for the chains that networks are: the largest first,
   each into the tightest gap that those already placed leave while it is needed, at the end when there is none. */
#include "interpreter.h"
#include "reader.h"
#include <string.h>

static tflm_code fail(tflm_error *error, tflm_code code, int32_t operator, int32_t tensor, int32_t value)
{
	error->code = code;
	error->operator = operator;
	error->tensor = tensor;
	error->value = value;
	return code;
}

static tflm_slot *find_slot(tflm_layout *layout, int32_t tensor)
{
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		if (layout->slots[i].tensor == tensor) return &layout->slots[i];
	}
	return NULL;
}

static tflm_code add_slot(tflm_layout *layout, int32_t tensor, uint32_t bytes, int32_t first, tflm_error *error)
{
	uint32_t index = layout->slot_count;
	if (index == TFLM_ACTIVATIONS) return fail(error, TFLM_TOO_MANY, first, tensor, TFLM_ACTIVATIONS);
	layout->slots[index] = (tflm_slot){
		.bytes = bytes, .tensor = (int16_t)tensor, .first = (int16_t)first, .last = (int16_t)first,
		.shares = (int16_t)index,
	};
	layout->slot_count++;
	return TFLM_OK;
}

/* A slot for a tensor that operator `first` (-1: the caller) writes. */
static tflm_code add_tensor(tflm_layout *layout, const tflm_model *model, int32_t index, int32_t first,
	tflm_error *error)
{
	tflm_tensor tensor;
	tflm_describe_tensor(model, (uint32_t)index, &tensor);
	if (tensor.constant || find_slot(layout, index)) return fail(error, TFLM_BAD_ORDER, first, index, 0);
	if (!tflm_type_bytes(tensor.type)) return fail(error, TFLM_UNSUPPORTED_TYPE, first, index, tensor.type);
	if (!tensor.elements) return fail(error, TFLM_BAD_SHAPE, first, index, 0);
	return add_slot(layout, index, tensor.bytes, first, error);
}

/* Whether a tensor needs no slot because its values are in the file (or it has none, as the shape of a scalar). */
static int is_constant(const tflm_model *model, int32_t index)
{
	tflm_tensor tensor;
	tflm_describe_tensor(model, (uint32_t)index, &tensor);
	return tensor.constant || !tensor.elements;
}

static tflm_code add_operator(tflm_layout *layout, const tflm_model *model, uint32_t index, tflm_error *error)
{
	tflm_operator_info info;
	tflm_describe_operator(model, index, &info);
	const tflm_operator *operator = tflm_find_operator(info.code);
	if (!operator) return fail(error, TFLM_UNSUPPORTED_OPERATOR, (int32_t)index, -1, info.code);
	tflm_node node;
	tflm_needs needs = {0, 0, 0};
	TFLM_TRY(tflm_load_node(&node, model, operator, index, error));
	TFLM_TRY(operator->check(&node, &needs));
	for (uint32_t i = 0; i < info.input_count; i++) {
		int32_t tensor = tflm_operator_input(model, index, i);
		if (tensor < 0 || is_constant(model, tensor)) continue;
		tflm_slot *slot = find_slot(layout, tensor);
		if (!slot) return fail(error, TFLM_BAD_ORDER, (int32_t)index, tensor, 0);
		slot->last = (int16_t)index;
	}
	for (uint32_t i = 0; i < info.output_count; i++) {
		int32_t tensor = tflm_operator_output(model, index, i);
		TFLM_TRY(add_tensor(layout, model, tensor, (int32_t)index, error));
	}
	if (needs.scratch) TFLM_TRY(add_slot(layout, -1, needs.scratch, (int32_t)index, error));
	layout->macs += needs.macs;
	layout->state_bytes += (uint32_t)sizeof(tflm_record) + tflm_round_up(needs.data, sizeof(void *));
	return TFLM_OK;
}

static tflm_slot *memory_of(tflm_layout *layout, tflm_slot *slot)
{
	while (slot != &layout->slots[slot->shares]) slot = &layout->slots[slot->shares];
	return slot;
}

/* Lets operators write where one of their inputs lies. In the operators' order, so that chains of them work out. */
static void share_memory(tflm_layout *layout, const tflm_model *model)
{
	for (uint32_t i = 0; i < model->operator_count; i++) {
		tflm_operator_info info;
		tflm_describe_operator(model, i, &info);
		int memory = tflm_find_operator(info.code)->memory;
		if (memory == TFLM_OWN_MEMORY) continue;
		tflm_slot *output = find_slot(layout, tflm_operator_output(model, i, 0));
		uint32_t candidates = memory == TFLM_IN_PLACE && info.input_count > 1 ? 2 : 1;
		for (uint32_t k = 0; k < candidates && output->shares == output - layout->slots; k++) {
			int32_t tensor = tflm_operator_input(model, i, k);
			tflm_slot *input = tensor < 0 ? NULL : find_slot(layout, tensor);
			if (!input || input->bytes != output->bytes) continue;
			input = memory_of(layout, input);
			if (memory == TFLM_IN_PLACE && input->last != (int32_t)i) continue;
			output->shares = (int16_t)(input - layout->slots);
			if (input->last < output->last) input->last = output->last;
		}
	}
}

/* Where a slot that starts at `offset` ends, up to the next place where one can start. */
static uint32_t end_of(const tflm_slot *slot, uint32_t offset)
{
	return offset + tflm_round_up(slot->bytes, TFLM_ALIGNMENT);
}

static int overlap(const tflm_slot *a, const tflm_slot *b)
{
	return a->first <= b->last && b->first <= a->last;
}

/* How many bytes are free at `offset` while `slot` is needed: 0 when it is taken. */
static uint32_t free_at(const tflm_layout *layout, const uint8_t *placed, const tflm_slot *slot, uint32_t offset)
{
	uint32_t room = UINT32_MAX;
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *other = &layout->slots[i];
		if (!placed[i] || !overlap(slot, other) || end_of(other, other->offset) <= offset) continue;
		if (other->offset <= offset) return 0;
		if (other->offset - offset < room) room = other->offset - offset;
	}
	return room;
}

static uint32_t tightest(const tflm_layout *layout, const uint8_t *placed, const tflm_slot *slot)
{
	uint32_t best = 0, best_room = free_at(layout, placed, slot, 0);
	if (best_room < slot->bytes) best_room = 0;
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		const tflm_slot *other = &layout->slots[i];
		if (!placed[i] || !overlap(slot, other)) continue;
		uint32_t offset = end_of(other, other->offset), room = free_at(layout, placed, slot, offset);
		if (room < slot->bytes) continue;
		if (!best_room || room < best_room || (room == best_room && offset < best)) best = offset, best_room = room;
	}
	return best;
}

/* Bytes of activations and scratch, or UINT32_MAX when they do not fit into 31 bits. */
static uint32_t place(tflm_layout *layout)
{
	uint8_t placed[TFLM_ACTIVATIONS] = {0};
	uint32_t peak = 0;
	for (;;) {
		int32_t next = -1;
		for (uint32_t i = 0; i < layout->slot_count; i++) {
			if (placed[i] || layout->slots[i].shares != (int16_t)i) continue;
			if (next < 0 || layout->slots[i].bytes > layout->slots[next].bytes) next = (int32_t)i;
		}
		if (next < 0) break;
		tflm_slot *slot = &layout->slots[next];
		slot->offset = tightest(layout, placed, slot);
		placed[next] = 1;
		uint32_t end = end_of(slot, slot->offset);
		if (end > 0x40000000) return UINT32_MAX;
		if (end > peak) peak = end;
	}
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		layout->slots[i].offset = memory_of(layout, &layout->slots[i])->offset;
	}
	return peak;
}

tflm_code tflm_plan(tflm_layout *layout, const tflm_model *model, tflm_error *error)
{
	memset(error, 0, sizeof *error);
	memset(layout, 0, sizeof *layout);
	error->operator = error->tensor = -1;
	layout->state_bytes = tflm_records_offset(model);
	for (uint32_t i = 0; i < model->input_count; i++) {
		int32_t tensor = tflm_graph_input(model, i);
		TFLM_TRY(add_tensor(layout, model, tensor, -1, error));
	}
	for (uint32_t i = 0; i < model->operator_count; i++) TFLM_TRY(add_operator(layout, model, i, error));
	for (uint32_t i = 0; i < model->output_count; i++) {
		int32_t tensor = tflm_graph_output(model, i);
		tflm_slot *slot = find_slot(layout, tensor);
		if (!slot) return fail(error, TFLM_BAD_ORDER, -1, tensor, 0);
		slot->last = (int16_t)model->operator_count;
	}
	share_memory(layout, model);
	uint32_t peak = place(layout);
	if (peak == UINT32_MAX) return fail(error, TFLM_TOO_MANY, -1, -1, 0x40000000);
	layout->state_bytes = tflm_round_up(layout->state_bytes, TFLM_ALIGNMENT);
	layout->arena_bytes = layout->state_bytes + peak;
	return TFLM_OK;
}
