/* The C stack grows down from stack_high to stack_low, which the linker places. Painted at start, read back as a mark of
   how deep it went. On wasm this is the part of the stack that lies in memory: locals that clang keeps in wasm's own
   locals are not in it. */
#include "xsAll.h"
#include "engine.h"

#define PAINT 0xa5
#define MARGIN 64 /* below the painter's own frame */
extern uint8_t stack_low[] __asm__("__stack_low");
extern uint8_t stack_high[] __asm__("__stack_high");
/* What is used below the last check that passes: XS checks when it enters script, and the deepest way from there to the next
   entry, Array.prototype.sort with a comparator, takes 2.4 KB; a native that throws an error takes 1.4 KB. */
#define RESERVE 3072

void stack_paint(void)
{
	uint8_t here;
	for (volatile uint8_t *p = stack_low; p < &here - MARGIN; p++) *p = PAINT;
}

void stack_report(stack_usage *usage)
{
	const uint8_t *p = stack_low;
	while (p < stack_high && *p == PAINT) p++;
	*usage = (stack_usage){ (size_t)(stack_high - stack_low), (size_t)(stack_high - p) };
}

char *fxCStackLimit(void) { return (char *)stack_low + RESERVE; }
