/* The engine: one XS machine, its memory, its modules, its timers. A port starts it and then turns it for ever:

       engine_start();
       for (;;) port_sleep_until(engine_turn());
*/
#ifndef ENGINE_H
#define ENGINE_H
#include <stddef.h>
#include <stdint.h>

#define NOTHING_TO_DO UINT64_MAX

/* Makes the machine and runs the agent's main module. Called once after power on or restart. */
void engine_start(void);
/* Does all that is due: sensors into rings, timers, promise jobs. The time (us) of the next thing to do. */
uint64_t engine_turn(void);
/* Collects garbage, with what it holds of native memory. */
void engine_collect(void);
/* What the agent is doing ends here: says why in the log and restarts the device. */
void engine_abort(uint32_t reset_reason, const char *why) __attribute__((noreturn));

/* bytes of the script heap: reserved by the board, held by XS now, held at most so far */
typedef struct { size_t bytes, used, peak; } heap_usage;
void heap_report(heap_usage *usage);

/* bytes of C stack: reserved, used at most so far */
typedef struct { size_t bytes, peak; } stack_usage;
void stack_paint(void);
void stack_report(stack_usage *usage);

extern uint32_t reset_reason;

/* Made by the build from board.json. */
typedef struct { const char *name; uint32_t offset, bytes; } flash_partition;
extern const flash_partition flash_partitions[];
extern const char board_name[];
extern const size_t accel_full_scale; /* g */
typedef struct { const char *name; const void *data; uint32_t bytes; } flash_resource;
extern const flash_resource flash_resources[];
#endif
