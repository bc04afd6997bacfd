/* What a fault classifier looks at: where the lines of a machine's spectra stand in orders of its shaft. Samples are turned
   into four signals of about 32 slots a turn, of which the last 1024, some 32 turns, are the window:

       signal 0      the acceleration itself, smoothed: imbalance, misalignment, looseness
       signals 1..3  log2 of the energy of three bands, each through two band-passes of second order: the envelopes in
                     which a rolling bearing's faults beat. As logarithms a gain is an offset, and one blow is not everything

   Of each signal: Hann window, log2 of the power spectrum, and every line against the mean of those up to 24 lines away on
   either side: its prominence. A family is the harmonics of one order; the true speed is 4 % below to 2 % above the nominal
   one (slip, load), so the whole family is moved over its lines to where it stands out most. Then

       features of signal 0     for each of 0.5 1 1.5 2 2.5 3 3.5 4 5 6 7 8 turns: prominence; then for each: log2 of its power
                                less the mean level of the bands; the mean log2 of all lines less the same
       of each of signals 1..3  for bpfo, bpfi, twice bsf: harmonics 1..3; the mean of the lines one shaft order beside the
                                first, beside the second; the mean of those one ftf beside the first, the second. Then bsf
                                and 3 bsf; ftf and 2 ftf; 1..4 turns; the signal's deviation, its most and its least
                                against its mean; its mean against the mean of all three

       byte = clamp(round(scale * feature)), features in octaves of energy, 0 where an order lies beyond the spectrum

   None of them changes with the sensor's sensitivity. */
#ifndef ORDERS_H
#define ORDERS_H
#include <stddef.h>
#include <stdint.h>

enum {
	ORDERS_BANDS = 3,
	ORDERS_SIGNALS = ORDERS_BANDS + 1,
	ORDERS_LOG2 = 10,
	ORDERS_SLOTS = 1 << ORDERS_LOG2,
	ORDERS_HOP = ORDERS_SLOTS / 2, /* new slots, at least, between two windows */
	ORDERS_TURNS = 12,
	ORDERS_OF_TURNS = 2 * ORDERS_TURNS + 1,
	ORDERS_OF_BAND = 3 * 7 + 2 + 2 + 4 + 3 + 1,
	ORDERS_SIZE = ORDERS_OF_TURNS + ORDERS_BANDS * ORDERS_OF_BAND
};

typedef struct {
	int32_t rate;               /* Hz */
	int32_t edges[ORDERS_BANDS + 1]; /* Hz, of the bands */
	int32_t scale;              /* Q16: steps of the byte per octave */
	int32_t shaft;              /* Q16 Hz, nominal: 16 slots a turn at least */
	int32_t bpfo, bpfi, bsf, ftf; /* Q16 orders of the shaft */
} orders_recipe;

typedef struct orders orders;

/* RECIPE_GOOD or what is wrong. */
int orders_check(const orders_recipe *recipe);

/* Bytes of memory that orders_init needs. */
size_t orders_bytes(const orders_recipe *recipe);

/* Makes the state in memory (8-byte aligned); NULL if that is too small or the recipe is refused. */
orders *orders_init(void *memory, size_t bytes, const orders_recipe *recipe);

/* Takes samples. */
void orders_push(orders *state, const int16_t *samples, size_t count);

/* Samples were lost: the window starts anew, so that none spans the gap. */
void orders_skip(orders *state);

/* Whether there is a whole window with ORDERS_HOP slots that the last one had not. */
int orders_ready(const orders *state);

/* Makes the features of the last ORDERS_SLOTS slots. work is ORDERS_SLOTS words that nobody needs. */
void orders_measure(orders *state, int32_t *work);

/* Writes the ORDERS_SIZE features that were made last. Returns the bytes, 0 if size is less. */
size_t orders_read(const orders *state, int8_t *to, size_t size);
#endif
