/* The interpreter's own state, which lies at the arena's start:
   tflm, offsets of the inputs and outputs, then a record and its data for each operator, then activations and scratch. */
#ifndef INTERPRETER_H
#define INTERPRETER_H
#include "operators.h"

struct tflm {
	tflm_model model;
	uint32_t state_bytes, arena_bytes;
	uint32_t records; /* offset of the first record */
	uint32_t offsets[]; /* of the model's inputs, then of its outputs */
};

/* Where the records begin: behind the offsets. */
static inline uint32_t tflm_records_offset(const tflm_model *model)
{
	uint32_t ends = (uint32_t)model->input_count + model->output_count;
	return tflm_round_up((uint32_t)(sizeof(tflm) + ends * sizeof(uint32_t)), sizeof(void *));
}

typedef struct {
	void (*run)(const void *data);
	uint32_t bytes; /* of the record and its data, to find the next */
} tflm_record;
#endif
