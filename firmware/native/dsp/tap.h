/* What turns a ring's samples into features as far as its owner asks for them. */
#ifndef TAP_H
#define TAP_H
#include "logmel.h"
#include "orders.h"
#include "ring.h"
#include "spectrum.h"

typedef struct {
	ring *source;
	logmel *mel; /* one of the two, the other NULL */
	spectrum *spectrum;
	orders *orders; /* beside a spectrum, or NULL */
	uint64_t lost; /* samples that the ring dropped since tap_init */
} tap;

/* Starts at the oldest sample that the ring holds; positions count from the ring's first. */
void tap_init(tap *t, ring *source, logmel *mel, spectrum *spectrum, orders *orders);

/* Takes samples from the ring until most frames or windows are complete or the ring is empty; how many were completed.
   Samples beyond the last one stay in the ring. After a gap the window starts anew. */
size_t tap_pull(tap *t, size_t most);

/* Takes samples from memory (int16, little-endian, at any address); how many frames or windows were completed. */
size_t tap_push(tap *t, const void *samples, size_t count);

/* Bytes of the features, their reading, and where in the stream they end. */
size_t tap_size(const tap *t);
size_t tap_read(const tap *t, int8_t *to, size_t size);
uint64_t tap_position(const tap *t);

/* Makes and writes the features of the newest window of the orders, ORDERS_SIZE bytes; 0 when there are no orders, when size
   is less, or when no window has been completed since the last call. To be called between windows of the spectrum, which
   lends its memory. */
size_t tap_read_orders(tap *t, int8_t *to, size_t size);
#endif
