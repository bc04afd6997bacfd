/* The ROM linker. It runs when firmware is built, as wasm, and does once what a device would do at every start: makes a
   machine with all its built-in objects, compiles the agent to bytecode, gives every name its final number. Then it prints
   the heap as constant C (print.c), so that on the device all of it lies in flash and runs from there; RAM holds only what
   the agent changes. XS's preparation and alias machinery, meant for the SDK's linker, does the rest.

   The built-ins are frozen: that needs no table of aliases in RAM (4 bytes for every object), and no code can change
   Array.prototype under another. */
#include "rom.h"

#include "natives.h"

#define NATIVES 256
#define IMPORT(name) __attribute__((import_module("linker"), import_name(name)))
extern void report(const char *text, size_t length) IMPORT("report");

static txMachine *machine;
static rom_script scripts[SCRIPTS];
static int script_count;
static const char *natives[NATIVES + 1];
static int native_count;

/* The engine's memory, from the C library here: the linker has as much as it wants. */
void *pool_alloc(size_t bytes) { return malloc(bytes); }
void *pool_alloc_zeroed(size_t count, size_t bytes) { return calloc(count, bytes); }
void *pool_resize(void *memory, size_t bytes) { return realloc(memory, bytes); }
void pool_free(void *memory) { free(memory); }
void *fxAllocateChunks(txMachine *the, txSize size) { (void)the; return malloc((size_t)size); }
void fxFreeChunks(txMachine *the, void *chunks) { (void)the; free(chunks); }
txSlot *fxAllocateSlots(txMachine *the, txSize count) { (void)the; return malloc((size_t)count * sizeof(txSlot)); }
void fxFreeSlots(txMachine *the, void *slots) { (void)the; free(slots); }
void fxCreateMachinePlatform(txMachine *the) { (void)the; }
void fxDeleteMachinePlatform(txMachine *the) { (void)the; }
void fxQueuePromiseJobs(txMachine *the) { (void)the; }
char *fxCStackLimit(void) { return NULL; }
txID fxFindModule(txMachine *the, txSlot *realm, txID from, txSlot *name) { (void)the; (void)realm; (void)from; (void)name; return XS_NO_ID; }
void fxLoadModule(txMachine *the, txSlot *module, txID id) { (void)the; (void)module; (void)id; }
txScript *fxParseScript(txMachine *the, void *stream, txGetter getter, txUnsigned flags) { (void)the; (void)stream; (void)getter; (void)flags; return NULL; }
int engine_gettimeofday(struct timeval *time, void *zone) { (void)zone; memset(time, 0, sizeof *time); return 0; }
int engine_rand(void) { return 0; }
uint32_t modMilliseconds(void) { return 0; }
void fxAbort(txMachine *the, int status) { (void)the; rom_fail("the engine stopped with status %d", status); }

/* xsAPI.c and xsModule.c are compiled with mxLink: they ask the linker for what they would do themselves on a device. */
txCallback fxNewLinkerCallback(txMachine *the, txCallback callback, txString name) { (void)the; (void)name; return callback; }
#undef fxBuildHostConstructor
#undef fxBuildHostFunction
txSlot *fxBuildHostConstructor(txMachine *the, txCallback callback, txInteger length, txInteger name) { return fxNewHostConstructor(the, callback, length, name); }
txSlot *fxBuildHostFunction(txMachine *the, txCallback callback, txInteger length, txInteger name) { return fxNewHostFunction(the, callback, length, name, XS_NO_ID); }

/* Their addresses are all that matters here: the device's own stand in natives.c. */
void native_look_up(txMachine *the) { (void)the; }
void native_construct(txMachine *the) { (void)the; }
void native_trace(txMachine *the) { (void)the; }

void rom_fail(const char *format, ...)
{
	char line[256];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	report(line, length < (int)sizeof line ? (size_t)length : sizeof line - 1);
	__builtin_trap();
}

__attribute__((export_name("rom_alloc"))) void *rom_alloc(size_t bytes) { return malloc(bytes); }

__attribute__((export_name("rom_begin"))) void rom_begin(void)
{
	txCreation creation = { 1 << 20, 1 << 16, 30000, 1000, 4096, 4000, 16, 127, 127, 32768, 1993, 0 };
	machine = fxCreateMachine(&creation, "linker", NULL, XS_NO_ID);
	if (!machine) rom_fail("no machine");
	fxBeginHost(machine);
}

/* The number that the name has in this image; C code gets it as xsID_name. */
__attribute__((export_name("rom_name"))) int rom_name(char *name) { return fxNewNameC(machine, name); }

/* A C function of the image, for native() or, when its name ends in _destructor, for Native(). */
__attribute__((export_name("rom_native"))) void rom_native(char *name)
{
	if (native_count == NATIVES) rom_fail("more than %d native functions", NATIVES);
	natives[native_count++] = name;
}

/* Gives the object a property with the value on the stack, in place of one that it has. */
static void define(txMachine *the, txSlot *object, txID id)
{
	txFlag flags = XS_DONT_ENUM_FLAG | XS_DONT_SET_FLAG | XS_DONT_DELETE_FLAG;
	txSlot *property = mxBehaviorGetProperty(the, object, id, 0, XS_OWN);
	if (property) {
		property->kind = the->stack->kind;
		property->value = the->stack->value;
	}
	else fxNextSlotProperty(the, fxLastProperty(the, object), the->stack, id, flags);
	mxPop();
}

static int is_destructor(const char *name)
{
	size_t length = strlen(name);
	return length > 11 && !strcmp(name + length - 11, "_destructor");
}

static void define_natives(txMachine *the)
{
	txSlot *global = mxGlobal.value.reference;
	txSlot *look_up = fxNewHostFunction(the, native_look_up, 1, XS_NO_ID, XS_NO_ID);
	for (int i = 0; i < native_count; i++) {
		txCallback address = (txCallback)(uintptr_t)(NATIVE_ADDRESS + (unsigned)i);
		if (is_destructor(natives[i])) {
			fxNewHostObject(the, (txDestructor)(uintptr_t)(NATIVE_ADDRESS + (unsigned)i));
			fxNewHostConstructor(the, native_construct, 0, XS_NO_ID);
		}
		else fxNewHostFunction(the, address, 0, XS_NO_ID, XS_NO_ID);
		define(the, look_up, fxNewNameC(the, (txString)natives[i]));
	}
	mxDub();
	define(the, global, fxNewNameC(the, "Native"));
	define(the, global, fxNewNameC(the, "native"));
	fxNewHostFunction(the, native_trace, 1, XS_NO_ID, XS_NO_ID);
	define(the, global, fxNewNameC(the, "trace"));
}

typedef struct { const char *at, *end; } text_stream;
static int next_character(void *stream)
{
	text_stream *text = stream;
	return text->at < text->end ? (unsigned char)*text->at++ : C_EOF;
}

static txScript *parse(char *source, size_t size, char *path)
{
	txParser the_parser, *parser = &the_parser;
	txParserJump jump;
	text_stream stream = { source, source + size };
	txScript *script = NULL;
	fxInitializeParser(parser, machine, machine->parserBufferSize, machine->parserTableModulo);
	parser->firstJump = &jump;
	if (c_setjmp(jump.jmp_buf) == 0) {
		parser->path = fxNewParserSymbol(parser, path);
		fxParserTree(parser, &stream, next_character, 0, NULL);
		fxParserHoist(parser);
		fxParserBind(parser);
		script = fxParserCode(parser);
	}
	if (parser->errorCount || !script) rom_fail("%s: XS finds %d errors", path, (int)parser->errorCount);
	fxTerminateParser(parser);
	return script;
}

/* Opcodes that copy code or strings to RAM, turned into those that use them where they lie. */
static void keep_in_flash(txByte *code, txSize size)
{
	txByte *end = code + size;
	while (code < end) {
		txU1 op = *(txU1 *)code;
		txS1 length = gxCodeSizes[op];
		switch (op) {
		case XS_CODE_CODE_1: *(txU1 *)code = XS_CODE_CODE_ARCHIVE_1; break;
		case XS_CODE_CODE_2: *(txU1 *)code = XS_CODE_CODE_ARCHIVE_2; break;
		case XS_CODE_CODE_4: *(txU1 *)code = XS_CODE_CODE_ARCHIVE_4; break;
		case XS_CODE_STRING_1: *(txU1 *)code = XS_CODE_STRING_ARCHIVE_1; break;
		case XS_CODE_STRING_2: *(txU1 *)code = XS_CODE_STRING_ARCHIVE_2; break;
		case XS_CODE_STRING_4: *(txU1 *)code = XS_CODE_STRING_ARCHIVE_4; break;
		default: break;
		}
		/* a positive length is the whole opcode's, 0 means a name follows, negative a count of that many bytes */
		if (length > 0) code += length;
		else if (length == 0) code += 1 + sizeof(txID);
		else if (length == -1) code += 2 + (size_t)*(txU1 *)(code + 1);
		else if (length == -2) { txU2 count; memcpy(&count, code + 1, 2); code += 3 + (size_t)count; }
		else { txS4 count; memcpy(&count, code + 1, 4); code += 5 + count; }
	}
}

extern void fxRemapIDs(txMachine *the, txByte *code, txSize size, txID *ids);

/* Compiles a module and gives its names their numbers. */
__attribute__((export_name("rom_module"))) void rom_module(char *name, char *source, size_t size)
{
	if (script_count == SCRIPTS) rom_fail("more than %d modules", SCRIPTS);
	txScript *script = parse(source, size, name);
	txByte *symbols = script->symbolsBuffer;
	txID count;
	mxDecodeID(symbols, count);
	txID *ids = malloc(count * sizeof(txID));
	ids[0] = XS_NO_ID;
	for (txID i = 1; i < count; i++) {
		ids[i] = fxNewNameC(machine, (txString)symbols);
		symbols += strlen((char *)symbols) + 1;
	}
	fxRemapIDs(machine, script->codeBuffer, script->codeSize, ids);
	keep_in_flash(script->codeBuffer, script->codeSize);
	fxNewNameC(machine, name);
	scripts[script_count++] = (rom_script){ name, script };
	free(ids);
}

static void freeze(txMachine *the)
{
	for (txSlot *slot = the->firstHeap + 1; slot < the->firstHeap->value.reference; slot++) {
		if (slot->kind != XS_INSTANCE_KIND) continue;
		slot->flag |= XS_DONT_PATCH_FLAG;
		for (txSlot *property = slot->next; property; property = property->next) {
			if (property->kind != XS_ACCESSOR_KIND) property->flag |= XS_DONT_SET_FLAG;
			property->flag |= XS_DONT_DELETE_FLAG;
		}
	}
}

__attribute__((export_name("rom_end"))) void rom_end(void)
{
	txMachine *the = machine;
	define_natives(the);
	fxEndHost(the);
	fxCollectGarbage(the);
	freeze(the);
	fxShareMachine(the);
	rom_print(the, scripts, script_count, natives);
}
