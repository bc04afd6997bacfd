/* Features of vibration, as int8, ready to be a model's input. Per window: mean removed; Hann window; power spectrum,
   summed into bands of lines from low to high; the spectrum of the squared envelope of the band
   envelope_low..envelope_high, summed into bands from its third line to envelope_top. Then

       log[i]         = log2(max(sum of |X[k]|^2, 1)), samples in counts; less the mean of all bands if LEVEL_RELATIVE
       log[bands + i] = log2(sum of |S[k]|^2 / |S[0]|^2), at least -32: modulation against the envelope's mean
       byte           = clamp(round(scale * log + offset)), scale and offset of each part

   so that the envelope's part, and with LEVEL_RELATIVE all of it, does not change with the signal's level. Line k is
   k * rate / window Hz in both spectra. Band i has the lines from the first at or above its lower edge to the last below
   its upper edge; the envelope's band i begins at line 3 + (top * window / rate - 2) * i / envelope_bands. */
#ifndef SPECTRUM_H
#define SPECTRUM_H
#include <stddef.h>
#include <stdint.h>
#include "moments.h"
#include "recipe.h"

enum { SPACING_LINEAR, SPACING_LOG, SPACING_MEL };
enum { LEVEL_ABSOLUTE, LEVEL_RELATIVE };

typedef struct {
	int32_t rate;    /* Hz */
	int32_t window;  /* samples, a power of two 64..4096 */
	int32_t hop;     /* samples, 1..window */
	int32_t bands;   /* 1..128 */
	int32_t low;     /* Hz */
	int32_t high;    /* Hz, at most rate / 2 */
	int32_t spacing; /* SPACING_... of the bands' edges */
	int32_t level;   /* LEVEL_... */
	int32_t scale;   /* Q16: steps of the byte per doubling of energy */
	int32_t offset;  /* Q16: the byte of log 0 */
	int32_t envelope_bands; /* 0..128; 0 is no envelope, the rest is then not looked at */
	int32_t envelope_low, envelope_high; /* Hz: the band that is demodulated */
	int32_t envelope_top;   /* Hz; high - low + top must not exceed rate / 2 */
	int32_t envelope_scale, envelope_offset; /* Q16 */
} spectrum_recipe;

typedef struct spectrum spectrum;

/* RECIPE_GOOD or what is wrong. */
int spectrum_check(const spectrum_recipe *recipe);

/* Bytes of memory that spectrum_init needs; 0 for a recipe that spectrum_check refuses. */
size_t spectrum_bytes(const spectrum_recipe *recipe);

/* Makes the state in memory (8-byte aligned); NULL if that is too small or the recipe is refused. */
spectrum *spectrum_init(void *memory, size_t bytes, const spectrum_recipe *recipe);

/* Takes samples; how many windows they completed. To see each window, push no more than spectrum_need at a time. */
size_t spectrum_push(spectrum *state, const int16_t *samples, size_t count);

/* Samples still to come before the next window is complete, 1 or more. */
size_t spectrum_need(const spectrum *state);

/* Samples were lost: the window starts anew, so that none spans the gap; position counts them. */
void spectrum_skip(spectrum *state, uint64_t lost);

/* bands + envelope_bands: the bytes of spectrum_read. */
size_t spectrum_size(const spectrum *state);

/* Writes the bands + envelope_bands features of the last window. Returns the bytes, 0 if size is less. */
size_t spectrum_read(const spectrum *state, int8_t *to, size_t size);

/* Writes the same before scaling, in Q8, the first part absolute. Returns their number, 0 if count is less. */
size_t spectrum_logs(const spectrum *state, int16_t *to, size_t count);

/* RMS, kurtosis and crest factor of the last window. */
moments spectrum_moments(const spectrum *state);

/* Memory for count words, until more samples are pushed; NULL if the window is shorter, or has begun. */
int32_t *spectrum_lend(spectrum *state, size_t count);

/* Samples since the start, lost ones included, at the end of the last window. */
uint64_t spectrum_position(const spectrum *state);
#endif
