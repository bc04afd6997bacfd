#include "image_simd128.h"
#if TFLM_SIMD128
#include <wasm_simd128.h>

enum { MOST_BYTES = 1 << 24, LANES = 8 };

tflm_image tflm_image_of(const tflm_sweep *s, uint32_t channels)
{
	return (tflm_image){
		.height = (uint32_t)(s->out_height - 1) * s->stride_y + (uint32_t)(s->height - 1) * s->dilation_y + 1,
		.width = (uint32_t)(s->out_width - 1) * s->stride_x + (uint32_t)(s->width - 1) * s->dilation_x + 1,
		.channels = channels,
	};
}

uint32_t tflm_image_bytes(const tflm_image *image)
{
	uint64_t cells = (uint64_t)image->height * image->width;
	if (cells > MOST_BYTES || cells * image->channels > MOST_BYTES / 2) return 0;
	return ((uint32_t)cells * image->channels + LANES) * (uint32_t)sizeof(int16_t);
}

void tflm_widen(const int8_t *from, uint32_t count, int32_t zero_point, int16_t *to)
{
	v128_t zero = wasm_i16x8_splat((int16_t)zero_point);
	uint32_t i = 0;
	for (; i + LANES <= count; i += LANES) {
		wasm_v128_store(to + i, wasm_i16x8_sub(wasm_i16x8_load8x8(from + i), zero));
	}
	for (; i < count; i++) to[i] = (int16_t)(from[i] - zero_point);
}

/* Ranges are short: a call of memory.fill would take longer. Up to 7 values more. */
__attribute__((no_builtin("memset"))) static void clear(int16_t *to, uint32_t count)
{
	for (uint32_t i = 0; i < count; i += LANES) wasm_v128_store(to + i, wasm_i16x8_const_splat(0));
}

/* Cells of eight channels. */
static void widen_eights(const int8_t *from, uint32_t step, uint32_t cells, int32_t zero_point, int16_t *to)
{
	v128_t zero = wasm_i16x8_splat((int16_t)zero_point);
	for (; cells; cells--, from += step, to += LANES) {
		wasm_v128_store(to, wasm_i16x8_sub(wasm_i16x8_load8x8(from), zero));
	}
}

/* Cells of a line. What is written behind them is where the next will be. */
static void fill_cells(const tflm_image *image, const int8_t *from, uint32_t step, uint32_t count, uint32_t cells,
	int32_t zero_point, int16_t *to)
{
	if (step == image->channels) {
		tflm_widen(from, cells * step, zero_point, to);
		return;
	}
	if (count == LANES) {
		widen_eights(from, step, cells, zero_point, to);
		return;
	}
	for (; cells; cells--, from += step, to += image->channels) {
		clear(to, image->channels);
		tflm_widen(from, count, zero_point, to);
	}
}

void tflm_fill_image(const tflm_image *image, const tflm_sweep *s, const int8_t *input, uint32_t step, uint32_t count,
	int32_t zero_point, int16_t *values)
{
	uint32_t line = image->width * image->channels, left = s->pad_x < image->width ? s->pad_x : image->width;
	uint32_t cells = image->width - left < s->in_width ? image->width - left : s->in_width;
	uint32_t right = image->width - left - cells;
	for (uint32_t i = 0; i < image->height; i++, values += line) {
		if (i < s->pad_y || i >= (uint32_t)s->pad_y + s->in_height) {
			clear(values, line);
			continue;
		}
		int16_t *first = values + left * image->channels;
		clear(values, left * image->channels);
		fill_cells(image, input + (i - s->pad_y) * s->in_width * step, step, count, cells, zero_point, first);
		clear(first + cells * image->channels, right * image->channels);
	}
}

void tflm_window_offsets(const tflm_image *image, const tflm_sweep *s, uint32_t *offsets)
{
	for (uint32_t y = 0; y < s->out_height; y++) {
		for (uint32_t x = 0; x < s->out_width; x++) {
			*offsets++ = (y * s->stride_y * image->width + x * s->stride_x) * image->channels;
		}
	}
}
#endif
