/* A bare image that measures the kernel on one model: instructions of the start and of inferences, operator by
   operator when asked to, the stack's depth, and hashes of the outputs, so that the host can check them. Model and
   inputs lie in flash behind the symbols below. Everything is printed as lines of words and hexadecimal numbers:

       arena <bytes>           start <instructions>       stack <bytes>
       run <instructions> <inferences>                    operator <index> <instructions> <inferences>
       output <vector> <FNV-1a of all outputs' bytes>     failed <code's name> <operator> <tensor>

   Instructions are sums over several inferences, each begun at another phase of the counter's clock, so that its
   rounding averages out. */
#include "bare.h"
#include "lines.h"
#include "tflm.h"
#include <string.h>

extern const uint8_t bench_model[], bench_inputs[];
extern const uint32_t bench_model_bytes, bench_vectors, bench_profile;

enum { CANARY = 0xa5, CANARIES = 64 };
/* Enough inferences that BARE_GRANULARITY means little; beyond this many instructions it does anyway. */
enum { MOST_ROUNDS = 2 * BARE_GRANULARITY, ENOUGH = 20000000 };

static tflm_model model;
static tflm_layout *layout;
static tflm_error error;

/* Instructions between two readings with nothing between them, MOST_ROUNDS times. */
static uint64_t overhead(void)
{
	uint64_t sum = 0;
	for (uint32_t i = 0; i < MOST_ROUNDS; i++) {
		bare_wait_for_phase(i);
		uint64_t before = bare_instructions();
		sum += bare_instructions() - before;
	}
	return sum;
}

/* Readings of the counter cost as many instructions as `overhead` has found out. */
static void report(const char *word, int32_t index, uint64_t sum, uint32_t count, uint64_t cost)
{
	uint64_t reading = cost * count / MOST_ROUNDS;
	print_word(word);
	if (index >= 0) print_hex((uint64_t)index, " ");
	print_hex(sum > reading ? sum - reading : 0, " ");
	print_hex(count, "\n");
}

static void measure(tflm *interpreter, uint64_t cost)
{
	uint64_t sum = 0;
	uint32_t count = 0;
	while (count < bench_vectors || (count < MOST_ROUNDS && sum < ENOUGH)) {
		const uint8_t *inputs = bench_inputs;
		for (uint32_t v = 0; v < bench_vectors; v++, count++) {
			tflm_reset(interpreter);
			inputs += read_inputs(interpreter, inputs);
			bare_wait_for_phase(count);
			uint64_t before = bare_instructions();
			tflm_invoke(interpreter);
			sum += bare_instructions() - before;
			if (count != v) continue;
			print_word("output");
			print_hex(v, " ");
			print_hex(hash_outputs(interpreter, HASH_START), "\n");
		}
	}
	report("run", -1, sum, count, cost);
}

static void profile(tflm *interpreter, uint64_t cost)
{
	static uint64_t sums[TFLM_TENSORS];
	uint64_t total = 0;
	uint32_t count = 0;
	while (count < bench_vectors || (count < MOST_ROUNDS && total < ENOUGH)) {
		const uint8_t *inputs = bench_inputs;
		for (uint32_t v = 0; v < bench_vectors; v++, count++) {
			tflm_reset(interpreter);
			inputs += read_inputs(interpreter, inputs);
			for (uint32_t i = 0; i < model.operator_count; i++) {
				bare_wait_for_phase(count);
				uint64_t before = bare_instructions();
				tflm_step(interpreter, i);
				uint64_t spent = bare_instructions() - before;
				sums[i] += spent;
				total += spent;
			}
		}
	}
	for (uint32_t i = 0; i < model.operator_count; i++) report("operator", (int32_t)i, sums[i], count, cost);
}

static int failed(void)
{
	print_word("failed");
	print_word(tflm_code_name(error.code));
	print_hex((uint32_t)error.operator, " ");
	print_hex((uint32_t)error.tensor, "\n");
	return 1;
}

static int out_of_ram(void)
{
	bare_print("failed out-of-ram 0 0\n");
	return 1;
}

/* Never inlined: all that lies above its own small frame is in use. */
__attribute__((noinline)) static void paint_stack(void)
{
	const uintptr_t frame = 128;
	uintptr_t own = (uintptr_t)__builtin_frame_address(0) - frame;
	for (volatile uint8_t *at = bare_stack_limit; (uintptr_t)at < own; at++) *at = CANARY;
}

static uint32_t stack_used(void)
{
	const uint8_t *at = bare_stack_limit;
	while (at < bare_stack && *at == CANARY) at++;
	return (uint32_t)(bare_stack - at);
}

int main(void)
{
	bare_start_counting();
	uint64_t cost = overhead();
	paint_stack();
	uint64_t before = bare_instructions();
	if (tflm_open(&model, bench_model, bench_model_bytes, &error)) return failed();
	uint32_t layout_bytes = tflm_layout_bytes(&model);
	layout = (tflm_layout *)bare_free;
	uint8_t *arena = bare_free + (layout_bytes + TFLM_ALIGNMENT - 1) / TFLM_ALIGNMENT * TFLM_ALIGNMENT;
	if (layout_bytes > (size_t)(bare_free_end - bare_free) / 2) return out_of_ram();
	if (tflm_plan(layout, layout_bytes, &model, &error)) return failed();
	uint64_t planned = bare_instructions();
	uint32_t bytes = layout->arena_bytes;
	print_word("arena");
	print_hex(bytes, "\n");
	if ((size_t)(bare_free_end - arena) < bytes + CANARIES) return out_of_ram();
	/* One byte less must not do, and must not touch the arena. */
	memset(arena, CANARY, bytes + CANARIES);
	if (tflm_init(arena, bytes - 1, &model, layout, TFLM_ROUND_DOUBLE, NULL, &error)) return 2;
	for (uint32_t i = 0; i < bytes; i++) {
		if (arena[i] != CANARY) return 2;
	}
	uint64_t began = bare_instructions();
	tflm *interpreter = tflm_init(arena, bytes, &model, layout, TFLM_ROUND_DOUBLE, NULL, &error);
	if (!interpreter) return failed();
	report("start", -1, bare_instructions() - began + planned - before, 2, cost);
	measure(interpreter, cost);
	if (bench_profile) profile(interpreter, cost);
	print_word("stack");
	print_hex(stack_used(), "\n");
	for (uint32_t i = 0; i < CANARIES; i++) {
		if (arena[bytes + i] != CANARY) {
			bare_print("failed arena-overrun 0 0\n");
			return 1;
		}
	}
	return 0;
}
