#include "timers.h"

#include "engine.h"
#include "port.h"

typedef struct timer {
	struct timer *next;
	uint64_t when, every; /* us; every = 0: once */
	txSlot function;
	int32_t id;
} timer;

static timer *list;
static int32_t last_id;

static void insert(timer *t)
{
	timer **at = &list;
	while (*at && (*at)->when <= t->when) at = &(*at)->next; /* equal times run in the order they were set */
	t->next = *at;
	*at = t;
}

static void drop(txMachine *the, timer *t)
{
	fxForget(the, &t->function);
	c_free(t);
}

int timers_due(uint64_t now) { return list && list->when <= now; }
uint64_t timers_next(void) { return list ? list->when : NOTHING_TO_DO; }

void timers_run(txMachine *the)
{
	timer *t = list;
	list = t->next;
	mxPushUndefined();
	mxPush(t->function);
	if (t->every) {
		uint64_t late = port_time_us() - t->when;
		t->when += t->every + late - late % t->every; /* what was missed is not made up for; the rhythm is kept */
		insert(t);
	}
	else drop(the, t);
	mxCall();
	mxRunCount(0);
	mxPop();
}

/* an argument in ms, 0 when it is left out */
static txNumber milliseconds(txMachine *the, txInteger index)
{
	return mxArgc > index && mxArgv(index)->kind != XS_UNDEFINED_KIND ? fxToNumber(the, mxArgv(index)) : 0;
}

/* xs_timer_set(callback, ms, repeat ms or undefined): a number that names the timer */
void xs_timer_set(txMachine *the)
{
	txNumber wait = milliseconds(the, 1), every = milliseconds(the, 2);
	if (mxArgc < 1 || !fxIsCallable(the, mxArgv(0))) mxTypeError("timer: the callback is no function");
	if (!(wait >= 0 && wait < 4e9)) mxRangeError("timer: %d ms is out of range", (int)wait);
	if (!(every >= 0 && every < 4e9)) mxRangeError("timer: repeat of %d ms is out of range", (int)every);
	timer *t = c_calloc(1, sizeof(timer));
	if (!t) fxAbort(the, XS_NOT_ENOUGH_MEMORY_EXIT);
	t->when = port_time_us() + (uint64_t)(wait * 1000);
	t->every = (uint64_t)(every * 1000);
	t->id = ++last_id;
	t->function = *mxArgv(0);
	fxRemember(the, &t->function);
	insert(t);
	mxResult->kind = XS_INTEGER_KIND;
	mxResult->value.integer = t->id;
}

/* xs_timer_clear(timer): nothing happens when it has run out already */
void xs_timer_clear(txMachine *the)
{
	if (mxArgc < 1) return;
	int32_t id = fxToInteger(the, mxArgv(0));
	for (timer **at = &list; *at; at = &(*at)->next)
		if ((*at)->id == id) {
			timer *t = *at;
			*at = t->next;
			drop(the, t);
			return;
		}
}

void xs_time_ticks(txMachine *the)
{
	mxResult->kind = XS_NUMBER_KIND;
	mxResult->value.number = (txNumber)(port_time_us() / 1000);
}
