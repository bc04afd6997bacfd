/* Element-wise operators of one input, of floats or of integers. Each is a function of one number; the loop, and what
   goes into it and comes out of it, is here. An operator from bytes to bytes has but 256 different answers: more elements
   than that are looked up. */
#ifndef UNARY_H
#define UNARY_H
#include "operators.h"
#include "quantized.h"

typedef struct tflm_unary tflm_unary;
struct tflm_unary {
	const void *input;
	void *output;
	uint32_t elements;
	union { /* the function; that of integers is from steps above zero_input to steps above zero_output */
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
	uint8_t rounding, input_type, output_type;
	int32_t zero_input, zero_output;
};

/* Checks that input and output have one type, float32, int8 or int16, their quantization (int16 with zero point 0) and
   their shapes; says how many bytes a tflm_unary takes. */
tflm_code tflm_check_unary(const tflm_node *node, tflm_needs *needs);
/* Fills all but what is the operator's own; returns the function that runs it. The types may be float32 twice, or any
   two of int8, uint8, int16 and int32. Outputs are cut to what the type can hold. */
tflm_run tflm_prepare_unary(const tflm_node *node, tflm_unary *op, float (*of_real)(const tflm_unary *op, float x),
	int32_t (*of_steps)(const tflm_unary *op, int32_t x));
#endif
