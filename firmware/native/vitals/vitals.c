/* What the device knows of itself: see vitals.ts. */
#include "native.h"

#include "engine.h"
#include "memory.h"
#include "port.h"
#include "stages.h"

void xs_vitals_number(xsMachine *the)
{
	heap_usage heap;
	pool_usage pool;
	stack_usage stack;
	heap_report(&heap);
	pool_report(&pool);
	stack_report(&stack);
	const size_t numbers[] = { heap.used, heap.peak, pool.used, pool.peak, stack.peak, 
		stages.features.cycles, stages.inference.cycles, stages.script.cycles, accel_full_scale };
	xsIntegerValue index = xsmcToInteger(xsArg(0));
	if (index < 0 || (size_t)index >= sizeof numbers / sizeof *numbers) xsRangeError("vitals: no number %d", (int)index);
	xsmcSetNumber(xsResult, (xsNumberValue)numbers[index]);
}

void xs_vitals_text(xsMachine *the)
{
	static const char *const reasons[] = { "power", "request", "memory", "stack", "exception", "stuck", "fault" };
	const char *reason = reset_reason < sizeof reasons / sizeof *reasons ? reasons[reset_reason] : "fault";
	xsmcSetString(xsResult, (char *)(xsmcToInteger(xsArg(0)) == 0 ? board_name : reason));
}
