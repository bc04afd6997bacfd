/* The pool: the one place that memory comes from after start, for XS's own C heap and for native objects (tensor arenas,
   feature extractors). Fixed size (board.json), so that the RAM that a board needs is known when it is built.

   First fit over blocks that lie side by side. Each block starts with a 16-byte header that holds its size and the size of
   the block before it, so that freeing joins it with both neighbours at once; no list is kept. There are a few dozen
   blocks, so a walk is short. Blocks are 16-byte aligned, as tensors want to be. */
#ifndef MEMORY_H
#define MEMORY_H
#include <stddef.h>

/* bytes of the board's pool, in use now (headers included), in use at most so far */
typedef struct { size_t bytes, used, peak; } pool_usage;

/* NULL when no free block is large enough. 0 bytes give a block too. */
void *pool_alloc(size_t bytes);
void *pool_alloc_zeroed(size_t count, size_t bytes);
void *pool_resize(void *memory, size_t bytes);
void pool_free(void *memory);
/* bytes of the largest block that pool_alloc could give now */
size_t pool_available(void);
void pool_report(pool_usage *usage);
#endif
