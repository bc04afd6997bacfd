/* Convolutions beside int8's own fast ones: CONV_2D and DEPTHWISE_CONV_2D with int16 activations or in float32, CONV_2D
   of groups of channels, and TRANSPOSE_CONV, in all types.

   All of them are sums over the cells of a window: the output channel `o` of an output cell is the sum of products of
   some cells of the input and some cells of the filter of `o`, each of `depth` channels. Along each axis the cells that
   lie in the image are evenly spaced, in the input and in the filter, whatever stride, dilation and padding are; so the
   operators differ in that spacing alone, and types in the innermost loops. */
#ifndef CONVOLUTION_H
#define CONVOLUTION_H
#include "wide_stage.h"
#include "window.h"

typedef enum { TFLM_CONV, TFLM_DEPTHWISE, TFLM_TRANSPOSE_CONV } tflm_convolution_kind;

typedef struct {
	const void *input, *weights;
	void *output;
	uint32_t in_channels, out_channels;
	uint32_t depth;     /* input channels in the sums of an output channel: those of its group */
	int16_t zero_point; /* of the input */
	uint8_t kind;
	tflm_sweep sweep;
	union {
		tflm_output_stage stage; /* of int8 */
		struct {
			tflm_wide_stage stage;     /* begins with that of int8 */
			const int16_t *short_bias; /* that older TRANSPOSE_CONVs have instead of one of 64 bits; NULL: none */
		} wide;
		struct {
			const float *bias; /* NULL: none */
			float low, high;
		} real;
	};
} tflm_convolution_sum;

/* The cells that count for one output: lines of columns of `depth` channels. Indices of elements. */
typedef struct {
	uint32_t lines, columns, depth;
	uint32_t input, weights; /* the first cell's */
	int32_t input_y, input_x, weights_y, weights_x; /* from a line to the next, and from a column to the next */
} tflm_cells;

/* For a node whose inputs are [values, weights, bias], with values of int8, int16 or float32. The sweep is checked,
   and the weights' shape; that of TRANSPOSE_CONV goes over its output and gives its input. */
tflm_code tflm_check_convolution(const tflm_node *node, tflm_convolution_kind kind, int32_t activation,
	tflm_needs *needs);
tflm_run tflm_prepare_convolution(const tflm_node *node, tflm_convolution_kind kind, int32_t activation,
	const tflm_sweep *sweep, void *data);

/* Writes element `at` of the output, which is of that channel; the ratio is that of its scales when it is quantized. */
typedef void (*tflm_write_sum)(const tflm_convolution_sum *op, const tflm_cells *cells, uint32_t channel, uint32_t at,
	tflm_ratio ratio);
/* Calls `write` for all outputs. */
void tflm_run_convolution(const tflm_convolution_sum *op, int is_quantized, tflm_write_sum write);

/* See the files of these names. */
void tflm_run_convolution_int8(const void *data);
void tflm_run_convolution_float(const void *data);
void tflm_run_convolution_int16(const void *data);
#endif
