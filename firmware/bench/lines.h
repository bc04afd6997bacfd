/* What bare images say, in lines of words and hexadecimal numbers; and models' inputs and outputs as bytes. */
#ifndef LINES_H
#define LINES_H
#include "bare.h"
#include "tflm.h"

#define HASH_START 0x811c9dc5u

void print_word(const char *word);
/* Followed by `after`, a space or the line's end. */
void print_hex(uint64_t value, const char *after);

/* Fills all inputs from the bytes; how many there were. */
uint32_t read_inputs(tflm *interpreter, const uint8_t *bytes);
/* FNV-1a over the bytes of all outputs, going on from `hash`. */
uint32_t hash_outputs(const tflm *interpreter, uint32_t hash);
#endif
