/* SignalPCAN (per-channel amplitude normalization): multiplies each channel by a gain that falls with its noise,
   and compresses what is small. The gain is a table: values at 0, 1 and 2, then a parabola over each octave of
   the noise. As signal/src/pcan_argc_fixed.cc of TFLite Micro. */
#include "../flexbuffer.h"
#include "tensor_checks.h"

enum { SNR_BITS = 12, OUTPUT_BITS = 6 };
/* Four numbers for each of the octaves from 2 to 2^31, the last of which is not used. */
enum { TABLE = 4 * 32 - 3 };

typedef struct {
	const uint32_t *input, *noise;
	const int16_t *gains;
	uint32_t *output;
	uint32_t elements;
	uint8_t shift;
} pcan;

static tflm_code check(const tflm_node *node, tflm_needs *needs)
{
	const tflm_tensor *input = &node->input[0], *noise = &node->input[1], *gains = &node->input[2];
	int32_t shift;
	static const uint8_t types[] = {TFLM_UINT32, TFLM_UINT32, TFLM_INT16, TFLM_UINT32};
	TFLM_TRY(tflm_need_types(node, 3, types));
	TFLM_TRY(tflm_need_same_shape(node, input, noise));
	TFLM_TRY(tflm_need_same_shape(node, input, &node->output));
	if (gains->elements < TABLE) return tflm_fail(node, TFLM_BAD_SHAPE, gains, (int32_t)gains->elements);
	needs->data = sizeof(pcan);
	return tflm_custom_option(node, "snr_shift", 0, 63, &shift);
}

static int16_t gain_of(const int16_t *gains, uint32_t noise)
{
	uint32_t octave = 2;
	if (noise <= 2) return gains[noise];
	while (octave < 32 && noise >> octave) octave++;
	const int16_t *parabola = gains + 4 * octave - 6;
	uint32_t place = (octave < 11 ? noise << (11 - octave) : noise >> (octave - 11)) & 0x3ff;
	uint32_t slope = (uint32_t)(parabola[2] * (int32_t)place >> 5) + ((uint32_t)parabola[1] << 5);
	int32_t rise = (int32_t)(slope * place + (1 << 14)) >> 15;
	return (int16_t)(rise + parabola[0]);
}

static void run(const void *data)
{
	const pcan *op = data;
	for (uint32_t i = 0; i < op->elements; i++) {
		uint32_t gain = (uint32_t)gain_of(op->gains, op->noise[i]);
		uint32_t snr = (uint32_t)((uint64_t)op->input[i] * gain >> op->shift);
		/* x^2 / 4 below 2, x - 1 from there on */
		if (snr < 2u << SNR_BITS) op->output[i] = snr * snr >> (2 + 2 * SNR_BITS - OUTPUT_BITS);
		else op->output[i] = (snr >> (SNR_BITS - OUTPUT_BITS)) - (1 << OUTPUT_BITS);
	}
}

static tflm_run prepare(const tflm_node *node, void *data)
{
	pcan *op = data;
	int32_t shift = 0;
	(void)tflm_custom_option(node, "snr_shift", 0, 63, &shift);
	op->input = tflm_values(&node->input[0]);
	op->noise = tflm_values(&node->input[1]);
	op->gains = tflm_values(&node->input[2]);
	op->output = (uint32_t *)(void *)node->output.data;
	op->elements = node->output.elements;
	op->shift = (uint8_t)shift;
	return run;
}

const tflm_operator tflm_signal_pcan = {
	.name = "SignalPCAN", .code = TFLM_CUSTOM, .memory = TFLM_IN_PLACE, .min_inputs = 3, .max_inputs = 3, .outputs = 1,
	.check = check, .prepare = prepare,
};
