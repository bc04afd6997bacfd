#include "framer.h"
#include <string.h>

void framer_init(framer *f, int16_t *samples, int32_t window, int32_t hop)
{
	*f = (framer){ .samples = samples, .window = window, .hop = hop };
}

size_t framer_take(framer *f, const int16_t *samples, size_t count)
{
	size_t need = framer_need(f);
	if (count > need)
		count = need;
	if (count)
		memcpy(f->samples + f->filled, samples, count * sizeof(int16_t));
	f->filled += (int32_t)count;
	f->taken += count;
	return count;
}

void framer_advance(framer *f)
{
	f->position = f->taken;
	f->filled = f->window - f->hop;
	memmove(f->samples, f->samples + f->hop, (size_t)f->filled * sizeof(int16_t));
}

void framer_skip(framer *f, uint64_t lost)
{
	f->taken += lost;
	f->filled = 0;
}
