/* The glue between script and the features, see dsp.ts. LogMel and Spectrum differ in what they make of samples; how
   they get them is the same, so the C data of both is a tap on one of capture's rings, and the state lies behind it. */
#include "native.h"

#include <string.h>
#include "dsp.h"

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
#define WHOLE(name) (xsmcGet(xsVar(1), xsVar(0), xsID(#name)), number_of(the, #name, 1))
#define FIXED(name, one) (xsmcGet(xsVar(1), xsVar(0), xsID(#name)), number_of(the, #name, one))

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

/* Memory for a tap and bytes of state behind it. */
static tap *take_memory(xsMachine *the, size_t bytes)
{
	size_t all = sizeof(tap) + bytes;
	tap *t = native_alloc(all);
	if (!t)
		xsRangeError("features: recipe needs %d bytes, the pool has %d", (int)all, (int)native_available());
	return t;
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
	xsmcGet(xsVar(1), xsVar(0), xsID("emphasis"));
	if (xsmcTypeOf(xsVar(1)) != xsUndefinedType)
		r.emphasis = number_of(the, "emphasis", 32768);
	int error = logmel_check(&r);
	if (error)
		xsRangeError("%s: %s; rate %d, window %d, hop %d, bins %d, low %d, high %d, frames %d", recipe_code(error),
			recipe_text(error), (int)r.rate, (int)r.window, (int)r.hop, (int)r.bins, (int)r.low, (int)r.high,
			(int)r.frames);
	size_t bytes = logmel_bytes(&r);
	tap *t = take_memory(the, bytes);
	tap_init(t, capture_audio(), logmel_init(t + 1, bytes, &r), NULL, NULL);
	xsmcSetHostData(xsThis, t);
}

/* The second argument of Spectrum, xsVar(0); false if there is none. */
static int take_orders(xsMachine *the, int32_t rate, orders_recipe *r)
{
	if (xsmcArgc < 2 || xsmcTypeOf(xsArg(1)) != xsReferenceType)
		return 0;
	xsVar(0) = xsArg(1);
	*r = (orders_recipe){ .rate = rate, .scale = FIXED(scale, 65536), .shaft = FIXED(shaft, 65536) };
	r->bpfo = FIXED(bpfo, 65536);
	r->bpfi = FIXED(bpfi, 65536);
	r->bsf = FIXED(bsf, 65536);
	r->ftf = FIXED(ftf, 65536);
	xsmcGet(xsVar(0), xsVar(0), xsID("edges"));
	if (xsmcTypeOf(xsVar(0)) != xsReferenceType)
		xsTypeError("recipe.edges must be an array");
	for (int i = 0; i <= ORDERS_BANDS; i++) {
		xsmcGetIndex(xsVar(1), xsVar(0), (uint32_t)i);
		r->edges[i] = number_of(the, "edges", 1);
	}
	int error = orders_check(r);
	if (error)
		xsRangeError("%s: %s; shaft %d mHz, edges %d..%d", recipe_code(error), recipe_text(error),
			(int)((int64_t)r->shaft * 1000 >> 16), (int)r->edges[0], (int)r->edges[ORDERS_BANDS]);
	return 1;
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
	xsmcGet(xsVar(1), xsVar(0), xsID("spacing"));
	r.spacing = choice_of(the, spacings, 3);
	xsmcGet(xsVar(1), xsVar(0), xsID("level"));
	r.level = choice_of(the, levels, 2);
	xsmcGet(xsVar(0), xsVar(0), xsID("envelope"));
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
	orders_recipe o;
	int in_orders = take_orders(the, r.rate, &o);
	size_t bytes = spectrum_bytes(&r), more = in_orders ? orders_bytes(&o) : 0;
	tap *t = take_memory(the, bytes + more);
	orders *turning = in_orders ? orders_init((char *)(t + 1) + bytes, more, &o) : NULL;
	tap_init(t, capture_accel(), NULL, spectrum_init(t + 1, bytes, &r), turning);
	xsmcSetHostData(xsThis, t);
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
	size_t completed = tap_pull(t, most);
	stage_end(STAGE_FEATURES);
	xsmcSetInteger(xsResult, (xsIntegerValue)completed);
}

void xs_dsp_push(xsMachine *the)
{
	tap *t = tap_of(the);
	void *from;
	xsUnsignedValue bytes;
	xsmcGetBufferReadable(xsArg(0), &from, &bytes);
	if (bytes & 1)
		xsRangeError("features: %d bytes are no whole number of int16 samples", (int)bytes);
	stage_begin(STAGE_FEATURES);
	size_t completed = tap_push(t, from, bytes / 2);
	stage_end(STAGE_FEATURES);
	xsmcSetInteger(xsResult, (xsIntegerValue)completed);
}

void xs_dsp_read(xsMachine *the)
{
	tap *t = tap_of(the);
	void *to;
	xsUnsignedValue bytes;
	xsmcGetBufferWritable(xsArg(0), &to, &bytes);
	if (bytes != tap_size(t))
		xsRangeError("features: the buffer has %d bytes, the features are %d", (int)bytes, (int)tap_size(t));
	tap_read(t, to, bytes);
}

void xs_dsp_lost(xsMachine *the)
{
	xsmcSetNumber(xsResult, (xsNumberValue)tap_of(the)->lost);
}

void xs_dsp_position(xsMachine *the)
{
	xsmcSetNumber(xsResult, (xsNumberValue)tap_position(tap_of(the)));
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

void xs_spectrum_orders(xsMachine *the)
{
	tap *t = spectrum_of(the);
	void *to;
	xsUnsignedValue bytes;
	xsmcGetBufferWritable(xsArg(0), &to, &bytes);
	if (!t->orders)
		xsUnknownError("Spectrum: was made without orders");
	if (bytes != ORDERS_SIZE)
		xsRangeError("Spectrum: the buffer has %d bytes, the orders are %d", (int)bytes, ORDERS_SIZE);
	stage_begin(STAGE_FEATURES);
	size_t written = tap_read_orders(t, to, bytes);
	stage_end(STAGE_FEATURES);
	xsmcSetBoolean(xsResult, written > 0);
}

/* Closing twice is harmless. */
void xs_dsp_close(xsMachine *the)
{
	if (!xsmcGetHostData(xsThis))
		return;
	native_free(xsmcGetHostDataValidate(xsThis, xs_dsp_destructor));
	xsmcSetHostData(xsThis, NULL);
}
