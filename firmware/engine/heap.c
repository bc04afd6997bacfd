/* The script heap: one block of fixed size. Chunks (strings, buffers, arrays) are given out from the bottom and slots
   (objects, the script's stack) from the top, so both grow into the same free middle and XS can extend the block that it
   has. XS gives neither back; it collects garbage within them. Over budget XS first collects, then aborts. */
#include "xsAll.h"
#include "engine.h"

#ifndef HEAP_BYTES
#error "HEAP_BYTES comes from memory.heap in board.json"
#endif

static _Alignas(16) uint8_t heap[HEAP_BYTES];
static size_t bottom, top;

void *fxAllocateChunks(txMachine *the, txSize size)
{
	(void)the;
	size_t bytes = ((size_t)size + 15) & ~(size_t)15;
	if (bytes > sizeof heap - top - bottom) return NULL;
	void *chunks = heap + bottom;
	bottom += bytes;
	return chunks;
}

void fxFreeChunks(txMachine *the, void *chunks) { (void)the; (void)chunks; }

txSlot *fxAllocateSlots(txMachine *the, txSize count)
{
	(void)the;
	size_t bytes = (size_t)count * sizeof(txSlot);
	if (bytes > sizeof heap - top - bottom) return NULL;
	top += bytes;
	return (txSlot *)(heap + sizeof heap - top);
}

void fxFreeSlots(txMachine *the, void *slots) { (void)the; (void)slots; }

void heap_report(heap_usage *usage)
{
	*usage = (heap_usage){ sizeof heap, bottom + top, bottom + top };
}
