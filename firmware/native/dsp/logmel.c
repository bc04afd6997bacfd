/* Filters are equally spaced in mel, mel is a logarithm of 700 + f, and so a transform's line k lies at

       place(k) = (bins + 1) * (log2(700 + f[k]) - log2(700 + low)) / (log2(700 + high) - log2(700 + low))

   filter widths above low. Between the integers c and c + 1 filter c rises by the fraction and filter c - 1 falls by
   the rest: one weight a line describes the whole bank, and one pass over the spectrum applies it. */
#include "logmel.h"
#include "fft.h"
#include "fixed.h"
#include "framer.h"

enum { MOST_BINS = 128, LEAST_WINDOW = 32, MOST_WINDOW = 4096, WEIGHT_ONE = 4096 };

struct logmel {
	logmel_recipe recipe;
	framer framer;
	int32_t *work;    /* 2^log2n: the transform, in place */
	uint16_t *weight; /* 2^(log2n - 1) + 1: the rising share of each line, Q12 */
	uint16_t *edge;   /* bins + 2: the first line at or beyond each whole place */
	int8_t *history;  /* frames * bins, a ring of frames */
	int32_t next;     /* the oldest frame, which the next one replaces */
	int32_t log2n;
};

static int log2_size(int32_t window)
{
	int log2n = bit_length((uint32_t)window - 1);
	return log2n < FFT_MIN_LOG2 ? FFT_MIN_LOG2 : log2n;
}

typedef struct {
	int32_t base, span, rate, filters, log2n;
} mel_scale;

static mel_scale scale_of(const logmel_recipe *r)
{
	int log2n = log2_size(r->window);
	int32_t base = log2_q16((uint64_t)(700 + r->low) << log2n);
	int32_t span = log2_q16((uint64_t)(700 + r->high) << log2n) - base;
	return (mel_scale){ base, span, r->rate, r->bins + 1, log2n };
}

/* Q16; below 0 under low, at or beyond bins + 1 from high on. */
static int64_t place_of(const mel_scale *m, int k)
{
	uint64_t f = ((uint64_t)700 << m->log2n) + (uint64_t)k * (uint32_t)m->rate;
	return (int64_t)(log2_q16(f) - m->base) * m->filters * 65536 / m->span;
}

int logmel_check(const logmel_recipe *r)
{
	if (r->rate < 100 || r->rate > 96000)
		return RECIPE_RATE;
	if (r->window < LEAST_WINDOW || r->window > MOST_WINDOW)
		return RECIPE_WINDOW;
	if (r->hop < 1 || r->hop > r->window)
		return RECIPE_HOP;
	if (r->bins < 1 || r->bins > MOST_BINS)
		return RECIPE_BINS;
	if (r->low < 0 || r->low >= r->high || r->high > r->rate / 2)
		return RECIPE_RANGE;
	if (r->frames < 1 || r->frames > 4096)
		return RECIPE_FRAMES;
	if (r->emphasis < 0 || r->emphasis > 32768)
		return RECIPE_EMPHASIS;
	if (r->scale < -RECIPE_MOST_SCALE || r->scale > RECIPE_MOST_SCALE)
		return RECIPE_SCALE;
	if (r->offset < -RECIPE_MOST_SCALE || r->offset > RECIPE_MOST_SCALE)
		return RECIPE_SCALE;
	mel_scale scale = scale_of(r);
	if (scale.span <= 0)
		return RECIPE_NARROW;
	/* every filter needs a line well within its triangle */
	int filter = 0;
	for (int k = 0; k <= 1 << (scale.log2n - 1) && filter < r->bins; k++) {
		int64_t place = place_of(&scale, k);
		if (place >= (int64_t)(filter + 2) << 16)
			return RECIPE_NARROW;
		while (filter < r->bins && place > ((int64_t)filter << 16) + 64)
			filter++;
	}
	return filter < r->bins ? RECIPE_NARROW : RECIPE_GOOD;
}

size_t logmel_bytes(const logmel_recipe *r)
{
	if (logmel_check(r))
		return 0;
	size_t n = (size_t)1 << log2_size(r->window);
	size_t bins = (size_t)r->bins, window = (size_t)r->window;
	size_t bytes = sizeof(logmel) + 4 * n + 2 * window + 2 * (n / 2 + 1) + 2 * (bins + 2) + (size_t)r->frames * bins;
	return (bytes + 7) & ~(size_t)7;
}

logmel *logmel_init(void *memory, size_t bytes, const logmel_recipe *r)
{
	size_t needed = logmel_bytes(r);
	if (!needed || bytes < needed)
		return NULL;
	logmel *state = memory;
	mel_scale scale = scale_of(r);
	int lines = (1 << (scale.log2n - 1)) + 1;
	*state = (logmel){ .recipe = *r, .log2n = scale.log2n };
	state->work = (int32_t *)(state + 1);
	int16_t *samples = (int16_t *)(state->work + ((size_t)1 << scale.log2n));
	framer_init(&state->framer, samples, r->window, r->hop);
	state->weight = (uint16_t *)(samples + r->window);
	state->edge = state->weight + lines;
	state->history = (int8_t *)(state->edge + r->bins + 2);

	int8_t quiet = feature_byte(0, r->scale, r->offset);
	for (int32_t i = 0; i < r->frames * r->bins; i++)
		state->history[i] = quiet;
	int reached = 0;
	for (int k = 0; k < lines; k++) {
		int64_t place = place_of(&scale, k);
		state->weight[k] = (uint16_t)(((place & 0xffff) * WEIGHT_ONE + 32768) >> 16);
		while (reached < r->bins + 2 && place >= (int64_t)reached << 16)
			state->edge[reached++] = (uint16_t)k;
	}
	while (reached < r->bins + 2)
		state->edge[reached++] = (uint16_t)lines;
	return state;
}

/* The window into work: mean removed and pre-emphasized, Q12. */
static void load(logmel *state)
{
	int32_t *work = state->work;
	const int16_t *samples = state->framer.samples;
	int count = state->recipe.window;
	int32_t emphasis = state->recipe.emphasis;
	int64_t sum = 0;
	for (int i = 0; i < count; i++)
		sum += samples[i];
	int32_t mean = (int32_t)(sum * 4096 / count);
	for (int i = 0; i < count; i++)
		work[i] = samples[i] * 4096 - mean;
	if (emphasis == 0)
		return;
	for (int i = count - 1; i > 0; i--)
		work[i] -= (int32_t)round_shift((int64_t)work[i - 1] * emphasis, 15);
	work[0] -= (int32_t)round_shift((int64_t)work[0] * emphasis, 15);
}

/* A filter's sum is Q12 of |X|^2 / 2^10 of samples times 2^(12 + exponent): never beyond 2^62, see fft_power. */
static int8_t byte_of(const logmel *state, uint64_t energy, int exponent)
{
	int32_t log = energy ? log2_q16(energy) - 65536 * (2 + 2 * (12 + exponent)) : 0;
	return feature_byte(log > 0 ? log : 0, state->recipe.scale, state->recipe.offset);
}

static void make_frame(logmel *state)
{
	int bins = state->recipe.bins;
	int8_t *to = state->history + state->next * bins;
	state->next = (state->next + 1) % state->recipe.frames;
	load(state);
	int exponent = fft_window(state->work, state->recipe.window, state->log2n);
	fft_real(state->work, state->log2n);
	uint64_t rising = 0;
	for (int c = 0; c <= bins; c++) {
		uint64_t rise = 0, fall = 0;
		for (int k = state->edge[c]; k < state->edge[c + 1]; k++) {
			uint64_t power = fft_power(state->work, state->log2n, k) >> 10;
			rise += power * state->weight[k];
			fall += power * (uint32_t)(WEIGHT_ONE - state->weight[k]);
		}
		if (c > 0)
			to[c - 1] = byte_of(state, rising + fall, exponent);
		rising = rise;
	}
}

size_t logmel_push(logmel *state, const int16_t *samples, size_t count)
{
	size_t frames = 0;
	for (size_t taken; count > 0; samples += taken, count -= taken) {
		taken = framer_take(&state->framer, samples, count);
		if (framer_need(&state->framer))
			break;
		make_frame(state);
		framer_advance(&state->framer);
		frames++;
	}
	return frames;
}

size_t logmel_need(const logmel *state)
{
	return framer_need(&state->framer);
}

void logmel_skip(logmel *state, uint64_t lost)
{
	framer_skip(&state->framer, lost);
}

size_t logmel_size(const logmel *state)
{
	return (size_t)state->recipe.frames * (size_t)state->recipe.bins;
}

size_t logmel_read(const logmel *state, int8_t *to, size_t size)
{
	size_t all = logmel_size(state);
	size_t oldest = (size_t)state->recipe.bins * (size_t)state->next;
	if (size < all)
		return 0;
	for (size_t i = 0; i < all; i++) {
		size_t from = oldest + i;
		to[i] = state->history[from < all ? from : from - all];
	}
	return all;
}

uint64_t logmel_position(const logmel *state)
{
	return state->framer.position;
}
