/* SignalDelay, SignalFramer and SignalStacker are one thing: samples are appended to a queue, and when there are
   enough of them, the oldest are shown and some of these dropped. */
#ifndef SIGNAL_QUEUE_H
#define SIGNAL_QUEUE_H
#include "../flexbuffer.h"

/* The most that all queues of an operator may take. */
enum { TFLM_QUEUE_BYTES = 1 << 22, TFLM_QUEUE_SAMPLES = 1 << 20 };

/* What is kept of each row from one run to the next, followed by `capacity` samples. */
typedef struct {
	uint32_t appended; /* less those dropped; beside them there are `initial` zeros */
	uint32_t started;
} tflm_queue_state;

typedef struct {
	const int16_t *input;
	int16_t *output;
	uint8_t *valid;                  /* whether all outputs were shown; NULL when nobody asks */
	tflm_queue_state *state;
	uint32_t rows, steps;            /* of each row */
	uint32_t initial;                /* zeros in the queue at first */
	uint32_t count, shown, dropped;  /* samples of a step */
	uint32_t repeated;               /* how often the first of all steps is appended once more */
	uint32_t capacity;
} tflm_queue;

/* Checks types and sizes of a queue whose numbers, from `rows` on, are right for its options: rows * steps *
   count inputs, rows * steps * shown outputs. */
tflm_code tflm_check_queue(const tflm_node *node, const tflm_queue *queue, tflm_needs *needs);
tflm_run tflm_prepare_queue(const tflm_node *node, tflm_queue *queue);
#endif
