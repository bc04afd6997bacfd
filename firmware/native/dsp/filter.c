#include "filter.h"
#include "fixed.h"
#include "sine.h"

enum { ONE_LOG2 = 28 };

band_pass band_pass_of(int32_t low, int32_t high, int32_t rate)
{
	uint32_t middle = root_u64((uint64_t)low * (uint64_t)high);
	uint32_t turn = (uint32_t)(((uint64_t)middle << 32) / (uint32_t)rate);
	int64_t one = (int64_t)1 << ONE_LOG2;
	int64_t alpha = (int64_t)sine_q30(turn) * (high - low) / (2 * (int64_t)middle) >> (30 - ONE_LOG2);
	int64_t cosine = cosine_q30(turn) >> (30 - ONE_LOG2);
	band_pass f = { 0 };
	f.gain = (int32_t)((alpha << ONE_LOG2) / (one + alpha));
	f.back1 = (int32_t)(2 * cosine * one / (one + alpha));
	f.back2 = (int32_t)((one - alpha) * one / (one + alpha));
	return f;
}

void band_pass_clear(band_pass *f)
{
	f->x1 = f->x2 = f->y1 = f->y2 = 0;
}

static inline int32_t passed(band_pass *f, int32_t x)
{
	int64_t sum = (int64_t)f->gain * (x - f->x2) + (int64_t)f->back1 * f->y1 - (int64_t)f->back2 * f->y2;
	int32_t y = (int32_t)round_shift(sum, ONE_LOG2);
	f->x2 = f->x1;
	f->x1 = x;
	f->y2 = f->y1;
	f->y1 = y;
	return y;
}

uint64_t band_pass_energy(band_pass *two, const int16_t *samples, size_t count, int bits)
{
	band_pass first = two[0], second = two[1];
	uint64_t energy = 0;
	for (size_t i = 0; i < count; i++) {
		int64_t y = passed(&second, passed(&first, samples[i] * (1 << bits)));
		energy += (uint64_t)(y * y);
	}
	two[0] = first;
	two[1] = second;
	return energy;
}
