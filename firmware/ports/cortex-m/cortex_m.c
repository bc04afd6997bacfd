/* The start of a bare Cortex-M image, and its counter.

   The counter is SysTick, 24 bits that count down at the processor's clock. QEMU (-icount shift=0) lets one nanosecond
   pass with each instruction and runs the MPS2's clock at 25 MHz, so a tick is 40 instructions. The overflows are
   counted by the handler, which costs some ten instructions in every 671 million. */
#include "bare.h"
#include <string.h>

extern uint8_t bare_data[], bare_data_end[], bare_data_load[], bare_bss[], bare_bss_end[];

typedef struct {
	volatile uint32_t control, reload, current;
} systick_registers;

static systick_registers *const systick = (systick_registers *)0xe000e010;
static volatile uint32_t *const coprocessors = (uint32_t *)0xe000ed88;

enum { SYSTICK_ENABLE = 1, SYSTICK_INTERRUPT = 2, SYSTICK_PROCESSOR_CLOCK = 4 };
enum { SYSTICK_BITS = 24, SYSTICK_LAST = (1 << SYSTICK_BITS) - 1 };

static volatile uint32_t overflows;

intptr_t bare_semihosting(intptr_t operation, const void *argument)
{
	register intptr_t r0 __asm__("r0") = operation;
	register const void *r1 __asm__("r1") = argument;
	__asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
	return r0;
}

void bare_start_counting(void)
{
	systick->reload = SYSTICK_LAST;
	systick->current = 0;
	systick->control = SYSTICK_ENABLE | SYSTICK_INTERRUPT | SYSTICK_PROCESSOR_CLOCK;
	/* The first tick loads the counter. */
	while (!systick->current) continue;
}

uint64_t bare_instructions(void)
{
	uint32_t high, ticks;
	do {
		high = overflows;
		/* The overflow is told when the counter arrives at zero, not when it leaves it. */
		ticks = (SYSTICK_LAST - systick->current + 1) & SYSTICK_LAST;
	} while (high != overflows);
	return ((uint64_t)high << SYSTICK_BITS | ticks) * BARE_GRANULARITY;
}

void bare_wait_for_phase(uint32_t phase)
{
	uint32_t instructions = phase % BARE_GRANULARITY + 2, pairs = instructions / 2, tick = systick->current;
	while (systick->current == tick) continue;
	if (instructions % 2) __asm__ volatile("nop");
	__asm__ volatile("1: subs %0, #1\n\tbne 1b" : "+r"(pairs) : : "cc");
}

static void count_overflow(void)
{
	overflows++;
}

static void stop_at_fault(void)
{
	bare_print("fault\n");
	bare_exit(3);
}

/* The processor has loaded the stack pointer from the vectors and comes here. */
_Noreturn static void reset(void)
{
	const uint32_t full_access_to_fpu = 0xf << 20;
	*coprocessors |= full_access_to_fpu;
	__asm__ volatile("dsb\n\tisb" ::: "memory");
	memcpy(bare_data, bare_data_load, (size_t)(bare_data_end - bare_data));
	memset(bare_bss, 0, (size_t)(bare_bss_end - bare_bss));
	bare_exit(main());
}

/* Reset, the faults, and the last of the system's exceptions. */
__attribute__((section(".vectors"), used)) static const struct {
	uint8_t *stack;
	void (*handlers[15])(void);
} vectors = {
	bare_stack,
	{reset, stop_at_fault, stop_at_fault, stop_at_fault, stop_at_fault, stop_at_fault, NULL, NULL, NULL, NULL,
		stop_at_fault, stop_at_fault, NULL, stop_at_fault, count_overflow},
};
