/* What the planner and the interpreter know of an operator. One file in ops/ makes each. */
#ifndef OPERATORS_H
#define OPERATORS_H
#include "target.h"
#include "tflm.h"

/* An operator of a model with its tensors, as it is handed to the functions below. */
enum { TFLM_INPUTS = 3 };
typedef struct {
	const tflm_model *model; /* with the subgraph that the operator is in */
	tflm_error *error;
	uint32_t index;
	uint32_t options;        /* position of its options' table, 0 when it has none */
	const uint8_t *custom_options; /* a custom operator's, in `custom_bytes` bytes; NULL when it has none */
	uint32_t custom_bytes;
	uint32_t input_count, output_count;
	tflm_tensor input[TFLM_INPUTS]; /* the first ones; index -1: left out */
	tflm_tensor output;             /* the first one */
	/* For prepare. Memory that the check has asked for, NULL when it has not: */
	void *scratch, *state;
	void *packed, *workspace; /* NULL as well when the host gave none */
	tflm_rounding rounding;
	const tflm_layout *layout;
	uint8_t *arena;
} tflm_node;

/* Any input or output of the node; index -1: left out. In prepare, `data` says where an activation lies. */
void tflm_node_input(const tflm_node *node, uint32_t position, tflm_tensor *tensor);
void tflm_node_output(const tflm_node *node, uint32_t position, tflm_tensor *tensor);

/* Memory and work that an operator needs. */
typedef struct {
	uint32_t data;      /* bytes that prepare fills and run reads */
	uint32_t scratch;   /* bytes of the arena that only this operator's run uses */
	uint32_t state;     /* bytes of the arena that it keeps from run to run; zero at first and after a reset */
	uint32_t packed;    /* bytes outside of the arena, on hosts: what prepare makes of the weights */
	uint32_t workspace; /* bytes outside of the arena, on hosts, that all operators share */
	uint32_t variable;  /* bytes of the variable that its first input names, when that is one */
	int32_t fill;       /* the zero point of that variable */
	uint64_t macs;      /* multiply-accumulate operations of one run */
} tflm_needs;

/* Where the outputs of an operator lie. */
enum {
	TFLM_OWN_MEMORY,
	TFLM_IN_PLACE,   /* where the first or second input of the same size lies, when nothing reads that afterwards:
	                    element i of the output depends on none but element i */
	TFLM_SAME_BYTES, /* where the first input lies: it is the same under another shape */
	TFLM_VARIABLE,   /* where the variable of that name lies */
	TFLM_SUBGRAPH    /* it has none, and calls a subgraph once */
};

/* Runs an operator on the data that it was prepared with. */
typedef void (*tflm_run)(const void *data);

/* For a number of inputs or outputs: as many as there are. */
enum { TFLM_ANY = 255 };

typedef struct {
	const char *name;     /* of a custom operator: that by which models know it */
	uint8_t code;         /* number of the schema's BuiltinOperator */
	uint8_t memory;
	uint8_t options_type; /* number of the schema's BuiltinOptions that it must have, 0 when it reads none */
	uint8_t min_inputs, max_inputs, outputs;
	/* Checks types, shapes, quantization and options, and says what is needed. */
	tflm_code (*check)(const tflm_node *node, tflm_needs *needs);
	/* Fills its `needs.data` bytes, and returns the function that runs it. All that can fail has been checked. */
	tflm_run (*prepare)(const tflm_node *node, void *data);
} tflm_operator;

enum { TFLM_CUSTOM = 32 };

/* The operator that a model means by this; NULL when there is no such one. */
const tflm_operator *tflm_find_operator(const tflm_operator_info *info);
/* Layout (see verify.c) of the options' table of that BuiltinOptions number; "" for those that nothing reads. */
const char *tflm_options_layout(int32_t type);

/* Fills a node from the file and checks the number of its inputs and outputs, and that its options are there. The
   node's memory and error are the caller's business. */
tflm_code tflm_load_node(tflm_node *node, const tflm_model *model, const tflm_operator *operator, uint32_t index,
	tflm_error *error);

/* For checks: note the error and return its code. */
tflm_code tflm_fail(const tflm_node *node, tflm_code code, const tflm_tensor *tensor, int32_t value);
/* The tensor has this type. */
tflm_code tflm_need_type(const tflm_node *node, const tflm_tensor *tensor, uint8_t type);
/* The tensor has one scale, which is above zero. */
tflm_code tflm_need_scale(const tflm_node *node, const tflm_tensor *tensor);
/* The type of the tensor is int8 or int16, and it has one scale, which is above zero; zero point 0 when int16. */
tflm_code tflm_need_quantized(const tflm_node *node, const tflm_tensor *tensor);
/* The tensor is int8 and has one scale, which is above zero. */
tflm_code tflm_need_int8(const tflm_node *node, const tflm_tensor *tensor);
/* The values are in the file. */
tflm_code tflm_need_constant(const tflm_node *node, const tflm_tensor *tensor);
tflm_code tflm_need_same_shape(const tflm_node *node, const tflm_tensor *a, const tflm_tensor *b);

#define TFLM_TRY(expression) \
	do { \
		tflm_code code_ = (expression); \
		if (code_ != TFLM_OK) return code_; \
	} while (0)

/* Whether the values are of that type, where the build has it. */
static inline int tflm_is_float32(const tflm_tensor *tensor)
{
	return TFLM_WITH_FLOAT32 && tensor->type == TFLM_FLOAT32;
}

static inline int tflm_is_int16(const tflm_tensor *tensor)
{
	return TFLM_WITH_INT16 && tensor->type == TFLM_INT16;
}

/* A tensor's values, wherever they lie. */
static inline const void *tflm_values(const tflm_tensor *tensor)
{
	return tensor->constant ? tensor->constant : tensor->data;
}

/* The byte that a variable of this kind begins with. */
static inline int32_t tflm_zero_of(const tflm_tensor *tensor)
{
	return tensor->type == TFLM_INT8 ? tensor->zero_point : 0;
}

static inline uint32_t tflm_round_up(uint32_t bytes, uint32_t alignment)
{
	return (bytes + alignment - 1) / alignment * alignment;
}
#endif
