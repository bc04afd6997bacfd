/* Slots are filled by halves, and a slot is what three halves give in the proportion 1:2:1, so that what beats faster than
   the slots is weakened before it folds down. They lie in a circle; the window is wherever the circle stands when it is
   asked for. */
#include "orders.h"
#include "fft.h"
#include "filter.h"
#include "fixed.h"
#include "recipe.h"

enum {
	SLOTS_A_TURN = 32,
	LINES = ORDERS_SLOTS / 2,
	FIRST_LINE = 2, /* those before it hold the mean, spread by the window */
	LAST_LINE = LINES - 2,
	NEIGHBOURS = 24,
	ONE = 65536,
	SLOWEST = ONE * 96 / 100, FASTEST = ONE * 102 / 100, SPEED_STEP = 128,
	MOST_PROMINENT = 12 * 256, /* a line counts for its family as at most this */
	HARMONICS = 3,
	SAMPLE_BITS = 6, /* below a count, in the filters */
	LEAST_ENERGY = 1 << (2 * SAMPLE_BITS - 4), /* a sample's: a quarter of a count */
	SLOT_UNIT = 7,   /* logarithms are Q9 in slots */
	UNIT = 2 * (12 + ORDERS_LOG2 - 2) * 256 /* slots are taken times 4096; a sine under a Hann window gives a quarter a slot */
};

typedef struct {
	band_pass filters[2];
	uint64_t half, whole; /* energy of the half in the making, and of the slot so far */
} band;

struct orders {
	orders_recipe recipe;
	int32_t half_length;   /* samples */
	int32_t lines_an_order; /* Q16 */
	band bands[ORDERS_BANDS];
	int32_t sum_half, sum_whole;
	int32_t filled; /* samples in the half in the making */
	int32_t second; /* whether that is the middle of a slot */
	int32_t next;   /* slot that is written next */
	int32_t fresh;  /* new slots since the last window, up to ORDERS_SLOTS + ORDERS_HOP */
	int32_t known;  /* slots in a row without a gap, up to ORDERS_SLOTS */
	int16_t slots[ORDERS_SIGNALS][ORDERS_SLOTS];
	int16_t features[ORDERS_SIZE]; /* octaves, Q8 */
};

static int32_t half_length_of(const orders_recipe *r)
{
	int64_t turn = ((int64_t)r->rate << 17) / r->shaft; /* half samples */
	int32_t half = (int32_t)((turn + 2 * SLOTS_A_TURN) / (4 * SLOTS_A_TURN));
	return half < 1 ? 1 : half;
}

int orders_check(const orders_recipe *r)
{
	if (r->rate < 100 || r->rate > 96000)
		return RECIPE_RATE;
	for (int i = 0; i < ORDERS_BANDS; i++)
		if (r->edges[i] < 1 || r->edges[i] >= r->edges[i + 1] || r->edges[i + 1] > r->rate / 2)
			return RECIPE_RANGE;
	if (r->scale < 1 || r->scale > RECIPE_MOST_SCALE)
		return RECIPE_SCALE;
	if (r->shaft < ONE || (int64_t)r->shaft * (SLOTS_A_TURN / 2) > (int64_t)r->rate * (ONE / 2))
		return RECIPE_SHAFT;
	const int32_t orders[] = { r->bpfo, r->bpfi, r->bsf, r->ftf };
	for (int i = 0; i < 4; i++)
		if (orders[i] < ONE / 100 || orders[i] > 100 * ONE)
			return RECIPE_BEARING;
	return RECIPE_GOOD;
}

size_t orders_bytes(const orders_recipe *r)
{
	return orders_check(r) ? 0 : (sizeof(orders) + 7) & ~(size_t)7;
}

orders *orders_init(void *memory, size_t bytes, const orders_recipe *r)
{
	size_t needed = orders_bytes(r);
	if (!needed || bytes < needed)
		return NULL;
	orders *state = memory;
	state->recipe = *r;
	state->half_length = half_length_of(r);
	state->lines_an_order = (int32_t)((int64_t)2 * ORDERS_SLOTS * state->half_length * r->shaft / r->rate);
	for (int i = 0; i < ORDERS_BANDS; i++) {
		band_pass filter = band_pass_of(r->edges[i], r->edges[i + 1], r->rate);
		state->bands[i] = (band){ .filters = { filter, filter } };
	}
	for (int i = 0; i < ORDERS_SIZE; i++)
		state->features[i] = 0;
	state->next = 0;
	orders_skip(state);
	return state;
}

void orders_skip(orders *state)
{
	state->filled = state->second = state->fresh = state->known = 0;
	state->sum_half = state->sum_whole = 0;
	for (int i = 0; i < ORDERS_BANDS; i++) {
		band *b = state->bands + i;
		b->half = b->whole = 0;
		band_pass_clear(b->filters);
		band_pass_clear(b->filters + 1);
	}
}

static void finish_slot(orders *state)
{
	int length = state->half_length, at = state->next;
	int32_t four = 4 * length, sum = state->sum_whole + state->sum_half;
	state->slots[0][at] = (int16_t)((sum >= 0 ? sum + 2 * length : sum - 2 * length) / four);
	state->sum_whole = state->sum_half;
	for (int i = 0; i < ORDERS_BANDS; i++) {
		band *b = state->bands + i;
		uint64_t energy = b->whole + b->half + (uint64_t)four * LEAST_ENERGY;
		state->slots[1 + i][at] = (int16_t)(log2_q16(energy) >> SLOT_UNIT);
		b->whole = b->half;
	}
	state->next = (at + 1) & (ORDERS_SLOTS - 1);
	state->fresh += state->fresh < ORDERS_SLOTS + ORDERS_HOP;
	state->known += state->known < ORDERS_SLOTS;
}

/* A half that ends a slot also begins the next one. */
static void finish_half(orders *state)
{
	if (state->second) {
		state->sum_whole += 2 * state->sum_half;
		for (int i = 0; i < ORDERS_BANDS; i++)
			state->bands[i].whole += 2 * state->bands[i].half;
	} else {
		finish_slot(state);
	}
	state->second = !state->second;
	state->filled = state->sum_half = 0;
	for (int i = 0; i < ORDERS_BANDS; i++)
		state->bands[i].half = 0;
}

void orders_push(orders *state, const int16_t *samples, size_t count)
{
	while (count > 0) {
		size_t run = (size_t)(state->half_length - state->filled);
		run = run < count ? run : count;
		for (size_t i = 0; i < run; i++)
			state->sum_half += samples[i];
		for (int i = 0; i < ORDERS_BANDS; i++) {
			band *b = state->bands + i;
			b->half += band_pass_energy(b->filters, samples, run, SAMPLE_BITS);
		}
		state->filled += (int32_t)run;
		samples += run;
		count -= run;
		if (state->filled == state->half_length)
			finish_half(state);
	}
}

int orders_ready(const orders *state)
{
	return state->known == ORDERS_SLOTS && state->fresh >= ORDERS_HOP;
}

/* What is known of a signal's window: its lines' logarithms and prominences, Q8, in halves of the work. */
typedef struct {
	const orders *state;
	int32_t *log, *prominence;
	int32_t mean;
} lines;

static void window_of(const orders *state, int signal, lines *l)
{
	const int16_t *slots = state->slots[signal];
	int32_t *work = l->log;
	int64_t sum = 0;
	for (int i = 0; i < ORDERS_SLOTS; i++)
		sum += slots[i];
	l->mean = (int32_t)(sum * 4096 / ORDERS_SLOTS);
	for (int i = 0; i < ORDERS_SLOTS; i++)
		work[i] = slots[(state->next + i) & (ORDERS_SLOTS - 1)] * 4096 - l->mean;
}

static void transform(lines *l)
{
	int32_t *work = l->log;
	int exponent = fft_window(work, ORDERS_SLOTS, ORDERS_LOG2);
	fft_real(work, ORDERS_LOG2);
	/* line k lies at 2k: what is written is behind what is still to be read */
	for (int k = 0; k < LINES; k++)
		work[k] = ((log2_q16(fft_power(work, ORDERS_LOG2, k) | 1) - 2 * exponent * ONE) >> 8) - UNIT;
	int64_t sum = 0;
	int from = FIRST_LINE, to = FIRST_LINE;
	for (int k = FIRST_LINE; k <= LAST_LINE; k++) {
		while (to <= LAST_LINE && to <= k + NEIGHBOURS)
			sum += work[to++];
		while (from < k - NEIGHBOURS)
			sum -= work[from++];
		l->prominence[k] = work[k] - (int32_t)(sum / (to - from));
	}
}

/* The line before an order (Q16) of the nominal shaft, 0 if it is not in the spectrum. */
static int line_of(const lines *l, int64_t order)
{
	int64_t line = order * l->state->lines_an_order >> 32;
	return line >= FIRST_LINE && line < LAST_LINE ? (int)line : 0;
}

/* The larger of the two lines around an order: in logarithms or prominence. */
static int32_t value_at(const lines *l, const int32_t *values, int64_t order)
{
	int k = line_of(l, order);
	if (k == 0)
		return 0;
	return values[k] > values[k + 1] ? values[k] : values[k + 1];
}

/* The speed, against the nominal one in Q16, at which a family stands out most. */
static int32_t speed_of(const lines *l, int32_t order, int harmonics)
{
	int32_t best = ONE, most = -1;
	for (int32_t speed = SLOWEST; speed <= FASTEST; speed += SPEED_STEP) {
		int32_t sum = 0;
		for (int h = 1; h <= harmonics; h++) {
			int32_t value = value_at(l, l->prominence, ((int64_t)h * order * speed) >> 16);
			sum += value < 0 ? 0 : value > MOST_PROMINENT ? MOST_PROMINENT : value;
		}
		if (sum > most) {
			most = sum;
			best = speed;
		}
	}
	return best;
}

static int64_t scaled(int64_t order, int32_t speed)
{
	return (order * speed) >> 16;
}

static int32_t beside(const lines *l, int64_t order, int64_t distance)
{
	return (value_at(l, l->prominence, order - distance) + value_at(l, l->prominence, order + distance)) / 2;
}

static int16_t clamped(int32_t value)
{
	return (int16_t)(value < -32768 ? -32768 : value > 32767 ? 32767 : value);
}

/* Of one kind of fault, 7 features; the speed at which it stands out. */
static int32_t family(const lines *l, int32_t order, int16_t *to)
{
	int32_t speed = speed_of(l, order, HARMONICS);
	int64_t first = scaled(order, speed);
	for (int h = 1; h <= HARMONICS; h++)
		*to++ = clamped(value_at(l, l->prominence, h * first));
	for (int h = 1; h <= 2; h++)
		*to++ = clamped(beside(l, h * first, ONE));
	for (int h = 1; h <= 2; h++)
		*to++ = clamped(beside(l, h * first, scaled(l->state->recipe.ftf, speed)));
	return speed;
}

static void measure_band(orders *state, int signal, int32_t *work, int16_t *to)
{
	lines l = { state, work, work + LINES, 0 };
	const orders_recipe *r = &state->recipe;
	window_of(state, signal, &l);
	uint64_t squares = 0;
	int32_t most = 0, least = 0;
	for (int i = 0; i < ORDERS_SLOTS; i++) {
		int32_t away = work[i] >> 8; /* Q13 */
		squares += (uint64_t)((int64_t)away * away);
		most = away > most ? away : most;
		least = away < least ? away : least;
	}
	int32_t deviation = (int32_t)(root_u64(squares / ORDERS_SLOTS) >> 5);
	transform(&l);
	family(&l, r->bpfo, to);
	family(&l, r->bpfi, to + 7);
	int32_t speed = family(&l, 2 * r->bsf, to + 14);
	to += 21;
	*to++ = clamped(value_at(&l, l.prominence, scaled(r->bsf, speed)));
	*to++ = clamped(value_at(&l, l.prominence, scaled(3 * (int64_t)r->bsf, speed)));
	speed = speed_of(&l, r->ftf, HARMONICS);
	*to++ = clamped(value_at(&l, l.prominence, scaled(r->ftf, speed)));
	*to++ = clamped(value_at(&l, l.prominence, 2 * scaled(r->ftf, speed)));
	speed = speed_of(&l, ONE, 4);
	for (int h = 1; h <= 4; h++)
		*to++ = clamped(value_at(&l, l.prominence, (int64_t)h * speed));
	*to++ = clamped(deviation);
	*to++ = clamped(most >> 5);
	*to++ = clamped(least >> 5);
	/* log2 of a sample's mean square, in counts; l.mean is Q9 * 4096 */
	int32_t unit = 2 * SAMPLE_BITS * 256 + (log2_q16(4 * (uint64_t)state->half_length) >> 8);
	*to = clamped((l.mean >> 13) - unit);
}

static void measure_turns(orders *state, int32_t *work, int32_t level, int16_t *to)
{
	static const uint8_t halves[ORDERS_TURNS] = { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16 };
	lines l = { state, work, work + LINES, 0 };
	window_of(state, 0, &l);
	transform(&l);
	int32_t speed = speed_of(&l, ONE, 4);
	int64_t sum = 0;
	for (int k = FIRST_LINE; k <= LAST_LINE; k++)
		sum += l.log[k];
	int32_t floor = (int32_t)(sum / (LAST_LINE + 1 - FIRST_LINE));
	for (int i = 0; i < ORDERS_TURNS; i++) {
		int64_t order = scaled((int64_t)halves[i] * (ONE / 2), speed);
		to[i] = clamped(value_at(&l, l.prominence, order));
		to[ORDERS_TURNS + i] = clamped(value_at(&l, l.log, order) - level);
	}
	to[2 * ORDERS_TURNS] = clamped(floor - level);
}

void orders_measure(orders *state, int32_t *work)
{
	int16_t *turns = state->features, *bands = turns + ORDERS_OF_TURNS;
	int32_t level = 0;
	for (int i = 0; i < ORDERS_BANDS; i++) {
		measure_band(state, 1 + i, work, bands + i * ORDERS_OF_BAND);
		level += bands[(i + 1) * ORDERS_OF_BAND - 1];
	}
	level /= ORDERS_BANDS;
	for (int i = 1; i <= ORDERS_BANDS; i++)
		bands[i * ORDERS_OF_BAND - 1] = clamped(bands[i * ORDERS_OF_BAND - 1] - level);
	measure_turns(state, work, level, turns);
	state->fresh = 0;
}

size_t orders_read(const orders *state, int8_t *to, size_t size)
{
	if (size < ORDERS_SIZE)
		return 0;
	for (int i = 0; i < ORDERS_SIZE; i++)
		to[i] = feature_byte(state->features[i] * 256, state->recipe.scale, 0);
	return ORDERS_SIZE;
}
