/* Time spent by stage, in port_cycles, and how often: features and inference are marked by the native modules, script is the
   rest of a turn. Sums since start; they wrap around. */
#ifndef STAGES_H
#define STAGES_H
#include <stdint.h>

typedef struct { uint32_t cycles, count; } stage_time;
typedef struct { stage_time features, inference, script; uint32_t bytecodes; } stage_times;

void stages_turn_begin(void);
void stages_turn_end(void);
extern stage_times stages;
uint32_t engine_bytecodes(void);
#endif
