/* Lays the arena out: what lies in it, and from which step to which. A tensor is needed from the operator that makes it to
   the last that reads it; placement.c finds the places. */
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

/* What is being laid out. */
typedef struct {
	tflm_layout *layout;
	tflm_error *error;
	uint32_t called; /* subgraphs that are called so far, as bits */
	uint64_t packing_bytes;
} plan;

static tflm_slot *find_slot(tflm_layout *layout, uint32_t graph, int32_t tensor)
{
	for (uint32_t i = 0; i < layout->slot_count; i++) {
		if (layout->slots[i].tensor == tensor && layout->slots[i].graph == graph) return &layout->slots[i];
	}
	return NULL;
}

/* A slot for what is needed at the step `step` (-1: before the first). */
static tflm_code add_slot(plan *p, uint32_t graph, int32_t tensor, uint32_t bytes, int32_t step)
{
	tflm_layout *layout = p->layout;
	uint32_t index = layout->slot_count;
	if (index == layout->slot_limit) return fail(p->error, TFLM_TOO_MANY, -1, tensor, (int32_t)index);
	layout->slots[index] = (tflm_slot){
		.bytes = bytes, .tensor = (int16_t)tensor, .first = (int16_t)step, .last = (int16_t)step,
		.shares = (int16_t)index, .graph = (uint8_t)graph,
	};
	layout->slot_count++;
	return TFLM_OK;
}

/* Makes the last slot a state, which is needed before, during and after all inferences. */
static void keep(tflm_layout *layout, int32_t fill)
{
	tflm_slot *slot = &layout->slots[layout->slot_count - 1];
	slot->first = -1;
	slot->last = INT16_MAX;
	slot->is_state = 1;
	slot->fill = (uint8_t)fill;
	layout->states++;
}

/* A slot for a tensor that the operator (-1: the caller) writes in the present step. */
static tflm_code add_tensor(plan *p, const tflm_model *model, int32_t index, int32_t operator, int32_t step)
{
	tflm_tensor tensor;
	tflm_describe_tensor(model, (uint32_t)index, &tensor);
	if (tensor.constant || find_slot(p->layout, model->graph, index)) {
		return fail(p->error, TFLM_BAD_ORDER, operator, index, 0);
	}
	if (!tflm_type_bytes(tensor.type)) return fail(p->error, TFLM_UNSUPPORTED_TYPE, operator, index, tensor.type);
	if (!tensor.elements) return fail(p->error, TFLM_BAD_SHAPE, operator, index, 0);
	return add_slot(p, model->graph, index, tensor.bytes, step);
}

/* The operator reads these tensors, which exist until then. */
static tflm_code use_inputs(plan *p, const tflm_model *model, const tflm_node *node, int32_t step)
{
	for (uint32_t i = 0; i < node->input_count; i++) {
		int32_t index = tflm_operator_input(model, node->index, i);
		if (index < 0) continue;
		tflm_tensor tensor;
		tflm_describe_tensor(model, (uint32_t)index, &tensor);
		/* Its values are in the file, or it has none, as the shape of a scalar. */
		if (tensor.constant || !tensor.elements) continue;
		tflm_slot *slot = find_slot(p->layout, model->graph, index);
		if (!slot && tensor.variable) {
			TFLM_TRY(add_tensor(p, model, index, (int32_t)node->index, step));
			keep(p->layout, tflm_zero_of(&tensor));
			continue;
		}
		if (!slot) return fail(p->error, TFLM_BAD_ORDER, (int32_t)node->index, index, 0);
		if (slot->last < step) slot->last = (int16_t)step;
	}
	return TFLM_OK;
}

/* The variable of that name, which other handles may have named before. */
static tflm_code add_variable(plan *p, const tflm_model *model, const tflm_node *node)
{
	tflm_layout *layout = p->layout;
	uint32_t known = layout->slot_count;
	if (node->output.constant || find_slot(layout, model->graph, node->output.index)) {
		return fail(p->error, TFLM_BAD_ORDER, (int32_t)node->index, node->output.index, 0);
	}
	if (node->output.type != TFLM_RESOURCE) {
		return fail(p->error, TFLM_UNSUPPORTED_TYPE, (int32_t)node->index, node->output.index, node->output.type);
	}
	TFLM_TRY(add_slot(p, model->graph, node->output.index, 0, -1));
	for (uint32_t i = 0; i < known; i++) {
		const tflm_slot *slot = &layout->slots[i];
		if (!slot->is_state || slot->shares != (int16_t)i || slot->tensor < 0) continue;
		tflm_model graph = tflm_subgraph(model, slot->graph);
		if (!tflm_same_variable(&graph, slot->tensor, model, node->output.index)) continue;
		layout->slots[known].shares = (int16_t)i;
		layout->slots[known].last = INT16_MAX;
		return TFLM_OK;
	}
	keep(layout, 0);
	return TFLM_OK;
}

/* The operator reads or writes the variable that its first input names: this gives it its size. */
static tflm_code use_variable(plan *p, const tflm_node *node, const tflm_needs *needs)
{
	tflm_layout *layout = p->layout;
	tflm_slot *slot = find_slot(layout, node->model->graph, node->input[0].index);
	if (!slot) return fail(p->error, TFLM_BAD_ORDER, (int32_t)node->index, node->input[0].index, 0);
	slot = &layout->slots[slot->shares];
	if (!slot->is_state || (slot->bytes && slot->bytes != needs->variable)) {
		return fail(p->error, TFLM_SHAPE_MISMATCH, (int32_t)node->index, node->input[0].index, 0);
	}
	slot->bytes = needs->variable;
	slot->fill = (uint8_t)needs->fill;
	return TFLM_OK;
}

static tflm_code add_operators(plan *p, const tflm_model *model);

/* The steps of a subgraph that an operator calls once. */
static tflm_code add_subgraph(plan *p, const tflm_model *model, uint32_t operator)
{
	uint32_t graph = tflm_called_graph(model, operator);
	if (graph >= model->graph_count) return fail(p->error, TFLM_BAD_INDEX, (int32_t)operator, -1, (int32_t)graph);
	/* The first is the caller of all, and what is called but once is called from one place. */
	if (!graph || p->called >> graph & 1) return fail(p->error, TFLM_BAD_ORDER, (int32_t)operator, -1, 0);
	p->called |= 1u << graph;
	tflm_model part = tflm_subgraph(model, graph);
	if (part.input_count || part.output_count) return fail(p->error, TFLM_BAD_OPERATOR, (int32_t)operator, -1, (int32_t)graph);
	return add_operators(p, &part);
}

static tflm_code add_operator(plan *p, const tflm_model *model, uint32_t index)
{
	tflm_layout *layout = p->layout;
	int32_t step = (int32_t)layout->steps++;
	tflm_operator_info info;
	tflm_describe_operator(model, index, &info);
	const tflm_operator *operator = tflm_find_operator(&info);
	if (!operator) return fail(p->error, TFLM_UNSUPPORTED_OPERATOR, (int32_t)index, -1, info.code);
	if (step == TFLM_TENSORS) return fail(p->error, TFLM_TOO_MANY, (int32_t)index, -1, step);
	tflm_node node = {0};
	tflm_needs needs = {0};
	TFLM_TRY(tflm_load_node(&node, model, operator, index, p->error));
	TFLM_TRY(operator->check(&node, &needs));
	TFLM_TRY(use_inputs(p, model, &node, step));
	if (needs.variable) TFLM_TRY(use_variable(p, &node, &needs));
	for (uint32_t i = 0; i < node.output_count && operator->memory != TFLM_VARIABLE; i++) {
		TFLM_TRY(add_tensor(p, model, tflm_operator_output(model, index, i), (int32_t)index, step));
	}
	if (operator->memory == TFLM_VARIABLE) TFLM_TRY(add_variable(p, model, &node));
	if (needs.scratch) TFLM_TRY(add_slot(p, model->graph, TFLM_SCRATCH_SLOT, needs.scratch, step));
	if (needs.state) {
		TFLM_TRY(add_slot(p, model->graph, TFLM_STATE_SLOT - step, needs.state, step));
		keep(layout, 0);
	}
	layout->macs += needs.macs;
	layout->own_bytes += (uint32_t)sizeof(tflm_record) + tflm_round_up(needs.data, sizeof(void *));
	p->packing_bytes += tflm_round_up(needs.packed, TFLM_ALIGNMENT);
	if (needs.workspace > layout->workspace_bytes) layout->workspace_bytes = needs.workspace;
	return operator->memory == TFLM_SUBGRAPH ? add_subgraph(p, model, index) : TFLM_OK;
}

static tflm_code add_operators(plan *p, const tflm_model *model)
{
	for (uint32_t i = 0; i < model->operator_count; i++) TFLM_TRY(add_operator(p, model, i));
	return TFLM_OK;
}

/* Lets the output of an operator lie where one of its inputs does. */
static void share_inputs(tflm_layout *layout, const tflm_model *model, uint32_t index, int memory, int32_t step)
{
	tflm_slot *output = find_slot(layout, model->graph, tflm_operator_output(model, index, 0));
	uint32_t candidates = memory == TFLM_IN_PLACE ? 2 : 1;
	for (uint32_t k = 0; k < candidates && output->shares == output - layout->slots; k++) {
		int32_t tensor = tflm_operator_input(model, index, k);
		tflm_slot *input = tensor < 0 ? NULL : find_slot(layout, model->graph, tensor);
		if (!input || input->bytes != output->bytes) continue;
		input = tflm_memory_of(layout, input);
		if (input == output || (memory == TFLM_IN_PLACE && input->last != step)) continue;
		output->shares = (int16_t)(input - layout->slots);
		if (input->last < output->last) input->last = output->last;
	}
}

/* For all operators, in the order in which they run, so that chains of them work out. Returns the step after the last. */
static int32_t share_memory(tflm_layout *layout, const tflm_model *model, int32_t step)
{
	for (uint32_t i = 0; i < model->operator_count; i++) {
		tflm_operator_info info;
		tflm_describe_operator(model, i, &info);
		int memory = tflm_find_operator(&info)->memory;
		if (memory == TFLM_IN_PLACE || memory == TFLM_SAME_BYTES) share_inputs(layout, model, i, memory, step);
		step++;
		if (memory == TFLM_SUBGRAPH) {
			tflm_model part = tflm_subgraph(model, tflm_called_graph(model, i));
			step = share_memory(layout, &part, step);
		}
	}
	return step;
}

/* The most slots that a model can have: its tensors that are not constant, and two an operator of its own. */
static uint32_t most_slots(const tflm_model *model)
{
	uint32_t count = 0;
	for (uint32_t g = 0; g < model->graph_count; g++) {
		tflm_model graph = tflm_subgraph(model, g);
		count += 2u * graph.operator_count;
		for (uint32_t i = 0; i < graph.tensor_count; i++) {
			tflm_tensor tensor;
			tflm_describe_tensor(&graph, i, &tensor);
			count += !tensor.constant;
		}
	}
	return count < TFLM_ACTIVATIONS ? count : TFLM_ACTIVATIONS;
}

uint32_t tflm_layout_bytes(const tflm_model *model)
{
	return (uint32_t)(sizeof(tflm_layout) + most_slots(model) * sizeof(tflm_slot));
}

tflm_code tflm_plan(tflm_layout *layout, uint32_t bytes, const tflm_model *model, tflm_error *error)
{
	plan p = {.layout = layout, .error = error};
	memset(error, 0, sizeof *error);
	memset(layout, 0, sizeof *layout);
	error->operator = error->tensor = -1;
	layout->slot_limit = (uint32_t)((bytes - sizeof *layout) / sizeof *layout->slots);
	for (uint32_t i = 0; i < model->input_count; i++) {
		TFLM_TRY(add_tensor(&p, model, tflm_graph_input(model, i), -1, -1));
	}
	TFLM_TRY(add_operators(&p, model));
	for (uint32_t i = 0; i < model->output_count; i++) {
		int32_t tensor = tflm_graph_output(model, i);
		tflm_slot *slot = find_slot(layout, model->graph, tensor);
		if (!slot || !slot->bytes) return fail(error, TFLM_BAD_ORDER, -1, tensor, 0);
		if (slot->last < (int32_t)layout->steps) slot->last = (int16_t)layout->steps;
	}
	(void)share_memory(layout, model, 0);
	uint32_t peak = tflm_place(layout);
	if (peak == UINT32_MAX) return fail(error, TFLM_TOO_MANY, -1, -1, 0x40000000);
	layout->own_bytes = tflm_round_up(layout->own_bytes + tflm_records_offset(model, layout->states), TFLM_ALIGNMENT);
	layout->arena_bytes = layout->own_bytes + peak;
	p.packing_bytes += layout->workspace_bytes;
	/* A model may name the same weights again and again; beyond this it runs without. */
	layout->packing_bytes = p.packing_bytes > 0x40000000 ? 0 : (uint32_t)p.packing_bytes;
	return TFLM_OK;
}

uint64_t tflm_operator_macs(const tflm_model *model, uint32_t index)
{
	tflm_operator_info info;
	tflm_error error;
	tflm_node node = {0};
	tflm_needs needs = {0};
	tflm_describe_operator(model, index, &info);
	const tflm_operator *operator = tflm_find_operator(&info);
	if (!operator || tflm_load_node(&node, model, operator, index, &error) || operator->check(&node, &needs)) return 0;
	return needs.macs;
}
