#include "flexbuffer.h"
#include <string.h>

/* Types of values; the two lowest bits beside them are the logarithm of the width of what they point at. */
enum { TYPE_INT = 1, TYPE_UINT = 2, TYPE_MAP = 9, TYPE_BOOL = 26 };

typedef struct {
	const uint8_t *bytes;
	uint32_t length;
} buffer;

/* A number of 1, 2 or 4 bytes. -1 when it lies outside, or has another width. */
static int read(const buffer *b, uint32_t position, uint32_t width, uint32_t *value)
{
	if (!width || width > 4 || width == 3 || position > b->length || width > b->length - position) return -1;
	*value = 0;
	for (uint32_t i = width; i--;) *value = *value << 8 | b->bytes[position + i];
	return 0;
}

/* Follows the distance back that lies at `position`. */
static int follow(const buffer *b, uint32_t position, uint32_t width, uint32_t *target)
{
	uint32_t distance;
	if (read(b, position, width, &distance) || distance > position) return -1;
	*target = position - distance;
	return 0;
}

static int is_key(const buffer *b, uint32_t position, const char *name)
{
	size_t length = strlen(name) + 1;
	return b->length - position >= length && !memcmp(b->bytes + position, name, length);
}

int tflm_flexbuffer_int(const uint8_t *bytes, uint32_t length, const char *name, int32_t *value)
{
	const buffer b = {bytes, length};
	uint32_t values, keys, key, count, key_width, number;
	if (length < 3) return -1;
	uint32_t root_width = bytes[length - 1], type = bytes[length - 2], width = 1u << (type & 3);
	if (type >> 2 != TYPE_MAP || root_width > length - 2) return -1;
	if (follow(&b, length - 2 - root_width, root_width, &values) || values < 3 * width) return -1;
	if (read(&b, values - width, width, &count) || read(&b, values - 2 * width, width, &key_width)) return -1;
	if (follow(&b, values - 3 * width, width, &keys) || count > length || key_width > 4) return -1;
	for (uint32_t i = 0; i < count; i++) {
		if (follow(&b, keys + i * key_width, key_width, &key)) return -1;
		if (!is_key(&b, key, name)) continue;
		if (read(&b, values + count * width + i, 1, &type) || read(&b, values + i * width, width, &number)) return -1;
		if (type >> 2 == TYPE_INT) {
			/* Of the width of all values. */
			uint32_t unused = 32 - 8 * width;
			*value = (int32_t)(number << unused) >> unused;
			return 0;
		}
		*value = (int32_t)number;
		return (type >> 2 == TYPE_UINT || type >> 2 == TYPE_BOOL) && *value >= 0 ? 0 : -1;
	}
	return -1;
}

tflm_code tflm_custom_option(const tflm_node *node, const char *name, int32_t low, int32_t high, int32_t *value)
{
	int missing = tflm_flexbuffer_int(node->custom_options, node->custom_bytes, name, value);
	if (!missing && *value >= low && *value <= high) return TFLM_OK;
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, 0);
}
