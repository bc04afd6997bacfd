/* The output stage that FULLY_CONNECTED, CONV_2D and DEPTHWISE_CONV_2D share: int32 sums of products become int8 outputs.

       output = clamp(zero_point + (sum + bias[channel]) * ratio[channel])

   The ratio of a channel is input scale * weight scale / output scale. */
#ifndef OUTPUT_STAGE_H
#define OUTPUT_STAGE_H
#include "operators.h"
#include "quantized.h"

typedef struct {
	const int32_t *bias; /* NULL: none */
	const float *scales; /* of the weights, one a channel; NULL when one ratio is that of all channels */
	union {
		float input_scale; /* with scales */
		int32_t multiplier; /* without */
	};
	float output_scale;
	int16_t zero_point;
	int8_t low, high;
	int8_t shift; /* of the one ratio */
	uint8_t rounding;
} tflm_output_stage;

/* How the ratio is computed: conv in double, per channel; dense as TFLite's FULLY_CONNECTED, whose product of one input
   and one weight scale is rounded to float32 first. */
typedef enum { TFLM_RATIOS_CONV, TFLM_RATIOS_DENSE } tflm_ratios;

/* Checks types, scales, bias and activation of inputs [values, weights, bias] and the output, all of int8; weights have
   `channels` along dimension `dimension`. */
tflm_code tflm_check_output_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation);
/* The same, of int8 or int16 and with an int64 bias as well when int16: see wide_stage.h. */
tflm_code tflm_check_stage(const tflm_node *node, tflm_ratios ratios, int32_t dimension, int32_t activation);
void tflm_make_output_stage(tflm_output_stage *stage, const tflm_node *node, tflm_ratios ratios, int32_t activation);

/* Ratios of `count` channels from `channel` on. They are computed anew at every run, from the scales in the file, since
   that costs little and keeping them would cost five bytes of RAM a channel. */
void tflm_ratios_of(const tflm_output_stage *stage, uint32_t channel, uint32_t count, int32_t *multipliers,
	int8_t *shifts);

/* The output of a channel with that ratio. Sums are modulo 2^32: they wrap where TFLite's would overflow. */
static inline int8_t tflm_finish(const tflm_output_stage *stage, uint32_t channel, uint32_t sum, int32_t multiplier,
	int shift)
{
	int32_t whole = (int32_t)(sum + (stage->bias ? (uint32_t)stage->bias[channel] : 0));
	int32_t value = tflm_rescale(whole, multiplier, shift, stage->rounding);
	return tflm_to_int8(value, stage->zero_point, stage->low, stage->high);
}
#endif
