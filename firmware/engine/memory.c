#include "memory.h"

#include <stdint.h>
#include <string.h>

#ifndef POOL_BYTES
#error "POOL_BYTES comes from memory.pool in board.json"
#endif
#define UNIT 16u
typedef char pool_is_whole_units[POOL_BYTES % UNIT == 0 ? 1 : -1];

/* sizes in bytes, header included; the lowest bit of size says that the block is taken */
typedef struct { uint32_t size, before, pad[2]; } block;

static _Alignas(16) uint8_t pool[POOL_BYTES];
static size_t used, peak;

#define TAKEN 1u
#define END ((block *)(pool + sizeof pool))

static uint32_t size_of(const block *b) { return b->size & ~TAKEN; }
static block *after(block *b) { return (block *)((uint8_t *)b + size_of(b)); }

static block *first(void)
{
	block *b = (block *)pool;
	if (b->size == 0) b->size = sizeof pool; /* never used: one free block */
	return b;
}

static void set_size(block *b, uint32_t size, uint32_t taken)
{
	b->size = size | taken;
	if (after(b) < END) after(b)->before = size;
}

void *pool_alloc(size_t bytes)
{
	if (bytes > sizeof pool - sizeof(block)) return NULL;
	uint32_t need = (uint32_t)((bytes + sizeof(block) + UNIT - 1) & ~(size_t)(UNIT - 1));
	for (block *b = first(); b < END; b = after(b)) {
		uint32_t size = size_of(b);
		if ((b->size & TAKEN) || size < need) continue;
		if (size - need >= 2 * UNIT) {
			block *rest = (block *)((uint8_t *)b + need);
			rest->before = need;
			set_size(rest, size - need, 0);
			size = need;
		}
		set_size(b, size, TAKEN);
		used += size;
		if (used > peak) peak = used;
		return b + 1;
	}
	return NULL;
}

void *pool_alloc_zeroed(size_t count, size_t bytes)
{
	if (bytes && count > SIZE_MAX / bytes) return NULL;
	void *memory = pool_alloc(count * bytes);
	if (memory) memset(memory, 0, count * bytes);
	return memory;
}

void pool_free(void *memory)
{
	if (!memory) return;
	block *b = (block *)memory - 1;
	uint32_t size = size_of(b);
	used -= size;
	block *next = after(b);
	if (next < END && !(next->size & TAKEN)) size += size_of(next);
	if (b->before) {
		block *previous = (block *)((uint8_t *)b - b->before);
		if (!(previous->size & TAKEN)) {
			size += size_of(previous);
			b = previous;
		}
	}
	set_size(b, size, 0);
}

void *pool_resize(void *memory, size_t bytes)
{
	void *moved = pool_alloc(bytes);
	if (moved && memory) {
		size_t old = size_of((block *)memory - 1) - sizeof(block);
		memcpy(moved, memory, old < bytes ? old : bytes);
		pool_free(memory);
	}
	return moved;
}

size_t pool_available(void)
{
	uint32_t best = sizeof(block);
	for (block *b = first(); b < END; b = after(b))
		if (!(b->size & TAKEN) && size_of(b) > best) best = size_of(b);
	return best - sizeof(block);
}

void pool_report(pool_usage *usage)
{
	*usage = (pool_usage){ sizeof pool, used, peak };
}
