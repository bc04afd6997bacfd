#include "flexbuffer.h"
#include <string.h>

/* Types of values; the two lowest bits beside them are the logarithm of the width of what they point at. */
enum { TYPE_INT = 1, TYPE_UINT = 2, TYPE_MAP = 9, TYPE_BOOL = 26 };

typedef struct {
	const uint8_t *bytes;
	uint32_t length;
} buffer;

/* A number of 1, 2, 4 or 8 bytes, sign-extended when wanted. -1 when it lies outside, or has another width. */
static int read(const buffer *b, uint32_t position, uint32_t width, int is_signed, int64_t *value)
{
	uint64_t bits = 0;
	if (!width || width > 8 || (width & (width - 1)) || position > b->length || width > b->length - position) return -1;
	for (uint32_t i = width; i--;) bits = bits << 8 | b->bytes[position + i];
	uint32_t unused = 64 - 8 * width;
	bits <<= unused;
	*value = is_signed ? (int64_t)bits >> unused : (int64_t)(bits >> unused);
	return 0;
}

/* Follows the distance back that lies at `position`. */
static int follow(const buffer *b, uint32_t position, uint32_t width, uint32_t *target)
{
	int64_t distance;
	if (read(b, position, width, 0, &distance) || distance < 0 || distance > position) return -1;
	*target = position - (uint32_t)distance;
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
	uint32_t values, keys, key;
	int64_t count, key_width, number;
	if (length < 3) return -1;
	uint32_t root_width = bytes[length - 1], type = bytes[length - 2], width = 1u << (type & 3);
	if (type >> 2 != TYPE_MAP || root_width > length - 2) return -1;
	if (follow(&b, length - 2 - root_width, root_width, &values) || values < 3 * width) return -1;
	if (read(&b, values - width, width, 0, &count) || read(&b, values - 2 * width, width, 0, &key_width)) return -1;
	if (follow(&b, values - 3 * width, width, &keys)) return -1;
	if (count < 0 || count > length || key_width < 1 || key_width > 8) return -1;
	for (uint32_t i = 0; i < (uint32_t)count; i++) {
		if (follow(&b, keys + i * (uint32_t)key_width, (uint32_t)key_width, &key)) return -1;
		if (!is_key(&b, key, name)) continue;
		int64_t kind;
		if (read(&b, values + (uint32_t)count * width + i, 1, 0, &kind)) return -1;
		if (kind >> 2 != TYPE_INT && kind >> 2 != TYPE_UINT && kind >> 2 != TYPE_BOOL) return -1;
		if (read(&b, values + i * width, width, kind >> 2 == TYPE_INT, &number)) return -1;
		*value = (int32_t)number;
		return *value == number ? 0 : -1;
	}
	return -1;
}

tflm_code tflm_custom_option(const tflm_node *node, const char *name, int32_t low, int32_t high, int32_t *value)
{
	if (!tflm_flexbuffer_int(node->custom_options, node->custom_bytes, name, value) && *value >= low && *value <= high) {
		return TFLM_OK;
	}
	return tflm_fail(node, TFLM_UNSUPPORTED_OPTION, NULL, 0);
}
