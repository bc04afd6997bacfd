/* The ROM linker: see link.c. */
#ifndef ROM_H
#define ROM_H
#include "xsAll.h"
#include "xsScript.h"

/* Native functions of the image are not in the linker: their addresses are made up from here on, and printed by name. */
#define NATIVE_ADDRESS 0x40000000u
#define SCRIPTS 8

typedef struct { const char *name; txScript *script; } rom_script;

/* Text that grows; the result is read through rom_text. */
void out(const char *format, ...) __attribute__((format(printf, 1, 2)));
void out_string(const char *text);
void out_number(double value);

/* Prints the shared machine and the scripts as C. */
void rom_print(txMachine *the, const rom_script *scripts, int count, const char *const *natives);
void rom_fail(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));
#endif
