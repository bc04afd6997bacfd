/* What XS is told of its platform: one header for every target, included by all of its sources. */
#ifndef XS_PLATFORM_H
#define XS_PLATFORM_H

#undef mxLittleEndian
#define mxLittleEndian 1

#include <ctype.h>
#include <errno.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#define C_PATH_MAX 64

/* XS's own C heap is the pool of memory.c. */
void *pool_alloc(size_t bytes);
void *pool_alloc_zeroed(size_t count, size_t bytes);
void *pool_resize(void *memory, size_t bytes);
void pool_free(void *memory);
#define c_malloc pool_alloc
#define c_calloc pool_alloc_zeroed
#define c_realloc pool_resize
#define c_free pool_free
#define c_malloc_uint32 pool_alloc
#define c_free_uint32 pool_free

/* Time and chance come through the port. */
int engine_gettimeofday(struct timeval *time, void *zone);
int engine_rand(void);
typedef struct timeval c_timeval;
#define c_timeval c_timeval
#define c_gettimeofday engine_gettimeofday
#define c_rand engine_rand
#define C_RAND_MAX 0x7fffffff

#define mxMachinePlatform \
	int promiseJobs; \
	void *waiterCondition; \
	void *waiterData; \
	void *waiterLink;

#define mxUseDefaultBuildKeys 1
#define mxUseDefaultSharedChunks 1
#define mxUseDefaultCStackLimit 0
#endif
