/* What a bare image needs of a machine without an operating system: a start, a console, an end, and a count of the
   instructions that have been executed. One folder of firmware/ports a family of processors.

   Console and end are Arm's semihosting, which RISC-V has taken over: the processor stops at a reserved instruction,
   and the emulator (or a debugger) does what the registers ask for.
   https://github.com/ARM-software/abi-aa/blob/main/semihosting/semihosting.rst */
#ifndef BARE_H
#define BARE_H
#include <stdint.h>

enum { SEMIHOSTING_WRITE0 = 0x04, SEMIHOSTING_EXIT_EXTENDED = 0x20 };

/* Given by the family: asks the host. */
intptr_t bare_semihosting(intptr_t operation, const void *argument);
/* Given by the family: prepares counting. */
void bare_start_counting(void);
/* Given by the family: instructions executed since some moment, when the emulator counts one nanosecond for each.
   In steps of BARE_GRANULARITY. */
uint64_t bare_instructions(void);
/* Given by the family: waits until `phase` (modulo BARE_GRANULARITY) instructions after such a step. The mean of
   measurements that begin at all phases is exact, although each is rounded. */
void bare_wait_for_phase(uint32_t phase);

#if defined(__arm__)
/* SysTick: 24 bits at 25 MHz */
enum { BARE_GRANULARITY = 40 };
#else
enum { BARE_GRANULARITY = 1 };
#endif

/* Ends of the RAM that the image leaves free, and of the stack, which grows down to its limit. Placed by the linker. */
extern uint8_t bare_free[], bare_free_end[], bare_stack_limit[], bare_stack[];

static inline void bare_print(const char *text)
{
	(void)bare_semihosting(SEMIHOSTING_WRITE0, text);
}

_Noreturn static inline void bare_exit(int status)
{
	const uintptr_t application_exit = 0x20026, block[] = {application_exit, (uintptr_t)status};
	for (;;) (void)bare_semihosting(SEMIHOSTING_EXIT_EXTENDED, block);
}

/* The image's program. Its result is the status that the emulator ends with. */
int main(void);
#endif
