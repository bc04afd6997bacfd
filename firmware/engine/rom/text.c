/* The printed C, in memory. */
#include "rom.h"

static char *text;
static size_t length, capacity;

__attribute__((export_name("rom_text"))) char *rom_text(void) { return text; }
__attribute__((export_name("rom_length"))) size_t rom_length(void) { return length; }

void out(const char *format, ...)
{
	if (capacity - length < 512) {
		capacity = capacity ? capacity * 2 : 1 << 16;
		text = realloc(text, capacity);
		if (!text) rom_fail("no memory for %d bytes of text", (int)capacity);
	}
	va_list arguments;
	va_start(arguments, format);
	int count = vsnprintf(text + length, capacity - length, format, arguments);
	va_end(arguments);
	if (count < 0 || (size_t)count >= capacity - length) rom_fail("a line is too long");
	length += (size_t)count;
}

void out_string(const char *string)
{
	out("(txString)\"");
	for (; *string; string++) {
		unsigned char c = (unsigned char)*string;
		if (c < 32 || c > 126 || c == '"' || c == '\\' || c == '?') out("\\%03o", c);
		else out("%c", c);
	}
	out("\"");
}

/* A double as a C constant of exactly its bits. */
void out_number(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	uint64_t fraction = bits & 0xfffffffffffffull;
	int exponent = (int)(bits >> 52 & 0x7ff);
	const char *sign = bits >> 63 ? "-" : "";
	if (exponent == 0x7ff) out("%s%s", sign, fraction ? "NAN" : "INFINITY");
	else out("%s0x%d.%013llxp%d", sign, exponent != 0, (unsigned long long)fraction, exponent ? exponent - 1023 : -1022);
}
