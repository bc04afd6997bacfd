/* What the ROM linker puts into the global object: see natives.c, and trace of log.c. */
#ifndef NATIVES_H
#define NATIVES_H
#include "xsAll.h"

void native_look_up(txMachine *the);
void native_construct(txMachine *the);
void native_trace(txMachine *the);

/* As native.h has them, which cannot be included beside the engine's own headers. */
void *native_alloc(size_t bytes);
void native_free(void *memory);
size_t native_available(void);
#endif
