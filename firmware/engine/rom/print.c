/* Prints the shared machine's heap as constant C for a target of any word size. A pointer to a slot becomes H(index) into
   the printed heap; a pointer to a C function becomes FN(index into this module's function table), which the build turns
   into the function's name; a made-up native address becomes the native's name. */
#include "rom.h"

static txSlot *base, *limit;
static int *place; /* by slot: its index in the printed heap, -1 when it is free */
static int arrays;
static const char *const *names;

static void out_slot(const txSlot *slot)
{
	if (!slot) {
		out("0");
		return;
	}
	if (slot < base || slot >= limit) rom_fail("a pointer leads out of the heap");
	if (place[slot - base] < 0) rom_fail("a pointer leads to a free slot");
	out("H(%d)", place[slot - base]);
}

static void out_pair(const char *field, const txSlot *a, const txSlot *b)
{
	out(".%s={", field);
	out_slot(a);
	out(",");
	out_slot(b);
	out("}");
}

static void out_function(uintptr_t address)
{
	if (!address) out("0");
	else if (address >= NATIVE_ADDRESS) out("(txCallback)%s", names[address - NATIVE_ADDRESS]);
	else out("FN(%lu)", (unsigned long)address);
}

static void out_value(const txSlot *slot)
{
	switch (slot->kind) {
	case XS_UNINITIALIZED_KIND: case XS_UNDEFINED_KIND: case XS_NULL_KIND: out(".integer=0"); break;
	case XS_BOOLEAN_KIND: out(".boolean=%d", slot->value.boolean); break;
	case XS_INTEGER_KIND: case XS_PROMISE_KIND: out(".integer=%d", (int)slot->value.integer); break;
	case XS_NUMBER_KIND: case XS_DATE_KIND: out(".number="); out_number(slot->value.number); break;
	case XS_STRING_KIND: case XS_STRING_X_KIND: out(".string="); out_string(slot->value.string); break;
	case XS_SYMBOL_KIND: out(".symbol=%u", (unsigned)slot->value.symbol); break;
	case XS_REFERENCE_KIND: out(".reference="); out_slot(slot->value.reference); break;
	case XS_CLOSURE_KIND: out(".closure="); out_slot(slot->value.closure); break;
	case XS_INSTANCE_KIND: out_pair("instance", NULL, slot->value.instance.prototype); break;
	case XS_ACCESSOR_KIND: out_pair("accessor", slot->value.accessor.getter, slot->value.accessor.setter); break;
	case XS_HOME_KIND: out_pair("home", slot->value.home.object, slot->value.home.module); break;
	case XS_LIST_KIND: out_pair("list", slot->value.list.first, slot->value.list.last); break;
	case XS_PROXY_KIND: out_pair("proxy", slot->value.proxy.handler, slot->value.proxy.target); break;
	case XS_EXPORT_KIND: out_pair("export", slot->value.export.closure, slot->value.export.module); break;
	case XS_ARRAY_KIND:
		if (slot->value.array.address) out(".array={(txSlot*)A%d+1,%u}", arrays++, (unsigned)slot->value.array.length);
		else out(".array={0,%u}", (unsigned)slot->value.array.length);
		break;
	case XS_CALLBACK_KIND: case XS_CALLBACK_X_KIND:
		out(".callback={");
		out_function((uintptr_t)slot->value.callback.address);
		out(",");
		out_slot(slot->value.callback.closures);
		out("}");
		break;
	case XS_HOST_KIND:
		out(".host={0,{.destructor=(txDestructor)");
		out_function((uintptr_t)slot->value.host.variant.destructor);
		out("}}");
		break;
	case XS_CODE_KIND: case XS_CODE_X_KIND:
		if (slot->value.code.address != (txByte *)gxNoCode) rom_fail("a function with bytecode is in the heap");
		out(".code={(txByte*)gxNoCode,0}");
		break;
	case XS_KEY_KIND: case XS_KEY_X_KIND:
		out(".key={");
		out_string(slot->value.key.string);
		out(",0x%xu}", (unsigned)slot->value.key.sum);
		break;
	case XS_MODULE_KIND: case XS_PROGRAM_KIND:
		out(".module={");
		out_slot(slot->value.module.realm);
		out(",%u}", (unsigned)slot->value.module.id);
		break;
	case XS_ERROR_KIND:
		out(".error={");
		out_slot(slot->value.error.info);
		out(",%d}", (int)slot->value.error.which);
		break;
	case XS_WEAK_MAP_KIND: case XS_WEAK_SET_KIND: out(".weakList={0,0}"); break;
	case XS_BUFFER_INFO_KIND: out(".bufferInfo={%d,%d}", (int)slot->value.bufferInfo.length, (int)slot->value.bufferInfo.maxLength); break;
	case XS_DATA_VIEW_KIND: out(".dataView={%d,%d}", (int)slot->value.dataView.offset, (int)slot->value.dataView.size); break;
	case XS_TYPED_ARRAY_KIND:
		out(".typedArray={(txTypeDispatch*)gxTypeDispatches+%d,(txTypeAtomics*)gxTypeAtomics+%d}",
			(int)(slot->value.typedArray.dispatch - gxTypeDispatches), (int)(slot->value.typedArray.atomics - gxTypeAtomics));
		break;
	case XS_REGEXP_KIND:
		if (slot->value.regexp.code) rom_fail("a compiled regular expression is in the heap");
		out(".regexp={0,0}");
		break;
	case XS_ARRAY_BUFFER_KIND:
		if (slot->value.arrayBuffer.address) rom_fail("an array buffer with bytes is in the heap");
		out(".arrayBuffer={0,0}");
		break;
	default: rom_fail("a slot of kind %d cannot be printed", slot->kind);
	}
}

/* index: of an array's item, which stands where `next` does; -1 for a slot of the heap or the stack */
static void out_entry(const txSlot *slot, long index)
{
	int kind = slot->kind;
	if (kind == XS_STRING_KIND) kind = XS_STRING_X_KIND;
	else if (kind == XS_KEY_KIND) kind = XS_KEY_X_KIND;
	else if (kind == XS_CODE_KIND) kind = XS_CODE_X_KIND;
	out("{.next=");
	if (index >= 0) out("(txSlot*)%ld", index);
	else if (slot >= base && slot < limit) out_slot(slot->next);
	else out("0");
	out(",.ID=%u,.flag=%u,.kind=%d,.value={", (unsigned)slot->ID, slot->flag, kind);
	out_value(slot);
	out("}},\n");
}

static void out_arrays(txMachine *the)
{
	int array = 0;
	for (txSlot *slot = base + 1; slot < limit; slot++) {
		if (place[slot - base] <= 0 || slot->kind != XS_ARRAY_KIND || !slot->value.array.address) continue;
		txIndex count = fxGetIndexSize(the, slot);
		out("static const txSlot A%d[] = {{.next=0,.value={.integer=%d}},\n", array++, (int)(count * 16)); /* stands for the chunk's header */
		for (txIndex i = 0; i < count; i++) {
			txSlot item = slot->value.array.address[i];
			out_entry(&item, (long)*(txIndex *)&slot->value.array.address[i]);
		}
		out("};\n");
	}
}

static void out_table(const char *name, txSlot *const *table, txSize count)
{
	out("static txSlot *const %s[] = {\n", name);
	for (txSize i = 0; i < count; i++) {
		out_slot(table[i]);
		out(",\n");
	}
	out("};\n");
}

void rom_print(txMachine *the, const rom_script *scripts, int count, const char *const *natives)
{
	names = natives;
	base = the->firstHeap;
	limit = base->value.reference;
	if (base->next) rom_fail("more than one heap");
	place = calloc((size_t)(limit - base), sizeof *place);
	place[0] = -1;
	for (txSlot *slot = the->freeHeap; slot; slot = slot->next) place[slot - base] = -1;
	int slots = 1; /* H(0) is the heap's header */
	for (txSlot *slot = base + 1; slot < limit; slot++)
		if (!place[slot - base]) place[slot - base] = slots++;

	out("#include \"xsAll.h\"\n#include \"xsScript.h\"\n");
	for (const char *const *native = natives; *native; native++) out("extern void %s(void *);\n", *native);
	out("#define HEAP_COUNT %d\nstatic const txSlot heap[HEAP_COUNT];\n#define H(I) ((txSlot*)&heap[I])\n", slots + 1);
	out_arrays(the);
	for (int i = 0; i < count; i++) {
		const txScript *script = scripts[i].script;
		out("static const txU1 code%d[] = {", i);
		for (txSize j = 0; j < script->codeSize; j++) out(j % 32 ? "%u," : "\n%u,", ((txU1 *)script->codeBuffer)[j]);
		out("};\n");
	}
	out("static const txSlot heap[HEAP_COUNT] = {\n{.next=0,.value={.reference=(txSlot*)&heap[HEAP_COUNT-1]}},\n");
	for (txSlot *slot = base + 1; slot < limit; slot++)
		if (place[slot - base] > 0) out_entry(slot, -1);
	out("{.next=0}\n};\nstatic const txSlot stack[] = {\n");
	for (txSlot *slot = the->stack; slot < the->stackTop; slot++) out_entry(slot, -1);
	out("};\n");
	out_table("keys", the->keyArray, the->keyIndex);
	out_table("name_table", the->nameTable, the->nameModulo);
	out_table("symbol_table", the->symbolTable, the->symbolModulo);
	out("static const txScript scripts[] = {\n");
	for (int i = 0; i < count; i++)
		out("{.codeBuffer=(txS1*)code%d,.codeSize=%d,.path=(txString)\"%s\",.version={%d,%d,%d,0}},\n", i,
			(int)scripts[i].script->codeSize, scripts[i].name, XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION);
	out("};\nconst txPreparation rom_preparation = {.version={%d,%d,%d,0},.aliasCount=%d,.heapCount=HEAP_COUNT,.heap=H(0),",
		XS_MAJOR_VERSION, XS_MINOR_VERSION, XS_PATCH_VERSION, (int)the->aliasCount);
	out(".stackCount=%d,.stack=(txSlot*)stack,.keyCount=%d,.keys=(txSlot**)keys,", (int)(the->stackTop - the->stack), (int)the->keyIndex);
	out(".nameModulo=%d,.names=(txSlot**)name_table,.symbolModulo=%d,.symbols=(txSlot**)symbol_table,", (int)the->nameModulo, (int)the->symbolModulo);
	out(".scriptCount=%d,.scripts=(txScript*)scripts};\n", count);
}
