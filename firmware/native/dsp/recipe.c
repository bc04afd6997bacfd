#include "recipe.h"

static const struct {
	const char *code, *text;
} errors[RECIPE_ERRORS] = {
	[RECIPE_GOOD] = { "good", "the recipe is good" },
	[RECIPE_RATE] = { "recipe-rate", "rate must be 100..96000 Hz" },
	[RECIPE_WINDOW] = { "recipe-window", "window must be 32..4096 samples, for spectra a power of two from 64" },
	[RECIPE_HOP] = { "recipe-hop", "hop must be 1..window samples" },
	[RECIPE_BINS] = { "recipe-bins", "there must be 1..128 bins or bands" },
	[RECIPE_RANGE] = { "recipe-range", "low and high must be 0 <= low < high <= rate/2 Hz, low > 0 if spaced by log" },
	[RECIPE_NARROW] = { "recipe-narrow", "a band holds no line of the transform: take fewer bands or a longer window" },
	[RECIPE_FRAMES] = { "recipe-frames", "frames must be 1..4096" },
	[RECIPE_EMPHASIS] = { "recipe-emphasis", "emphasis must be 0..1" },
	[RECIPE_SCALE] = { "recipe-scale", "scale and offset must be within -1000..1000" },
	[RECIPE_CHOICE] = { "recipe-choice", "spacing must be linear, log or mel, level absolute or relative" },
	[RECIPE_TOP] = { "recipe-top", "envelope.top must be above 0, and high - low + top at most rate/2 Hz" },
	[RECIPE_SHAFT] = { "recipe-shaft", "shaft must be from 1 Hz to rate/32" },
	[RECIPE_BEARING] = { "recipe-bearing", "bpfo, bpfi, bsf and ftf must be orders of the shaft, 0.01..100" },
};

const char *recipe_code(int error)
{
	return errors[error >= 0 && error < RECIPE_ERRORS ? error : RECIPE_GOOD].code;
}

const char *recipe_text(int error)
{
	return errors[error >= 0 && error < RECIPE_ERRORS ? error : RECIPE_GOOD].text;
}
