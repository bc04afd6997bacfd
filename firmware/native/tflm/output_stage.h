/* The output stage that FULLY_CONNECTED, CONV_2D and DEPTHWISE_CONV_2D share: int32 sums of products become int8 outputs.

       output = clamp(zero_point + (sum + bias[channel]) * ratio[channel])

   The ratio of a channel is input scale * weight scale / output scale. */
#ifndef OUTPUT_STAGE_H
#define OUTPUT_STAGE_H
#include "operators.h"
#include "quantized.h"

typedef struct {
	const int32_t *bias; /* NULL: none */
	const int32_t *multipliers;
	const int8_t *shifts;
	int16_t zero_point;
	int8_t low, high;
	uint8_t per_channel; /* 0: the first ratio is that of all channels */
	uint8_t rounding;
} tflm_output_stage;

/* How the ratio is computed: conv in double, per channel; dense as TFLite's FULLY_CONNECTED, whose product of one input
   and one weight scale is rounded to float32 first. */
typedef enum { TFLM_RATIOS_CONV, TFLM_RATIOS_DENSE } tflm_ratios;

/* Checks types, scales, bias and activation of inputs [values, weights, bias] and the output; weights have `channels`
   along dimension `dimension`. Adds the bytes that the stage keeps to needs->data. */
tflm_code tflm_check_output_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation,
	tflm_needs *needs);
/* `memory` takes the bytes that the check has added. */
void tflm_make_output_stage(tflm_output_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation,
	void *memory, tflm_rounding rounding);

/* Outputs of `count` channels from `channel` on. Sums are modulo 2^32: they wrap where TFLite's would overflow. */
void tflm_finish(const tflm_output_stage *stage, uint32_t channel, uint32_t count, const uint32_t *sums, int8_t *output);
#endif
