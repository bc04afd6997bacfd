/* The glue between script and the interpreter, see tflm.ts. The C data is the arena, which the interpreter lies in.
   Script keeps what must live as long: the model on the interpreter, and the buffers over the arena and the interpreter
   on each other, so that the arena is not freed while something can still read it. */
#include "native.h"

#include "tflm.h"

void xs_tflm_destructor(void *data)
{
	if (data)
		native_free(data);
}

static tflm *interpreter_of(xsMachine *the)
{
	tflm *interpreter = xsmcGetHostDataValidate(xsThis, xs_tflm_destructor);
	if (!interpreter)
		xsUnknownError("model: closed");
	return interpreter;
}

/* Frees the memory and throws what is wrong. */
static void give_up(xsMachine *the, const tflm_error *error, size_t arena, void *a, void *b)
{
	char text[160];
	native_free(a);
	native_free(b);
	tflm_error_text(error, text, sizeof text);
	if (error->code == TFLM_ARENA_TOO_SMALL)
		xsRangeError("%s: %s, not %d", tflm_code_name(error->code), text, (int)arena);
	xsUnknownError("%s: %s", tflm_code_name(error->code), text);
}

void xs_tflm_constructor(xsMachine *the)
{
	void *bytes;
	xsUnsignedValue length;
	tflm_model model;
	tflm_error error;
	xsmcVars(2);
	if (xsmcArgc < 1 || xsmcTypeOf(xsArg(0)) != xsReferenceType)
		xsTypeError("model: the options must be an object");
	xsmcGet(xsVar(0), xsArg(0), xsID_arena);
	xsIntegerValue wanted = xsmcToInteger(xsVar(0));
	if (wanted <= 0)
		xsRangeError("model: an arena of %d bytes cannot be", (int)wanted);
	size_t arena = (size_t)wanted;

	xsmcGet(xsVar(0), xsArg(0), xsID_model);
	xsmcSet(xsThis, xsID_model, xsVar(0));
	xsmcSetNewArray(xsVar(1), 0);
	xsmcSet(xsThis, xsID("tensors"), xsVar(1));
	if (xsmcGetBufferReadable(xsVar(0), &bytes, &length) != xsBufferNonrelocatable)
		xsTypeError("model: not a buffer in flash or native memory, which stays where it is");
	if (tflm_open(&model, bytes, length, &error))
		give_up(the, &error, arena, NULL, NULL);

	/* The layout, which goes at once, behind the arena, which stays. */
	void *memory = native_alloc(arena);
	uint32_t layout_bytes = tflm_layout_bytes(&model);
	tflm_layout *layout = memory ? native_alloc(layout_bytes) : NULL;
	if (!layout) {
		native_free(memory);
		xsRangeError("model: no block of %d bytes and one of %d in the pool, the largest has %d", (int)arena,
			(int)layout_bytes, (int)native_available());
	}
	if (tflm_plan(layout, layout_bytes, &model, &error) ||
		!tflm_init(memory, arena, &model, layout, TFLM_ROUND_DOUBLE, NULL, &error))
		give_up(the, &error, arena, layout, memory);
	native_free(layout);
	xsmcSetHostData(xsThis, memory);
}

/* The result is the buffer over a tensor: the one of `slot` in this.tensors, which is made at its first use. */
static void show(xsMachine *the, xsIndex slot, const tflm_tensor *tensor)
{
	xsmcVars(2);
	xsmcGet(xsVar(0), xsThis, xsID("tensors"));
	xsmcGetIndex(xsResult, xsVar(0), slot);
	if (xsmcTypeOf(xsResult) == xsReferenceType)
		return;
	xsResult = xsNewHostObject(NULL);
	xsmcSetHostBuffer(xsResult, tensor->data, (xsIntegerValue)tensor->bytes);
	xsmcSetInteger(xsVar(1), (xsIntegerValue)tensor->bytes);
	xsmcDefine(xsResult, xsID_byteLength, xsVar(1), xsDontSet | xsDontDelete);
	xsmcDefine(xsResult, xsID("owner"), xsThis, xsDontSet | xsDontDelete | xsDontEnum);
	xsmcSetIndex(xsVar(0), slot, xsResult);
}

static xsIntegerValue index_of(xsMachine *the)
{
	return xsmcArgc > 0 ? xsmcToInteger(xsArg(0)) : -1;
}

void xs_tflm_input(xsMachine *the)
{
	const tflm *interpreter = interpreter_of(the);
	xsIntegerValue index = index_of(the);
	tflm_tensor tensor;
	if (index < 0 || tflm_input(interpreter, (uint32_t)index, &tensor))
		xsRangeError("model: no input %d", (int)index);
	show(the, (xsIndex)index * 2, &tensor);
}

void xs_tflm_output(xsMachine *the)
{
	const tflm *interpreter = interpreter_of(the);
	xsIntegerValue index = index_of(the);
	tflm_tensor tensor;
	if (index < 0 || tflm_output(interpreter, (uint32_t)index, &tensor))
		xsRangeError("model: no output %d", (int)index);
	show(the, (xsIndex)index * 2 + 1, &tensor);
}

void xs_tflm_invoke(xsMachine *the)
{
	tflm *interpreter = interpreter_of(the);
	stage_begin(STAGE_INFERENCE);
	tflm_invoke(interpreter);
	stage_end(STAGE_INFERENCE);
}

void xs_tflm_reset(xsMachine *the)
{
	tflm_reset(interpreter_of(the));
}

void xs_tflm_needed(xsMachine *the)
{
	xsmcSetInteger(xsResult, (xsIntegerValue)tflm_arena_bytes(interpreter_of(the)));
}

void xs_tflm_close(xsMachine *the)
{
	tflm *interpreter = xsmcGetHostDataValidate(xsThis, xs_tflm_destructor);
	tflm_tensor tensor;
	if (!interpreter)
		return;
	xsmcVars(2);
	xsmcGet(xsVar(0), xsThis, xsID("tensors"));
	for (uint32_t i = 0; !tflm_input(interpreter, i / 2, &tensor) || !tflm_output(interpreter, i / 2, &tensor); i++) {
		xsmcGetIndex(xsVar(1), xsVar(0), i);
		/* To XS a host buffer at NULL is a detached one: views of it throw. */
		if (xsmcTypeOf(xsVar(1)) == xsReferenceType)
			xsmcSetHostBuffer(xsVar(1), NULL, 0);
	}
	xsmcSetHostData(xsThis, NULL);
	native_free(interpreter);
}
