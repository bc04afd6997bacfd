/* The C stack grows down from stack_high to stack_low, which the linker places. Painted at start, read back as a mark of
   how deep it went. On wasm this is the part of the stack that lies in memory: locals that clang keeps in wasm's own
   locals are not in it. */
#include "xsAll.h"
#include "engine.h"

#define PAINT 0xa5
#define MARGIN 64 /* below the painter's own frame */
extern uint8_t stack_low[] __asm__("__stack_low");
extern uint8_t stack_high[] __asm__("__stack_high");
#define RESERVE 1024 /* what XS may still use when it finds the stack too deep */

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
