/* Log-mel features of sound, as int8, ready to be a model's input. Per frame: the window's mean is removed,
   pre-emphasis if asked for, Hann window, FFT of the next power of two, power spectrum, triangular filters equally
   spaced on the mel scale (HTK: mel = 2595 log10(1 + f / 700); triangles in mel, peak 1), and

       byte = clamp(round(scale * log2(max(energy, 1)) + offset))

   where energy is the sum of weight * |X|^2 with samples in counts: 0 for silence, 44 for a tone of full scale in a
   window of 480. This is TFLM's microfrontend but for its square root, which is a factor of two in scale, and its noise
   reduction. Against exact arithmetic the logarithm is off by 0.003, plus what noise 108 dB below the loudest line of
   the frame can do to it. */
#ifndef LOGMEL_H
#define LOGMEL_H
#include <stddef.h>
#include <stdint.h>
#include "recipe.h"

typedef struct {
	int32_t rate;     /* Hz */
	int32_t window;   /* samples, 32..4096 */
	int32_t hop;      /* samples, 1..window */
	int32_t bins;     /* mel filters, 1..128 */
	int32_t low;      /* Hz: where the first triangle rises */
	int32_t high;     /* Hz: where the last one ends, at most rate / 2 */
	int32_t frames;   /* of history that logmel_read gives */
	int32_t emphasis; /* Q15: x[i] - emphasis * x[i - 1]; 0 is none */
	int32_t scale;    /* Q16: steps of the byte per doubling of energy */
	int32_t offset;   /* Q16: the byte of energy 1 and of silence */
} logmel_recipe;

typedef struct logmel logmel;

/* RECIPE_GOOD or what is wrong. */
int logmel_check(const logmel_recipe *recipe);

/* Bytes of memory that logmel_init needs; 0 for a recipe that logmel_check refuses. */
size_t logmel_bytes(const logmel_recipe *recipe);

/* Makes the state in memory (8-byte aligned); NULL if that is too small or the recipe is refused. */
logmel *logmel_init(void *memory, size_t bytes, const logmel_recipe *recipe);

/* Takes samples; how many frames they completed. However they are split, the frames are the same. */
size_t logmel_push(logmel *state, const int16_t *samples, size_t count);

/* Samples still to come before the next frame is complete, 1 or more. */
size_t logmel_need(const logmel *state);

/* Samples were lost: the window starts anew, so that no frame spans the gap; position counts them. */
void logmel_skip(logmel *state, uint64_t lost);

/* frames * bins: the bytes of logmel_read. */
size_t logmel_size(const logmel *state);

/* Writes frames * bins bytes, oldest frame first, frames not yet heard as silence. Returns the bytes, 0 if size is
   less. */
size_t logmel_read(const logmel *state, int8_t *to, size_t size);

/* Samples since the start, lost ones included, at the end of the newest frame. */
uint64_t logmel_position(const logmel *state);
#endif
