/* The wasm port: what the simulator calls. It is the run loop itself, so port_sleep_until is the time between two calls of
   turn; everything else of port.h the simulator supplies as imports. */
#include "engine.h"
#include "memory.h"
#include "stages.h"

#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(start) void start(void);
EXPORT(turn) uint64_t turn(void);
EXPORT(report) const uint32_t *report(void);

void start(void) { engine_start(); }
uint64_t turn(void) { return engine_turn(); }

/* Memory (bytes: reserved, peak) and stages (cycles, count), in the order that host-sim/twin.ts reads them. */
const uint32_t *report(void)
{
	static uint32_t numbers[13];
	heap_usage heap;
	pool_usage pool;
	stack_usage stack;
	heap_report(&heap);
	pool_report(&pool);
	stack_report(&stack);
	const uint32_t now[] = { heap.bytes, heap.peak, pool.bytes, pool.peak, stack.bytes, stack.peak,
		stages.features.cycles, stages.features.count, stages.inference.cycles, stages.inference.count,
		stages.script.cycles, stages.script.count, stages.bytecodes };
	for (unsigned i = 0; i < sizeof now / sizeof *now; i++) numbers[i] = now[i];
	return numbers;
}
