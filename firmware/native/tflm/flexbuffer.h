/* Options of custom operators: a FlexBuffer that is a map from names to whole numbers.

   A FlexBuffer is read from its end: the last byte is the width of the root, the one before it its type, and before
   these lies the root, which for a map is the distance back to the map's values. In front of the values, each as wide
   as they are, stand their number, the width of the keys, and the distance back to the keys; behind them a type a value.
   A key is the distance back to a string that ends with a zero. Nothing of this is aligned or trusted. */
#ifndef FLEXBUFFER_H
#define FLEXBUFFER_H
#include "operators.h"

/* The number that the map has under that name. -1 when there is no such one, when it does not fit, when it is kept in 8
   bytes, as no number that fits is, or when anything on the way to it lies outside of the bytes. */
int tflm_flexbuffer_int(const uint8_t *bytes, uint32_t length, const char *name, int32_t *value);

/* The option of that name of a custom operator, which must be within [low, high]; unsupported-option otherwise. */
tflm_code tflm_custom_option(const tflm_node *node, const char *name, int32_t low, int32_t high, int32_t *value);
#endif
