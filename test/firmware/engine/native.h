/* For pool.test.ts: what memory.c takes of the real native.h, without XS. */
#ifndef NATIVE_H
#define NATIVE_H
#include <stddef.h>
void *native_alloc(size_t bytes);
void native_free(void *memory);
size_t native_available(void);
#endif
