/* One buffer serves everything in turn: deviations from the mean for the moments, the transform, and, when the bands
   have been summed, the envelope. Where windows do not overlap it is also where samples wait. Windows depend on their own samples only, so a
   gap leaves nothing behind. */
#include "spectrum.h"
#include "envelope.h"
#include "fft.h"
#include "fixed.h"
#include "framer.h"
#include <string.h>

enum { MOST_BANDS = 128, LOG_FLOOR = -32 * 256 };

struct spectrum {
	spectrum_recipe recipe;
	framer framer;
	moments moments;
	int32_t *work;   /* window; the samples too where they need not stay */
	uint16_t *edge;  /* bands + 1: lines edge[i]..edge[i + 1] - 1 are band i */
	int16_t *log;    /* bands + envelope_bands, Q8 */
	int32_t log2n;
};

/* Where a line lies on the scale of the bands' spacing; grows with k. */
static int64_t place_of(const spectrum_recipe *r, int64_t line_times_rate)
{
	int64_t f = line_times_rate; /* Hz * window */
	if (r->spacing == SPACING_LINEAR)
		return f;
	if (r->spacing == SPACING_MEL)
		f += 700 * (int64_t)r->window;
	return f > 0 ? log2_q16((uint64_t)f) : -1;
}

/* The first line of each band and the end of the last; false if one is empty. */
static int find_edges(const spectrum_recipe *r, uint16_t *edge)
{
	int64_t base = place_of(r, (int64_t)r->low * r->window);
	int64_t span = place_of(r, (int64_t)r->high * r->window) - base;
	int k = 1, before = 0;
	for (int i = 0; i <= r->bands; i++) {
		while (k < r->window / 2 && (place_of(r, (int64_t)k * r->rate) - base) * r->bands < span * i)
			k++;
		if (k == before)
			return 0;
		before = k;
		if (edge)
			edge[i] = (uint16_t)k;
	}
	return 1;
}

/* The demodulated band and the last line of the envelope's spectrum that is asked for. */
typedef struct {
	int first, count, top, log2m;
} demodulation;

static demodulation demodulation_of(const spectrum_recipe *r)
{
	int first = (int)((int64_t)r->envelope_low * r->window / r->rate);
	int last = (int)((int64_t)r->envelope_high * r->window / r->rate);
	int top = (int)((int64_t)r->envelope_top * r->window / r->rate);
	first = first < 1 ? 1 : first;
	return (demodulation){ first, last - first, top, envelope_log2(last - first, top) };
}

static int envelope_edge(const spectrum_recipe *r, int top, int i)
{
	return ENVELOPE_FIRST + (top + 1 - ENVELOPE_FIRST) * i / r->envelope_bands;
}

static int scale_good(int32_t value)
{
	return value >= -RECIPE_MOST_SCALE && value <= RECIPE_MOST_SCALE;
}

static int check_envelope(const spectrum_recipe *r)
{
	if (r->envelope_low < 0 || r->envelope_low >= r->envelope_high || r->envelope_high > r->rate / 2)
		return RECIPE_RANGE;
	if (r->envelope_top < 1 || r->envelope_top > r->rate / 2)
		return RECIPE_TOP;
	if (!scale_good(r->envelope_scale) || !scale_good(r->envelope_offset))
		return RECIPE_SCALE;
	demodulation d = demodulation_of(r);
	if (d.count < 2 || d.top + 1 - ENVELOPE_FIRST < r->envelope_bands)
		return RECIPE_NARROW;
	return 1 << d.log2m > r->window / 2 ? RECIPE_TOP : RECIPE_GOOD;
}

int spectrum_check(const spectrum_recipe *r)
{
	if (r->rate < 100 || r->rate > 96000)
		return RECIPE_RATE;
	if (r->window < 1 << FFT_MIN_LOG2 || r->window > 1 << FFT_MAX_LOG2 || (r->window & (r->window - 1)))
		return RECIPE_WINDOW;
	if (r->hop < 1 || r->hop > r->window)
		return RECIPE_HOP;
	if (r->bands < 1 || r->bands > MOST_BANDS || r->envelope_bands < 0 || r->envelope_bands > MOST_BANDS)
		return RECIPE_BINS;
	if (r->spacing < SPACING_LINEAR || r->spacing > SPACING_MEL)
		return RECIPE_CHOICE;
	if (r->level != LEVEL_ABSOLUTE && r->level != LEVEL_RELATIVE)
		return RECIPE_CHOICE;
	if (r->low < (r->spacing == SPACING_LOG) || r->low >= r->high || r->high > r->rate / 2)
		return RECIPE_RANGE;
	if (!scale_good(r->scale) || !scale_good(r->offset))
		return RECIPE_SCALE;
	if (!find_edges(r, NULL))
		return RECIPE_NARROW;
	return r->envelope_bands ? check_envelope(r) : RECIPE_GOOD;
}

size_t spectrum_bytes(const spectrum_recipe *r)
{
	if (spectrum_check(r))
		return 0;
	size_t window = (size_t)r->window, logs = (size_t)(r->bands + r->envelope_bands);
	size_t kept = r->hop < r->window ? 2 * window : 0;
	size_t bytes = sizeof(spectrum) + 4 * window + kept + 2 * ((size_t)r->bands + 1) + 2 * logs;
	return (bytes + 7) & ~(size_t)7;
}

spectrum *spectrum_init(void *memory, size_t bytes, const spectrum_recipe *r)
{
	size_t needed = spectrum_bytes(r);
	if (!needed || bytes < needed)
		return NULL;
	spectrum *state = memory;
	*state = (spectrum){ .recipe = *r, .log2n = bit_length((uint32_t)r->window) - 1 };
	state->work = (int32_t *)(state + 1);
	int16_t *behind = (int16_t *)(state->work + r->window);
	int overlap = r->hop < r->window;
	framer_init(&state->framer, overlap ? behind : (int16_t *)state->work, r->window, r->hop);
	state->edge = (uint16_t *)(overlap ? behind + r->window : behind);
	state->log = (int16_t *)(state->edge + r->bands + 1);
	find_edges(r, state->edge);
	for (int i = 0; i < r->bands + r->envelope_bands; i++)
		state->log[i] = i < r->bands ? 0 : LOG_FLOOR;
	return state;
}

static uint64_t sum_power(const int32_t *work, int log2n, int from, int to)
{
	uint64_t sum = 0;
	for (int k = from; k < to; k++)
		sum += fft_power(work, log2n, k);
	return sum;
}

/* log2(energy) - reference, Q16, as Q8 that is not below the floor. */
static int16_t log_q8(uint64_t energy, int32_t reference, int32_t floor)
{
	if (energy == 0)
		return (int16_t)floor;
	int32_t log = (log2_q16(energy) - reference + 128) >> 8;
	return (int16_t)(log < floor ? floor : log);
}

/* Through memcpy: the words that are made of the samples may lie where they do. */
static int32_t sample_at(const framer *f, int i)
{
	int16_t sample;
	memcpy(&sample, f->samples + i, sizeof sample);
	return sample;
}

static void make_window(spectrum *state)
{
	const spectrum_recipe *r = &state->recipe;
	int32_t *work = state->work;
	int64_t sum = 0;
	for (int i = 0; i < r->window; i++)
		sum += sample_at(&state->framer, i);
	int32_t mean = (int32_t)(sum * 4096 / r->window);
	/* from the end, where a word covers samples that have been taken */
	for (int i = r->window - 1; i >= 0; i--)
		work[i] = sample_at(&state->framer, i) * 4096 - mean;
	state->moments = moments_of(work, state->log2n);
	int exponent = fft_window(work, r->window, state->log2n);
	fft_real(work, state->log2n);
	int32_t unit = 65536 * 2 * (12 + exponent);
	for (int i = 0; i < r->bands; i++) {
		uint64_t energy = sum_power(work, state->log2n, state->edge[i], state->edge[i + 1]);
		state->log[i] = log_q8(energy, unit, 0);
	}
	if (r->envelope_bands == 0)
		return;
	demodulation d = demodulation_of(r);
	envelope_of(work, d.first, d.count, d.log2m);
	uint64_t mean_power = fft_power(work, d.log2m, 0);
	int32_t reference = mean_power ? log2_q16(mean_power) : 0;
	for (int i = 0; i < r->envelope_bands; i++) {
		int from = envelope_edge(r, d.top, i), to = envelope_edge(r, d.top, i + 1);
		state->log[r->bands + i] = log_q8(sum_power(work, d.log2m, from, to), reference, LOG_FLOOR);
	}
}

size_t spectrum_push(spectrum *state, const int16_t *samples, size_t count)
{
	size_t windows = 0;
	for (size_t taken; count > 0; samples += taken, count -= taken) {
		taken = framer_take(&state->framer, samples, count);
		if (framer_need(&state->framer))
			break;
		make_window(state);
		framer_advance(&state->framer);
		windows++;
	}
	return windows;
}

size_t spectrum_need(const spectrum *state)
{
	return framer_need(&state->framer);
}

void spectrum_skip(spectrum *state, uint64_t lost)
{
	framer_skip(&state->framer, lost);
}

size_t spectrum_size(const spectrum *state)
{
	return (size_t)(state->recipe.bands + state->recipe.envelope_bands);
}

size_t spectrum_read(const spectrum *state, int8_t *to, size_t size)
{
	const spectrum_recipe *r = &state->recipe;
	size_t all = spectrum_size(state);
	if (size < all)
		return 0;
	int64_t sum = 0;
	for (int i = 0; i < r->bands && r->level == LEVEL_RELATIVE; i++)
		sum += state->log[i];
	int32_t mean = (int32_t)(sum * 256 / r->bands);
	for (int i = 0; i < r->bands; i++)
		to[i] = feature_byte(state->log[i] * 256 - mean, r->scale, r->offset);
	for (int i = r->bands; i < (int)all; i++)
		to[i] = feature_byte(state->log[i] * 256, r->envelope_scale, r->envelope_offset);
	return all;
}

size_t spectrum_logs(const spectrum *state, int16_t *to, size_t count)
{
	size_t all = spectrum_size(state);
	if (count < all)
		return 0;
	for (size_t i = 0; i < all; i++)
		to[i] = state->log[i];
	return all;
}

moments spectrum_moments(const spectrum *state)
{
	return state->moments;
}

int32_t *spectrum_lend(spectrum *state, size_t count)
{
	const spectrum_recipe *r = &state->recipe;
	int busy = r->hop == r->window && state->framer.filled > 0;
	return busy || count > (size_t)r->window ? NULL : state->work;
}

uint64_t spectrum_position(const spectrum *state)
{
	return state->framer.position;
}
