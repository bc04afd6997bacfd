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

/* The columns to the left of the image and those of the image that windows look at. */
static uint32_t left_of(const tflm_image *image, const tflm_sweep *s)
{
	return s->pad_x < image->width ? s->pad_x : image->width;
}

static uint32_t cells_of(const tflm_image *image, const tflm_sweep *s)
{
	uint32_t rest = image->width - left_of(image, s);
	return rest < s->in_width ? rest : s->in_width;
}

void tflm_fill_border(const tflm_image *image, const tflm_sweep *s, int16_t *values)
{
	uint32_t line = image->width * image->channels, left = left_of(image, s) * image->channels;
	uint32_t right = left + cells_of(image, s) * image->channels;
	for (uint32_t i = 0; i < image->height; i++, values += line) {
		if (i < s->pad_y || i >= (uint32_t)s->pad_y + s->in_height) {
			clear(values, line);
			continue;
		}
		clear(values, left);
		clear(values + right, line - right);
	}
}

void tflm_fill_image(const tflm_image *image, const tflm_sweep *s, const int8_t *input, uint32_t step, uint32_t count,
	int32_t zero_point, int16_t *values)
{
	const v128_t zero = wasm_i16x8_splat((int16_t)zero_point);
	const uint32_t line = image->width * image->channels, channels = image->channels, cells = cells_of(image, s);
	uint32_t rows = image->height > s->pad_y ? image->height - s->pad_y : 0;
	if (!rows) return;
	if (rows > s->in_height) rows = s->in_height;
	values += s->pad_y * line + left_of(image, s) * channels;
	for (; rows; rows--, input += s->in_width * step, values += line) {
		const int8_t *from = input;
		int16_t *to = values;
		if (step == channels) {
			tflm_widen(from, cells * step, zero_point, to);
		} else if (count == LANES) {
			for (uint32_t left = cells; left; left--, from += step, to += LANES) {
				wasm_v128_store(to, wasm_i16x8_sub(wasm_i16x8_load8x8(from), zero));
			}
		} else {
			for (uint32_t left = cells; left; left--, from += step, to += channels) {
				tflm_widen(from, count, zero_point, to);
			}
		}
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
