/* What the versions of SOFTMAX share: e^x / sum of e^x, over the last dimension. */
#ifndef SOFTMAX_H
#define SOFTMAX_H
#include "../operators.h"
#include "../quantized.h"

typedef struct {
	const void *input;
	void *output;
	uint32_t rows, depth;
	union {
		float beta; /* of float32 */
		int32_t multiplier; /* from differences of inputs to what e^x is made of */
	};
	int32_t least; /* differences below count as nothing (int8), or as much as it (int16) */
	int8_t shift;
	uint8_t rounding, output_type;
} tflm_softmax_data;

/* In float32. */
void tflm_softmax_run_float(const void *data);

/* With int16 inputs and outputs: the ratio of differences of inputs. */
tflm_code tflm_softmax_check_int16(const tflm_node *node, float beta, tflm_ratio *ratio);
void tflm_softmax_run_int16(const void *data);
#endif
