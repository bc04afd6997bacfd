/* What the ROM linker puts into the global object: see natives.c, and trace of log.c. */
#ifndef NATIVES_H
#define NATIVES_H
#include "xsAll.h"

void native_look_up(txMachine *the);
void native_construct(txMachine *the);
void native_trace(txMachine *the);
#endif
