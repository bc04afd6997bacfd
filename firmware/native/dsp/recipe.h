/* What may be wrong with a feature recipe. Limits are those of the arithmetic and of a microcontroller's memory. */
#ifndef RECIPE_H
#define RECIPE_H
#include <stdint.h>

enum {
	RECIPE_GOOD = 0,
	RECIPE_RATE,     /* rate is not 100..96000 Hz */
	RECIPE_WINDOW,   /* window: logmel 32..4096 samples, spectrum a power of two 64..4096 */
	RECIPE_HOP,      /* hop is not 1..window */
	RECIPE_BINS,     /* bins or bands: not 1..128, envelope bands not 0..128 */
	RECIPE_RANGE,    /* not 0 <= low < high <= rate / 2, or low is 0 with a logarithmic spacing */
	RECIPE_NARROW,   /* some bin or band holds no line of the transform: fewer bins or a longer window */
	RECIPE_FRAMES,   /* frames is not 1..4096 */
	RECIPE_EMPHASIS, /* emphasis is not 0..1 */
	RECIPE_SCALE,    /* scale or offset is beyond +-1000 */
	RECIPE_CHOICE,   /* spacing or level is none of the values that exist */
	RECIPE_TOP,      /* envelope: top is not in 0..rate / 2, or high - low + top exceeds rate / 2 */
	RECIPE_SHAFT,    /* shaft is below 1 Hz, or a turn has less than 32 samples */
	RECIPE_BEARING,  /* an order of the bearing is not 0.01..100 */
	RECIPE_ERRORS
};

/* Scale and offset are Q16 and at most this. */
enum { RECIPE_MOST_SCALE = 1000 * 65536 };

/* An error's code in kebab case, and what its text should say: both constants. */
const char *recipe_code(int error);
const char *recipe_text(int error);
#endif
