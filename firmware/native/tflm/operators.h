/* What the planner and the interpreter know of an operator. One file in ops/ makes each. */
#ifndef OPERATORS_H
#define OPERATORS_H
#include "tflm.h"

/* An operator of a model with its tensors, as it is handed to the functions below. */
enum { TFLM_INPUTS = 3 };
typedef struct {
	const tflm_model *model;
	tflm_error *error;
	uint32_t index;
	uint32_t options; /* position of its options' table, 0 when it has none */
	uint32_t input_count;
	tflm_tensor input[TFLM_INPUTS]; /* index -1: left out */
	tflm_tensor output;
} tflm_node;

/* Memory and work that an operator needs. */
typedef struct {
	uint32_t data;    /* bytes that prepare fills and run reads */
	uint32_t scratch; /* bytes of the arena that only this operator's run uses */
	uint64_t macs;    /* multiply-accumulate operations of one run */
} tflm_needs;

/* Whether the output may lie where the first or second input of the same size lies. */
enum {
	TFLM_OWN_MEMORY,
	TFLM_IN_PLACE,   /* when nothing reads that input afterwards: element i of the output depends on none but element i */
	TFLM_SAME_BYTES  /* always: the output is the first input under another shape */
};

typedef struct {
	const char *name;
	uint8_t code;         /* number of the schema's BuiltinOperator */
	uint8_t memory;
	uint8_t options_type; /* number of the schema's BuiltinOptions that it must have, 0 when it reads none */
	uint8_t min_inputs, max_inputs;
	/* Checks types, shapes, quantization and options, and says what is needed. */
	tflm_code (*check)(const tflm_node *node, tflm_needs *needs);
	/* Fills its `needs.data` bytes. All that can fail has been checked. */
	void (*prepare)(const tflm_node *node, void *data, void *scratch, tflm_rounding rounding);
	void (*run)(const void *data);
} tflm_operator;

/* NULL when there is no such operator. */
const tflm_operator *tflm_find_operator(int32_t code);
const char *tflm_operator_name(int32_t code);
/* Layout (see verify.c) of the options' table of that BuiltinOptions number; "" for those that nothing reads. */
const char *tflm_options_layout(int32_t type);

/* Fills a node from the file and checks the number of its inputs and outputs, and that its options are there. */
tflm_code tflm_load_node(tflm_node *node, const tflm_model *model, const tflm_operator *operator, uint32_t index,
	tflm_error *error);

/* For checks: note the error and return its code. */
tflm_code tflm_fail(const tflm_node *node, tflm_code code, const tflm_tensor *tensor, int32_t value);
/* The tensor has this type. */
tflm_code tflm_need_type(const tflm_node *node, const tflm_tensor *tensor, uint8_t type);
/* The tensor has one scale, which is above zero. */
tflm_code tflm_need_scale(const tflm_node *node, const tflm_tensor *tensor);
/* The tensor is int8 and has one scale, which is above zero. */
tflm_code tflm_need_int8(const tflm_node *node, const tflm_tensor *tensor);
tflm_code tflm_need_same_shape(const tflm_node *node, const tflm_tensor *a, const tflm_tensor *b);

#define TFLM_TRY(expression) \
	do { \
		tflm_code code_ = (expression); \
		if (code_ != TFLM_OK) return code_; \
	} while (0)

/* A tensor's values, wherever they lie. */
static inline const void *tflm_values(const tflm_tensor *tensor)
{
	return tensor->constant ? tensor->constant : tensor->data;
}

static inline uint32_t tflm_round_up(uint32_t bytes, uint32_t alignment)
{
	return (bytes + alignment - 1) / alignment * alignment;
}

extern const tflm_operator tflm_add, tflm_average_pool_2d, tflm_conv_2d, tflm_depthwise_conv_2d, tflm_dequantize,
	tflm_fully_connected, tflm_logistic, tflm_max_pool_2d, tflm_mean, tflm_mul, tflm_pad, tflm_quantize, tflm_relu,
	tflm_relu6, tflm_reshape, tflm_softmax;
#endif
