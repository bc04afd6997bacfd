/* The output stage of int16 networks, whose weights are int8: sums of products become int16 outputs.

       output = clamp((sum + bias[channel]) * ratio[channel])

   With an int64 bias sums are 64 bits wide, and the ratio is reduced to 16 bits; with an int32 bias they are rounded as
   those of int8 networks. */
#ifndef WIDE_STAGE_H
#define WIDE_STAGE_H
#include "output_stage.h"

typedef struct {
	tflm_output_stage stage; /* its bias and its bounds have no meaning */
	const uint8_t *bias;     /* NULL: none */
	int16_t low, high;
	uint8_t is_wide;
} tflm_wide_stage;

/* Checks as tflm_check_output_stage does. `is_wide` says what the sums are when there is no bias. */
tflm_code tflm_check_wide_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation,
	int is_wide);
void tflm_make_wide_stage(tflm_wide_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation,
	int is_wide);

/* The output of a channel, whose ratio tflm_ratios_of(&stage->stage, channel, ...) gives. */
int16_t tflm_finish_wide(const tflm_wide_stage *stage, uint32_t channel, int64_t sum, int32_t multiplier, int shift);
#endif
