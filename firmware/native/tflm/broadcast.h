/* Element-wise operators of two inputs: shapes are aligned at their last dimensions, and a dimension of 1 is repeated.
   Neighbouring dimensions that are repeated in the same way are merged, so that equal shapes become one run. Then an input
   lies either dense or repeated along each dimension, and a count with two bits says all. */
#ifndef BROADCAST_H
#define BROADCAST_H
#include "operators.h"

typedef struct tflm_binary tflm_binary;

/* Makes `count` outputs of inputs that step by 0 or 1 elements from a and b on. */
typedef void (*tflm_binary_run)(const tflm_binary *op, const void *a, uint32_t step_a, const void *b, uint32_t step_b,
	void *output, uint32_t count);

/* What operators of two inputs need at run time. */
struct tflm_binary {
	const void *a, *b;
	void *output;
	tflm_binary_run run;
	union { /* the activation's range */
		struct { int32_t low, high; };
		struct { float low_real, high_real; };
	};
	int32_t multipliers[3]; /* ratios of a, b and the output, as far as the operator has them */
	int8_t shifts[3];
	uint8_t rounding, type, kind; /* kind: see arithmetic.h */
	int16_t zero_a, zero_b, zero_output;
	uint8_t rank, repeated_a, repeated_b; /* bit i: along dimension i */
	uint32_t counts[];                    /* innermost dimension first */
};

/* Checks that both inputs and the output have one of the types (a set of bits, 1 << TFLM_FLOAT32 ...), that int8 and int16
   are quantized (int16 with zero point 0), shapes, and the schema's value of the activation; says how many bytes a
   tflm_binary takes. */
tflm_code tflm_check_binary(const tflm_node *node, uint32_t types, int32_t activation, tflm_needs *needs);
/* Fills all but multipliers, shifts and kind; returns the function that runs it. */
tflm_run tflm_prepare_binary(const tflm_node *node, int32_t activation, tflm_binary_run run, tflm_binary *op);
#endif
