/* What the versions of FULLY_CONNECTED in int8 share. */
#ifndef FULLY_CONNECTED_H
#define FULLY_CONNECTED_H
#include "../output_stage.h"
#include "../target.h"

typedef struct {
	const int8_t *input;
	union {
		const int8_t *weights; /* [outputs, inputs], perhaps not constant */
		const void *packed;    /* what the pack of a host's version has made of them */
	};
	int8_t *output;
	void *workspace; /* with packed */
	uint32_t batches, inputs, outputs;
	int16_t zero_point;            /* of the input */
	tflm_output_stage stage;
} tflm_dense;

/* In float32. */
tflm_code tflm_fully_connected_check_float(const tflm_node *node, int32_t activation, tflm_needs *needs);
tflm_run tflm_fully_connected_prepare_float(const tflm_node *node, int32_t activation, void *data);
/* With int16 activations and int8 weights. */
tflm_code tflm_fully_connected_check_int16(const tflm_node *node, int32_t activation, tflm_needs *needs);
tflm_run tflm_fully_connected_prepare_int16(const tflm_node *node, int32_t activation, void *data);

#if TFLM_SIMD128
/* Adds to needs->packed and needs->workspace; fills `packed`; runs with it. */
void tflm_fully_connected_needs_simd128(const tflm_node *node, tflm_needs *needs);
void tflm_fully_connected_pack_simd128(const tflm_dense *op, void *packed);
void tflm_fully_connected_run_simd128(const tflm_dense *op);
#endif
#if TFLM_DSP
void tflm_fully_connected_run_dsp(const tflm_dense *op);
#endif
#if TFLM_SCALAR
void tflm_fully_connected_run_scalar(const tflm_dense *op);
#endif
#endif
