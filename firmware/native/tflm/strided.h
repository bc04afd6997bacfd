/* Copies between two layouts in memory that are walked in even steps, which may be negative: transposing, slicing and
   padding differ in their steps alone. Dimensions of one index are left out, neighbours that lie in both layouts as if
   they were one become one, and an innermost one without gaps becomes a block of bytes. */
#ifndef STRIDED_H
#define STRIDED_H
#include "operators.h"

typedef struct {
	uint32_t count;
	int32_t from, to; /* bytes from one index to the next */
} tflm_steps;

/* What is to be copied, before it is simplified. */
typedef struct {
	uint32_t block, rank; /* block: bytes of an element */
	tflm_steps dims[TFLM_RANK]; /* outermost first; all counts above 0 */
} tflm_strides;

typedef struct {
	const uint8_t *from; /* the first block's */
	uint8_t *to;
	uint32_t block, rank;
	tflm_steps dims[];
} tflm_strided;

/* Simplifies, as told above. */
void tflm_simplify_strides(tflm_strides *strides);
/* Bytes of the copy that has been simplified, and the copy itself. */
uint32_t tflm_strided_bytes(const tflm_strides *strides);
void tflm_make_strided(tflm_strided *copy, const tflm_strides *strides, const void *from, void *to);
void tflm_run_strided(const tflm_strided *copy);
#endif
