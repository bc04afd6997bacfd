/* Cuts a stream of samples into windows that overlap by window - hop. */
#ifndef FRAMER_H
#define FRAMER_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
	int16_t *samples;  /* window: what has been heard of the next one */
	uint64_t taken;    /* samples since the start, skipped ones included */
	uint64_t position; /* taken, when the last window was complete */
	int32_t window, hop, filled;
} framer;

/* Starts with nothing heard; samples is memory for window of them. */
void framer_init(framer *f, int16_t *samples, int32_t window, int32_t hop);

/* Takes samples up to the end of the window; how many. After that the window is full if framer_need gives 0. */
size_t framer_take(framer *f, const int16_t *samples, size_t count);

/* Samples that the window still wants. */
static inline size_t framer_need(const framer *f)
{
	return (size_t)(f->window - f->filled);
}

/* The full window has been used: moves on by hop. */
void framer_advance(framer *f);

/* The stream has a gap: the window starts anew after it. */
void framer_skip(framer *f, uint64_t lost);
#endif
