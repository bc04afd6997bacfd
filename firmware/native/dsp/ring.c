/* The producer says what it is about to overwrite (claimed) before it does, and what can be read (written) after. The consumer
   copies first and looks at claimed afterwards: what was overwritten meanwhile is dropped from the copy. Neither ever waits,
   and no lock or masked interrupt is needed. */
#include "ring.h"
#include <string.h>

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
		__atomic_store_n(&r->claimed, at + run, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		memcpy(r->samples + from, samples, run * sizeof(int16_t));
		at += run;
		__atomic_store_n(&r->written, at, __ATOMIC_RELEASE);
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
	uint32_t ahead = __atomic_load_n(&r->claimed, __ATOMIC_RELAXED) - at;
	return ahead > r->capacity ? ahead - r->capacity : 0;
}

size_t ring_read(ring *r, int16_t *to, size_t count, uint32_t *lost)
{
	*lost = 0;
	for (;;) {
		uint32_t written = __atomic_load_n(&r->written, __ATOMIC_ACQUIRE);
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
