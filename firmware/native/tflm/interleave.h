/* Joining tensors along an axis, and taking one apart. The bytes of the whole are rows, one for each index of the
   dimensions in front of the axis, and a row is a run of bytes of each part in turn. */
#ifndef INTERLEAVE_H
#define INTERLEAVE_H
#include "operators.h"

typedef struct {
	uint8_t *whole; /* read only when it is taken apart */
	uint32_t rows, count;
	struct {
		uint8_t *bytes; /* read only when they are joined */
		uint32_t row;   /* of a row */
	} parts[];
} tflm_interleave;

/* Bytes of one with so many parts. */
uint32_t tflm_interleave_bytes(uint32_t parts);

/* How parts lie along the axis of the whole. */
typedef enum {
	TFLM_ALONG_AXIS, /* their sizes along it add up to its size */
	TFLM_AT_INDEX    /* each is at one index of it, and lacks that dimension itself */
} tflm_part_kind;

/* Checks that the node's inputs (of a whole that is its output) or outputs (of one that is its input `whole`) are parts
   of the whole along the axis, in shape and type; notes in `needs` what their interleave takes. */
tflm_code tflm_check_join(const tflm_node *node, int32_t axis, tflm_part_kind kind, tflm_needs *needs);
tflm_code tflm_check_split(const tflm_node *node, const tflm_tensor *whole, int32_t axis, tflm_part_kind kind,
	tflm_needs *needs);
/* Fill `data` with a tflm_interleave, and return what runs it. */
tflm_run tflm_prepare_join(const tflm_node *node, int32_t axis, void *data);
tflm_run tflm_prepare_split(const tflm_node *node, const tflm_tensor *whole, int32_t axis, void *data);

/* The dimension that an axis means, which counts from the end when below 0; -1 when there is none. */
int32_t tflm_axis_of(int32_t axis, int32_t rank);
/* The same of an axis that is a constant of one int32; -1 when it is not. */
int32_t tflm_constant_axis(const tflm_tensor *axis, int32_t rank);
#endif
