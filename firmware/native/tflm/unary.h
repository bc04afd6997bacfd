/* Element-wise operators of one input, in float32, int8 and int16. Each is a function of one number; the loop, and what
   goes into it and comes out of it, is here. An int8 operator has but 256 different answers: more elements than that are
   looked up. */
#ifndef UNARY_H
#define UNARY_H
#include "operators.h"
#include "quantized.h"

typedef struct tflm_unary tflm_unary;
struct tflm_unary {
	const void *input;
	void *output;
	uint32_t elements;
	union { /* the function; that of integers gives steps above zero_output, which are cut to what the type can hold */
		float (*of_real)(const tflm_unary *op, float x);
		int32_t (*of_steps)(const tflm_unary *op, int32_t x);
	};
	union { /* the operator's own */
		int32_t values[2];
		tflm_ratio ratio;
		float factor;
	};
	int32_t multiplier;
	int8_t shift;
	uint8_t type, rounding;
	int16_t zero_input, zero_output; /* quantized */
};

/* Checks types, quantization (int16 with zero point 0) and shapes; says how many bytes a tflm_unary takes. */
tflm_code tflm_check_unary(const tflm_node *node, tflm_needs *needs);
/* Fills all but what is the operator's own; returns the function that runs it. x is a float, or an integer from which the
   input's zero point has been subtracted. */
tflm_run tflm_prepare_unary(const tflm_node *node, tflm_unary *op, float (*of_real)(const tflm_unary *op, float x),
	int32_t (*of_steps)(const tflm_unary *op, int32_t x));
#endif
