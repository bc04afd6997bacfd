#include "gather.h"
#include <string.h>

void tflm_gather(const tflm_sweep *s, const int8_t *image, uint32_t channels, int32_t y, int32_t x, int8_t outside,
	int8_t *row)
{
	uint32_t line = s->width * channels;
	int32_t top, bottom, left, right;
	tflm_visible(y, s->height, s->dilation_y, s->in_height, &top, &bottom);
	tflm_visible(x, s->width, s->dilation_x, s->in_width, &left, &right);
	if (bottom - top < s->height || right - left < s->width) memset(row, outside, s->height * line);
	if (right <= left) return;
	for (int32_t i = top; i < bottom; i++) {
		int8_t *to = row + (uint32_t)i * line + (uint32_t)left * channels;
		int32_t cell = (y + i * s->dilation_y) * s->in_width + x + left * s->dilation_x;
		const int8_t *from = image + (uint32_t)cell * channels;
		if (s->dilation_x == 1) {
			memcpy(to, from, (uint32_t)(right - left) * channels);
			continue;
		}
		for (int32_t j = left; j < right; j++, to += channels, from += s->dilation_x * channels) {
			memcpy(to, from, channels);
		}
	}
}
