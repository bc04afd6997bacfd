/* The start of a bare RISC-V image, and its counter: the processor counts the instructions that it retires. */
#include "bare.h"
#include <string.h>

extern uint8_t bare_bss[], bare_bss_end[];

/* The three instructions together, uncompressed, are the call: the host looks at those around the break. */
intptr_t bare_semihosting(intptr_t operation, const void *argument)
{
	register intptr_t a0 __asm__("a0") = operation;
	register const void *a1 __asm__("a1") = argument;
	__asm__ volatile(
		".option push\n\t.option norvc\n\t.balign 16\n\t"
		"slli x0, x0, 0x1f\n\tebreak\n\tsrai x0, x0, 7\n\t.option pop"
		: "+r"(a0) : "r"(a1) : "memory");
	return a0;
}

void bare_start_counting(void)
{
}

uint64_t bare_instructions(void)
{
	uint32_t high, low, again;
	do {
		__asm__ volatile(
			".option push\n\t.option arch, +zicsr\n\t"
			"rdinstreth %0\n\trdinstret %1\n\trdinstreth %2\n\t.option pop"
			: "=&r"(high), "=&r"(low), "=r"(again));
	} while (high != again);
	return (uint64_t)high << 32 | low;
}

void bare_wait_for_phase(uint32_t phase)
{
	(void)phase;
}

__attribute__((aligned(4), used)) _Noreturn static void stop_at_fault(void)
{
	bare_print("fault\n");
	bare_exit(3);
}

__attribute__((used)) _Noreturn static void start(void)
{
	memset(bare_bss, 0, (size_t)(bare_bss_end - bare_bss));
	bare_exit(main());
}

/* Without a stack and a global pointer there is no C: the first instructions set them. */
__attribute__((naked, section(".vectors"), used)) void bare_reset(void)
{
	__asm__ volatile(
		".option push\n\t.option arch, +zicsr\n\t.option norelax\n\tla gp, __global_pointer$\n\t"
		"la sp, bare_stack\n\tla t0, stop_at_fault\n\tcsrw mtvec, t0\n\tj start\n\t.option pop");
}
