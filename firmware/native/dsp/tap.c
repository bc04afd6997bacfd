#include "tap.h"
#include <string.h>

enum { CHUNK = 128 };

static size_t push(tap *t, const int16_t *samples, size_t count)
{
	if (t->orders)
		orders_push(t->orders, samples, count);
	return t->mel ? logmel_push(t->mel, samples, count) : spectrum_push(t->spectrum, samples, count);
}

static size_t need(const tap *t)
{
	return t->mel ? logmel_need(t->mel) : spectrum_need(t->spectrum);
}

static void skip(tap *t, uint64_t lost)
{
	if (t->orders && lost)
		orders_skip(t->orders);
	if (t->mel)
		logmel_skip(t->mel, lost);
	else
		spectrum_skip(t->spectrum, lost);
}

void tap_init(tap *t, ring *source, logmel *mel, spectrum *spectrum, orders *orders)
{
	int16_t none;
	uint32_t before;
	*t = (tap){ source, mel, spectrum, orders, 0 };
	ring_read(source, &none, 0, &before);
	skip(t, source->position);
}

/* Asks for no more than the window in the making wants, so that a gap always lies before what was read. */
size_t tap_pull(tap *t, size_t most)
{
	int16_t chunk[CHUNK];
	size_t completed = 0;
	while (completed < most) {
		size_t wanted = need(t);
		uint32_t lost;
		size_t count = ring_read(t->source, chunk, wanted < CHUNK ? wanted : CHUNK, &lost);
		if (lost) {
			t->lost += lost;
			skip(t, lost);
		}
		if (count == 0)
			break;
		completed += push(t, chunk, count);
	}
	return completed;
}

size_t tap_push(tap *t, const void *samples, size_t count)
{
	int16_t chunk[CHUNK];
	size_t completed = 0;
	for (const int8_t *from = samples; count > 0;) {
		size_t run = count < CHUNK ? count : CHUNK;
		memcpy(chunk, from, run * sizeof(int16_t));
		completed += push(t, chunk, run);
		from += run * sizeof(int16_t);
		count -= run;
	}
	return completed;
}

size_t tap_size(const tap *t)
{
	return t->mel ? logmel_size(t->mel) : spectrum_size(t->spectrum);
}

size_t tap_read(const tap *t, int8_t *to, size_t size)
{
	return t->mel ? logmel_read(t->mel, to, size) : spectrum_read(t->spectrum, to, size);
}

uint64_t tap_position(const tap *t)
{
	return t->mel ? logmel_position(t->mel) : spectrum_position(t->spectrum);
}

size_t tap_read_orders(tap *t, int8_t *to, size_t size)
{
	if (!t->orders || size < ORDERS_SIZE || !orders_ready(t->orders))
		return 0;
	int32_t *work = spectrum_lend(t->spectrum, ORDERS_SLOTS);
	if (!work)
		return 0;
	orders_measure(t->orders, work);
	return orders_read(t->orders, to, size);
}
