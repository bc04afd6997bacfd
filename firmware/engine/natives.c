/* native("xs_x") and Native("xs_x_destructor"), as the Moddable SDK binds them at compile time. Here the ROM linker makes a
   function object for each C function and keeps it in ROM as a property of `native` itself, by its name; so a call costs
   a look-up and no memory. For a destructor that object is a constructor: what it makes carries C data, which the
   destructor frees when the object is collected. */
#include "xsAll.h"
#include "natives.h"

#include "engine.h"
#include "memory.h"

void native_look_up(txMachine *the)
{
	txID id = mxArgc > 0 && (mxArgv(0)->kind == XS_STRING_KIND || mxArgv(0)->kind == XS_STRING_X_KIND)
		? fxFindName(the, mxArgv(0)->value.string) : XS_NO_ID;
	txSlot *property = id ? mxBehaviorGetProperty(the, mxFunction->value.reference, id, 0, XS_OWN) : C_NULL;
	if (!property || property->kind != XS_REFERENCE_KIND)
		mxReferenceError("native: no C function of that name in this image");
	mxResult->kind = property->kind;
	mxResult->value = property->value;
}

/* new on what Native() gives: an object of the derived class's prototype with an empty place for C data. */
void native_construct(txMachine *the)
{
	if (mxIsUndefined(mxTarget)) mxTypeError("native class: call it with new");
	txSlot *base = mxBehaviorGetProperty(the, mxFunction->value.reference, mxID(_prototype), 0, XS_OWN);
	txSlot *kind = base->value.reference->next;
	mxPushSlot(mxTarget);
	fxGetPrototypeFromConstructor(the, &mxObjectPrototype);
	txSlot *instance = fxNewSlot(the);
	instance->kind = XS_INSTANCE_KIND;
	instance->value.instance.garbage = C_NULL;
	instance->value.instance.prototype = the->stack->value.reference;
	the->stack->value.reference = instance;
	txSlot *host = instance->next = fxNewSlot(the);
	host->flag = XS_INTERNAL_FLAG;
	host->kind = XS_HOST_KIND;
	host->value.host.data = C_NULL;
	host->value.host.variant.destructor = kind->value.host.variant.destructor;
	mxPullSlot(mxResult);
}

/* native.h's memory. XS collects garbage for its own heap's sake alone, so what forgotten objects hold of the pool is asked
   for here, when there is no room. Nothing on the heap may be pointed at while this is called: it may move. */
void *native_alloc(size_t bytes)
{
	void *memory = pool_alloc(bytes);
	if (memory) return memory;
	engine_collect();
	return pool_alloc(bytes);
}

void native_free(void *memory) { pool_free(memory); }
size_t native_available(void) { return pool_available(); }
