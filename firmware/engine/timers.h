/* Timers of the script: a list sorted by time. XS has none of its own. */
#ifndef TIMERS_H
#define TIMERS_H
#include "xsAll.h"

int timers_due(uint64_t now);
/* Runs the first timer of the list. */
void timers_run(txMachine *the);
/* The time of the first timer (us), or NOTHING_TO_DO. */
uint64_t timers_next(void);
#endif
