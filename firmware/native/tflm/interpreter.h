/* The interpreter's own part of the arena, at its start: tflm, offsets of the model's inputs and outputs, its states, then
   a record and its data for each step; behind it lie activations, states and scratch. */
#ifndef INTERPRETER_H
#define INTERPRETER_H
#include "operators.h"

/* What is kept from one inference to the next: a variable of the model, or an operator's own. */
typedef struct {
	uint32_t offset;
	uint32_t bytes : 24, fill : 8;
} tflm_state;

struct tflm {
	tflm_model model;
	uint32_t own_bytes, arena_bytes;
	uint32_t states;
	uint32_t records;   /* offset of the first record */
	uint32_t offsets[]; /* of the model's inputs, then of its outputs; then the states */
};

/* Where the records begin. */
static inline uint32_t tflm_records_offset(const tflm_model *model, uint32_t states)
{
	uint32_t ends = (uint32_t)model->input_count + model->output_count;
	return tflm_round_up((uint32_t)(sizeof(tflm) + ends * sizeof(uint32_t) + states * sizeof(tflm_state)), sizeof(void *));
}

/* A step of the model. That of a subgraph that is called once has no function, but the steps behind it. */
typedef struct {
	tflm_run run;
	uint32_t bytes; /* of the record and its data, to find the next */
} tflm_record;

typedef struct {
	uint32_t bytes; /* of the subgraph's records, which follow */
	uint32_t done;
} tflm_call;

/* placement.c: the slot whose memory a slot uses; and bytes of all slots once each has its offset, UINT32_MAX when they do
   not fit. */
tflm_slot *tflm_memory_of(tflm_layout *layout, tflm_slot *slot);
uint32_t tflm_place(tflm_layout *layout);

/* Sets the tensor's data to where the layout has put it; NULL for constants and what is left out. */
void tflm_locate(const tflm_layout *layout, uint8_t *arena, uint32_t graph, tflm_tensor *tensor);

/* ops/call_once.c: the subgraph that a CALL_ONCE names. */
uint32_t tflm_called_graph(const tflm_model *model, uint32_t operator);
/* ops/var_handle.c: whether two tensors, made by VAR_HANDLEs, stand for the same variable. */
int tflm_same_variable(const tflm_model *a, int32_t tensor_a, const tflm_model *b, int32_t tensor_b);
#endif
