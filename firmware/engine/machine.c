/* Starts the machine from its preparation in ROM, runs the main module in place, and turns the crank: due timers, promise
   jobs, the end of each job. An abort of the engine (memory, stack, an exception that nobody caught, a script that does not
   stop) has no way back: it restarts the device with the reason. */
#include "xsAll.h"
#include "xsScript.h"

#include "capture.h"
#include "engine.h"
#include "port.h"
#include "timers.h"
#include "stages.h"

/* XS's heap grows by these steps; what the agent needs right from the start is asked for at once. */
#define CHUNKS_AT_FIRST 4096
#define CHUNKS_STEP 1024
#define SLOTS_AT_FIRST 512
#define SLOTS_STEP 64
#define STACK_SLOTS 1024
#define KEYS 32
/* Bytecodes that one turn may run: over a hundred times what the agent takes to start (140,000). */
#define BYTECODES_PER_TURN 20000000u
#define METERING_INTERVAL 100000u

extern const txPreparation rom_preparation;

static txMachine *machine;
uint32_t reset_reason;

void engine_abort(uint32_t reason, const char *why)
{
	/* Without printf, which takes more stack than may be left. */
	char line[96] = "restart: ";
	size_t start = strlen(line), length = strlen(why);
	if (length > sizeof line - start) length = sizeof line - start;
	memcpy(line + start, why, length);
	port_log(line, start + length);
	port_restart(reason);
}

void fxAbort(txMachine *the, int status)
{
	switch (status) {
	case XS_NOT_ENOUGH_MEMORY_EXIT: engine_abort(RESET_MEMORY, "script memory is full");
	case XS_NO_MORE_KEYS_EXIT: engine_abort(RESET_MEMORY, "no more room for property names");
	case XS_STACK_OVERFLOW_EXIT: engine_abort(RESET_STACK, "stack overflow");
	case XS_TOO_MUCH_COMPUTATION_EXIT: engine_abort(RESET_STUCK, "script does not stop");
	case XS_UNHANDLED_EXCEPTION_EXIT:
	case XS_UNHANDLED_REJECTION_EXIT: {
		const char *message = "unhandled exception";
		mxPush(mxException);
		mxException = mxUndefined;
		mxTry(the) { message = fxToString(the, the->stack); }
		mxCatch(the) { }
		engine_abort(RESET_EXCEPTION, message);
	}
	default: engine_abort(RESET_FAULT, "engine fault");
	}
}

void fxCreateMachinePlatform(txMachine *the) { (void)the; }
void fxDeleteMachinePlatform(txMachine *the) { (void)the; }
void fxQueuePromiseJobs(txMachine *the) { the->promiseJobs = 1; }

txScript *fxParseScript(txMachine *the, void *stream, txGetter getter, txUnsigned flags)
{
	(void)stream; (void)getter; (void)flags;
	mxUnknownError("no parser on this device");
	return NULL;
}

static txScript *script_named(txString name)
{
	for (txInteger i = 0; i < rom_preparation.scriptCount; i++)
		if (!c_strcmp(rom_preparation.scripts[i].path, name)) return &rom_preparation.scripts[i];
	return NULL;
}

txID fxFindModule(txMachine *the, txSlot *realm, txID from, txSlot *specifier)
{
	(void)realm; (void)from;
	char name[C_PATH_MAX];
	fxToStringBuffer(the, specifier, name, sizeof name);
	return script_named(name) ? fxNewNameC(the, name) : XS_NO_ID;
}

/* The bytecode runs in place: its identifiers were made final when the ROM was linked. */
void fxLoadModule(txMachine *the, txSlot *module, txID id)
{
	txScript *script = script_named(fxGetKeyName(the, id));
	if (script) fxResolveModule(the, module, id, script, C_NULL, C_NULL);
}

static void main_fulfilled(txMachine *the) { mxException = mxUndefined; }
static void main_rejected(txMachine *the) { engine_abort(RESET_EXCEPTION, fxToString(the, mxArgv(0))); }

static txU4 turn_start;
static txBoolean goes_on(txMachine *the, txU4 index) { (void)the; return index - turn_start < BYTECODES_PER_TURN; }
void engine_collect(void) { fxCollectGarbage(machine); }
uint32_t engine_bytecodes(void) { return machine->meterIndex; }

static void run_main(txMachine *the)
{
	txSlot *realm = mxProgram.value.reference->next->value.module.realm;
	mxPushStringC("main");
	fxRunImport(the, realm, XS_NO_ID);
	mxDub();
	fxGetID(the, mxID(_then));
	mxCall();
	fxNewHostFunction(the, main_fulfilled, 1, XS_NO_ID, XS_NO_ID);
	fxNewHostFunction(the, main_rejected, 1, XS_NO_ID, XS_NO_ID);
	mxRunCount(2);
	mxPop();
}

static void drain_jobs(txMachine *the)
{
	while (the->promiseJobs) {
		the->promiseJobs = 0;
		fxRunPromiseJobs(the);
	}
	fxEndJob(the);
	fxCheckUnhandledRejections(the, 1); /* now, not when the promise happens to be collected */
}

/* Runs a step of the agent as one job; what it throws is fatal. */
static void job(txMachine *the, void (*step)(txMachine *))
{
	fxBeginHost(the);
	mxTry(the) { step(the); }
	mxCatch(the) { fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT); }
	fxEndHost(the);
	drain_jobs(the);
}

void engine_start(void)
{
	reset_reason = port_start();
	stack_paint();
	txCreation creation = { CHUNKS_AT_FIRST, CHUNKS_STEP, SLOTS_AT_FIRST, SLOTS_STEP, STACK_SLOTS, KEYS, KEYS,
		rom_preparation.nameModulo, rom_preparation.symbolModulo, 0, 0, 0 };
	machine = fxPrepareMachine(&creation, (txPreparation *)&rom_preparation, "agent", NULL, NULL);
	if (!machine) engine_abort(RESET_MEMORY, "no memory for the script machine");
	fxBeginMetering(machine, goes_on, METERING_INTERVAL);
	stages_turn_begin();
	job(machine, run_main);
	stages_turn_end();
}

uint64_t engine_turn(void)
{
	port_watchdog_feed();
	capture_pump();
	stages_turn_begin();
	turn_start = machine->meterIndex;
	for (uint64_t now = port_time_us(); timers_due(now);) job(machine, timers_run);
	stages_turn_end();
	return timers_next();
}

int engine_gettimeofday(struct timeval *time, void *zone)
{
	(void)zone;
	uint64_t now = port_time_us();
	time->tv_sec = (time_t)(now / 1000000);
	time->tv_usec = (suseconds_t)(now % 1000000);
	return 0;
}

uint32_t modMilliseconds(void) { return (uint32_t)(port_time_us() / 1000); }

int engine_rand(void)
{
	uint32_t word;
	port_random(&word, sizeof word);
	return (int)(word & C_RAND_MAX);
}
