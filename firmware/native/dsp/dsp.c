/* The glue between script and the features, see dsp.ts. LogMel and Spectrum differ in what they make of samples; how they
   get them is the same, so both are a tap on one of capture's rings. */
#include "native.h"

#include <string.h>
#include "dsp.h"

typedef struct {
	ring *source;
	logmel *mel; /* one of the two */
	spectrum *spectrum;
	uint64_t lost;
} tap;

enum { CHUNK = 128 };

void xs_dsp_destructor(void *data)
{
	if (data)
		native_free(data);
}

static tap *tap_of(xsMachine *the)
{
	tap *t = xsmcGetHostDataValidate(xsThis, xs_dsp_destructor);
	if (!t)
		xsUnknownError("features: closed");
	return t;
}

static tap *spectrum_of(xsMachine *the)
{
	tap *t = tap_of(the);
	if (!t->spectrum)
		xsTypeError("features: not a Spectrum");
	return t;
}

static size_t push(tap *t, const int16_t *samples, size_t count)
{
	return t->mel ? logmel_push(t->mel, samples, count) : spectrum_push(t->spectrum, samples, count);
}

static size_t need(const tap *t)
{
	return t->mel ? logmel_need(t->mel) : spectrum_need(t->spectrum);
}

static void skip(tap *t, uint64_t lost)
{
	if (t->mel)
		logmel_skip(t->mel, lost);
	else
		spectrum_skip(t->spectrum, lost);
}

/* A number of the recipe times one, rounded; without one it must be whole. What no int32 holds becomes the least, which
   every check refuses. */
static int32_t number_of(xsMachine *the, const char *name, double one)
{
	xsType type = xsmcTypeOf(xsVar(1));
	if (type != xsIntegerType && type != xsNumberType)
		xsTypeError("recipe.%s must be a number", name);
	double value = xsmcToNumber(xsVar(1)) * one;
	if (!(value > -2147483647.0 && value < 2147483647.0))
		return INT32_MIN;
	double rounded = value < 0 ? value - 0.5 : value + 0.5;
	int32_t whole = (int32_t)rounded;
	if (value < 0 && whole - value == -0.5)
		whole++; /* halves go up, as everywhere in the project */
	if (one == 1 && whole != value)
		xsRangeError("recipe.%s must be a whole number", name);
	return whole;
}

/* Members of xsVar(0). */
#define WHOLE(name) (xsmcGet(xsVar(1), xsVar(0), xsID_##name), number_of(the, #name, 1))
#define FIXED(name, one) (xsmcGet(xsVar(1), xsVar(0), xsID_##name), number_of(the, #name, one))

/* The index of a text among the choices, the first if the recipe has none, their number if it is another. */
static int32_t choice_of(xsMachine *the, const char *const *choices, int32_t count)
{
	if (xsmcTypeOf(xsVar(1)) == xsUndefinedType)
		return 0;
	const char *text = xsmcToString(xsVar(1));
	int32_t i = 0;
	while (i < count && strcmp(text, choices[i]))
		i++;
	return i;
}

static void open_recipe(xsMachine *the)
{
	xsmcVars(2);
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType)
		xsTypeError("features: the recipe must be an object");
	xsVar(0) = xsArg(0);
}

/* Memory for a tap and bytes of state behind it. Samples that were gone before it existed are not its loss. */
static tap *open_tap(xsMachine *the, size_t bytes, ring *source)
{
	size_t all = sizeof(tap) + bytes;
	tap *t = native_alloc(all);
	if (!t)
		xsRangeError("features: recipe needs %d bytes, the pool has %d", (int)all, (int)native_available());
	*t = (tap){ .source = source };
	xsmcSetHostData(xsThis, t);
	return t;
}

static void start_at(tap *t)
{
	uint32_t before;
	ring_read(t->source, NULL, 0, &before);
	skip(t, t->source->position);
}

void xs_logmel_constructor(xsMachine *the)
{
	open_recipe(the);
	logmel_recipe r = { .rate = WHOLE(rate), .window = WHOLE(window), .hop = WHOLE(hop), .bins = WHOLE(bins) };
	r.low = WHOLE(low);
	r.high = WHOLE(high);
	r.frames = WHOLE(frames);
	r.scale = FIXED(scale, 65536);
	r.offset = FIXED(offset, 65536);
	xsmcGet(xsVar(1), xsVar(0), xsID_emphasis);
	if (xsmcTypeOf(xsVar(1)) != xsUndefinedType)
		r.emphasis = number_of(the, "emphasis", 32768);
	int error = logmel_check(&r);
	if (error)
		xsRangeError("%s: %s; rate %d, window %d, hop %d, bins %d, low %d, high %d, frames %d", recipe_code(error),
			recipe_text(error), (int)r.rate, (int)r.window, (int)r.hop, (int)r.bins, (int)r.low, (int)r.high, (int)r.frames);
	size_t bytes = logmel_bytes(&r);
	tap *t = open_tap(the, bytes, capture_audio());
	t->mel = logmel_init(t + 1, bytes, &r);
	start_at(t);
}

void xs_spectrum_constructor(xsMachine *the)
{
	static const char *const spacings[] = { "linear", "log", "mel" };
	static const char *const levels[] = { "absolute", "relative" };
	open_recipe(the);
	spectrum_recipe r = { .rate = WHOLE(rate), .window = WHOLE(window), .hop = WHOLE(hop), .bands = WHOLE(bands) };
	r.low = WHOLE(low);
	r.high = WHOLE(high);
	r.scale = FIXED(scale, 65536);
	r.offset = FIXED(offset, 65536);
	xsmcGet(xsVar(1), xsVar(0), xsID_spacing);
	r.spacing = choice_of(the, spacings, 3);
	xsmcGet(xsVar(1), xsVar(0), xsID_level);
	r.level = choice_of(the, levels, 2);
	xsmcGet(xsVar(0), xsVar(0), xsID_envelope);
	if (xsmcTypeOf(xsVar(0)) == xsReferenceType) {
		r.envelope_bands = WHOLE(bands);
		r.envelope_low = WHOLE(low);
		r.envelope_high = WHOLE(high);
		r.envelope_top = WHOLE(top);
		r.envelope_scale = FIXED(scale, 65536);
		r.envelope_offset = FIXED(offset, 65536);
	}
	int error = spectrum_check(&r);
	if (error)
		xsRangeError("%s: %s; rate %d, window %d, hop %d, bands %d, low %d, high %d, envelope %d bands %d..%d top %d",
			recipe_code(error), recipe_text(error), (int)r.rate, (int)r.window, (int)r.hop, (int)r.bands, (int)r.low,
			(int)r.high, (int)r.envelope_bands, (int)r.envelope_low, (int)r.envelope_high, (int)r.envelope_top);
	size_t bytes = spectrum_bytes(&r);
	tap *t = open_tap(the, bytes, capture_accel());
	t->spectrum = spectrum_init(t + 1, bytes, &r);
	start_at(t);
}

/* Never more than the frame in the making wants, so that most is kept and a gap is between two windows. */
static size_t pull(tap *t, size_t most)
{
	int16_t chunk[CHUNK];
	size_t completed = 0;
	while (completed < most) {
		size_t wanted = need(t);
		uint32_t lost;
		size_t count = ring_read(t->source, chunk, wanted < CHUNK ? wanted : CHUNK, &lost);
		if (lost) {
			t->lost += lost;
			skip(t, lost);
		}
		if (count == 0)
			break;
		completed += push(t, chunk, count);
	}
	return completed;
}

void xs_dsp_pull(xsMachine *the)
{
	tap *t = tap_of(the);
	size_t most = SIZE_MAX;
	if (xsmcArgc > 0 && xsmcTypeOf(xsArg(0)) != xsUndefinedType) {
		xsIntegerValue max = xsmcToInteger(xsArg(0));
		most = max > 0 ? (size_t)max : 0;
	}
	stage_begin(STAGE_FEATURES);
	size_t completed = pull(t, most);
	stage_end(STAGE_FEATURES);
	xsmcSetInteger(xsResult, (xsIntegerValue)completed);
}

void xs_dsp_push(xsMachine *the)
{
	tap *t = tap_of(the);
	int16_t chunk[CHUNK];
	size_t completed = 0;
	void *data;
	xsUnsignedValue bytes;
	xsmcGetBufferReadable(xsArg(0), &data, &bytes);
	if (bytes & 1)
		xsRangeError("features: %d bytes are no whole number of int16 samples", (int)bytes);
	stage_begin(STAGE_FEATURES);
	for (const uint8_t *from = data; bytes > 0;) {
		xsUnsignedValue run = bytes < sizeof chunk ? bytes : sizeof chunk;
		memcpy(chunk, from, run); /* the buffer may lie at an odd address */
		completed += push(t, chunk, run / 2);
		from += run;
		bytes -= run;
	}
	stage_end(STAGE_FEATURES);
	xsmcSetInteger(xsResult, (xsIntegerValue)completed);
}

void xs_dsp_read(xsMachine *the)
{
	tap *t = tap_of(the);
	void *to;
	xsUnsignedValue bytes;
	xsmcGetBufferWritable(xsArg(0), &to, &bytes);
	size_t size = t->mel ? logmel_size(t->mel) : spectrum_size(t->spectrum);
	if (bytes != size)
		xsRangeError("features: the buffer has %d bytes, the features are %d", (int)bytes, (int)size);
	if (t->mel)
		logmel_read(t->mel, to, bytes);
	else
		spectrum_read(t->spectrum, to, bytes);
}

void xs_dsp_lost(xsMachine *the)
{
	xsmcSetNumber(xsResult, (xsNumberValue)tap_of(the)->lost);
}

void xs_dsp_position(xsMachine *the)
{
	tap *t = tap_of(the);
	uint64_t position = t->mel ? logmel_position(t->mel) : spectrum_position(t->spectrum);
	xsmcSetNumber(xsResult, (xsNumberValue)position);
}

void xs_spectrum_rms(xsMachine *the)
{
	xsmcSetNumber(xsResult, spectrum_moments(spectrum_of(the)->spectrum).rms / 4096.0);
}

void xs_spectrum_kurtosis(xsMachine *the)
{
	xsmcSetNumber(xsResult, spectrum_moments(spectrum_of(the)->spectrum).kurtosis / 65536.0);
}

void xs_spectrum_crest(xsMachine *the)
{
	xsmcSetNumber(xsResult, spectrum_moments(spectrum_of(the)->spectrum).crest / 65536.0);
}

/* Closing twice is harmless. */
void xs_dsp_close(xsMachine *the)
{
	void *data = xsmcGetHostData(xsThis);
	if (data) {
		xsmcGetHostDataValidate(xsThis, xs_dsp_destructor);
		native_free(data);
		xsmcSetHostData(xsThis, NULL);
	}
}
