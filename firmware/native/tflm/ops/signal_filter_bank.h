/* What the operators of a filter bank share: its sums are uint64, of which nothing else in the kernel knows. */
#ifndef SIGNAL_FILTER_BANK_H
#define SIGNAL_FILTER_BANK_H
#include "../flexbuffer.h"

/* The number of the .tflite schema. */
enum { TFLM_FILTER_BANK_SUM = 12 };
#endif
