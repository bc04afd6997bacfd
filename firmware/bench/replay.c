/* A bare image that runs many models, one after the other, and prints hashes of what they made, so that the host can
   hold a target to the bits of another. For each case a line

       case <number> <FNV-1a of all outputs of all vectors> <arena's bytes>
       case <number> <code's name>                                              when the kernel refuses the model */
#include "bare.h"
#include "lines.h"
#include "tflm.h"
#include <string.h>

/* One model with inputs, as the host has laid them out. */
typedef struct {
	const uint8_t *model, *inputs;
	uint32_t model_bytes, vectors;
	uint32_t rounding, is_sequence; /* a tflm_rounding; whether state is kept from one vector to the next */
} replay;

extern const replay replay_cases[];
extern const uint32_t replay_count;

static tflm_model model;
static tflm_error error;

static uint8_t *aligned(uint8_t *address)
{
	return (uint8_t *)(((uintptr_t)address + TFLM_ALIGNMENT - 1) / TFLM_ALIGNMENT * TFLM_ALIGNMENT);
}

/* NULL with an error. */
static tflm *make(const replay *r, uint32_t *arena_bytes)
{
	if (tflm_open(&model, r->model, r->model_bytes, &error)) return NULL;
	uint32_t layout_bytes = tflm_layout_bytes(&model);
	tflm_layout *layout = (tflm_layout *)bare_free;
	uint8_t *arena = aligned(bare_free + layout_bytes);
	if (tflm_plan(layout, layout_bytes, &model, &error)) return NULL;
	*arena_bytes = layout->arena_bytes;
	if (arena + layout->arena_bytes > bare_free_end) {
		error.code = TFLM_ARENA_TOO_SMALL;
		return NULL;
	}
	/* What happens to lie there must not matter. */
	memset(arena, 0x5a, layout->arena_bytes);
	return tflm_init(arena, layout->arena_bytes, &model, layout, (tflm_rounding)r->rounding, NULL, &error);
}

static uint32_t run(const replay *r, tflm *interpreter)
{
	const uint8_t *inputs = r->inputs;
	uint32_t hash = HASH_START;
	for (uint32_t v = 0; v < r->vectors; v++) {
		if (!r->is_sequence) tflm_reset(interpreter);
		inputs += read_inputs(interpreter, inputs);
		tflm_invoke(interpreter);
		hash = hash_outputs(interpreter, hash);
	}
	return hash;
}

int main(void)
{
	for (uint32_t i = 0; i < replay_count; i++) {
		uint32_t arena_bytes;
		tflm *interpreter = make(&replay_cases[i], &arena_bytes);
		print_word("case");
		print_hex(i, " ");
		if (!interpreter) {
			print_word(tflm_code_name(error.code));
			bare_print("\n");
			continue;
		}
		print_hex(run(&replay_cases[i], interpreter), " ");
		print_hex(arena_bytes, "\n");
	}
	return 0;
}
