/* The producer says what it is about to overwrite (claimed) before it does, and what can be read (written) after. The
   consumer copies first and looks at claimed afterwards: what was overwritten meanwhile is dropped from the copy.
   Neither ever waits, and no lock or masked interrupt is needed. The counters are words that every target reads and
   writes in one instruction; volatile and fences do for them, as atomic types would be library calls on RISC-V without
   its A extension. */
#include "ring.h"
#include <string.h>

static inline uint32_t look(const uint32_t *counter)
{
	uint32_t value = *(const volatile uint32_t *)counter;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return value;
}

static inline void publish(uint32_t *counter, uint32_t value)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*(volatile uint32_t *)counter = value;
}

void ring_init(ring *r, int16_t *samples, uint32_t capacity)
{
	*r = (ring){ .samples = samples, .capacity = capacity };
}

void ring_write(ring *r, const int16_t *samples, size_t count)
{
	uint32_t at = r->written;
	while (count > 0) {
		uint32_t from = at & (r->capacity - 1);
		uint32_t run = r->capacity - from;
		if (run > count)
			run = (uint32_t)count;
		publish(&r->claimed, at + run);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		memcpy(r->samples + from, samples, run * sizeof(int16_t));
		at += run;
		publish(&r->written, at);
		samples += run;
		count -= run;
	}
}

static void copy_out(const ring *r, uint32_t at, int16_t *to, uint32_t count)
{
	uint32_t from = at & (r->capacity - 1);
	uint32_t run = r->capacity - from < count ? r->capacity - from : count;
	memcpy(to, r->samples + from, run * sizeof(int16_t));
	memcpy(to + run, r->samples, (count - run) * sizeof(int16_t));
}

/* How many of the samples from `at` on have been overwritten or are about to be. */
static uint32_t lapped(const ring *r, uint32_t at)
{
	uint32_t ahead = look(&r->claimed) - at;
	return ahead > r->capacity ? ahead - r->capacity : 0;
}

size_t ring_read(ring *r, int16_t *to, size_t count, uint32_t *lost)
{
	*lost = 0;
	for (;;) {
		uint32_t written = look(&r->written);
		uint32_t gone = lapped(r, (uint32_t)r->position);
		r->position += gone;
		*lost += gone;
		uint32_t at = (uint32_t)r->position;
		uint32_t ready = (int32_t)(written - at) > 0 ? written - at : 0;
		if (ready > count)
			ready = (uint32_t)count;
		copy_out(r, at, to, ready);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		gone = lapped(r, at);
		if (gone == 0 || ready == 0) {
			r->position += ready;
			return ready;
		}
	}
}
