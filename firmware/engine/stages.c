#include "stages.h"

#include "native.h"
#include "port.h"

stage_times stages;
static uint32_t turn, begun, native_time;

void stages_turn_begin(void)
{
	turn = port_cycles();
	native_time = 0;
}

static void add(stage_time *stage, uint32_t cycles)
{
	stage->cycles += cycles;
	stage->count++;
}

void stages_turn_end(void)
{
	add(&stages.script, port_cycles() - turn - native_time);
	stages.bytecodes = engine_bytecodes();
}

void stage_begin(int stage)
{
	(void)stage;
	begun = port_cycles();
}

void stage_end(int stage)
{
	uint32_t cycles = port_cycles() - begun;
	native_time += cycles;
	add(stage == STAGE_FEATURES ? &stages.features : &stages.inference, cycles);
}
