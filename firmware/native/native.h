/* For the glue between script and C: XS's macros, and memory that is taken when script constructs an object and given back
   when it closes it. It comes from one pool of fixed size (board.json), so that the figure that a board needs is known. */
#ifndef NATIVE_H
#define NATIVE_H
#include "xsmc.h"
#include "xsHost.h"
#include "mc.xs.h"

/* 16-byte aligned, not cleared; NULL when the pool has no such block, even after garbage was collected for it: so no pointer
   into script's heap (an ArrayBuffer's bytes) may be held across the call. */
void *native_alloc(size_t bytes);
void native_free(void *memory);
/* The largest block that native_alloc could give now, for error messages. */
size_t native_available(void);

/* Stages of the work, for `--timing` and health events: time between the two is added to the stage. They do not nest. */
enum { STAGE_FEATURES, STAGE_INFERENCE, STAGES };
void stage_begin(int stage);
void stage_end(int stage);
#endif
