/* A ring of samples between one producer, which may be an interrupt, and one consumer. The producer never waits: a
   consumer that is lapped loses the oldest samples and is told how many. */
#ifndef RING_H
#define RING_H
#include <stddef.h>
#include <stdint.h>

typedef struct {
	int16_t *samples;
	uint32_t capacity; /* a power of two */
	uint32_t claimed;  /* the producer's: samples ever begun to be written, modulo 2^32 */
	uint32_t written;  /* the producer's: samples ever written, modulo 2^32 */
	uint64_t position; /* the consumer's: samples ever read or lost */
} ring;

/* Starts empty, on memory for capacity samples. capacity must be a power of two. */
void ring_init(ring *r, int16_t *samples, uint32_t capacity);

/* Producer: appends samples, over the oldest if need be. */
void ring_write(ring *r, const int16_t *samples, size_t count);

/* Consumer: takes up to count samples in order; how many. *lost is how many were lost just before the first of them (or
   before the next one, if it returns 0). Exact as long as the consumer is not 2^32 samples behind. */
size_t ring_read(ring *r, int16_t *to, size_t count, uint32_t *lost);
#endif
