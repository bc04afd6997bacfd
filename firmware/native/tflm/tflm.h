/* A TFLite-Micro-compatible interpreter. A model is used in place, wherever it lies (flash), and is never trusted:
   tflm_open checks every offset, index, shape and parameter of the file before anything else reads it.

       tflm_open  checks the file       -> tflm_model (a few words on the caller's stack)
       tflm_plan  lays the arena out    -> tflm_layout, with the exact number of bytes that the arena must have
       tflm_init  makes the interpreter in the arena; nothing outside of it is used from then on

   Nothing is written to the arena unless all of it fits. The int8 operators run in integers alone, and give the bits that
   TFLite Micro's reference kernels give. */
#ifndef TFLM_H
#define TFLM_H
#include <stddef.h>
#include <stdint.h>

/* Limits, so that checking a hostile file takes bounded time and the layout has a fixed size. */
enum {
	TFLM_RANK = 6,          /* dimensions of a tensor */
	TFLM_TENSORS = 4096,    /* tensors of a subgraph; also operators, and buffers of a model */
	TFLM_GRAPHS = 16,       /* subgraphs */
	TFLM_ACTIVATIONS = 1024 /* tensors, states and scratch areas that live in the arena */
};

/* Arena pointers, and the start of the arena itself, are multiples of this. */
enum { TFLM_ALIGNMENT = 16 };

/* Element types: the numbers of the .tflite schema. */
enum {
	TFLM_FLOAT32 = 0, TFLM_INT32 = 2, TFLM_UINT8 = 3, TFLM_INT64 = 4, TFLM_BOOL = 6, TFLM_INT16 = 7, TFLM_INT8 = 9,
	TFLM_RESOURCE = 13, TFLM_UINT32 = 15
};

/* How products of accumulators and multipliers are rounded: as TFLite Micro does (twice), or as XNNPACK does (once). */
typedef enum { TFLM_ROUND_DOUBLE, TFLM_ROUND_SINGLE } tflm_rounding;

typedef enum {
	TFLM_OK,
	TFLM_NOT_A_MODEL,          /* no "TFL3" at byte 4 */
	TFLM_OUT_OF_FILE,          /* byte `offset` points outside of the file */
	TFLM_BAD_TABLE,            /* the table at `offset` has a field that does not fit */
	TFLM_BAD_VERSION,          /* schema version `value`, not 3 */
	TFLM_NO_GRAPH,             /* no subgraph, or no operators, inputs or outputs in it */
	TFLM_TOO_MANY,             /* `value` of something that has a limit */
	TFLM_BAD_INDEX,            /* index `value` names no tensor, buffer or operator code */
	TFLM_BAD_SHAPE,            /* of `tensor`: dimension or element count `value` */
	TFLM_BAD_BUFFER,           /* the buffer of `tensor` has `value` bytes, its shape asks for another number */
	TFLM_BAD_QUANTIZATION,     /* scale or zero point of `tensor` cannot be */
	TFLM_BAD_ORDER,            /* `tensor` is read before it is made, or made twice */
	TFLM_MISALIGNED,           /* the model, or the weights of `tensor`, not at a multiple of `value` bytes */
	TFLM_UNSUPPORTED_OPERATOR, /* built-in operator `value` */
	TFLM_UNSUPPORTED_TYPE,     /* `operator` cannot work with the type `value` of `tensor` */
	TFLM_UNSUPPORTED_OPTION,   /* an option of `operator` has the value `value` */
	TFLM_BAD_OPERATOR,         /* `operator` has `value` inputs, outputs or axes, or lacks its options */
	TFLM_SHAPE_MISMATCH,       /* `tensor` does not have the shape that `operator` makes of its inputs */
	TFLM_ARENA_TOO_SMALL,      /* `value` bytes are needed */
	TFLM_ARENA_MISALIGNED,
	TFLM_CODES
} tflm_code;

/* What is wrong and where. Places that do not apply are -1 (operator, tensor) or 0 (offset). */
typedef struct {
	tflm_code code;
	int32_t operator, tensor;
	uint32_t offset; /* byte in the file */
	int32_t value;
} tflm_error;

/* The code's name in kebab case, such as "arena-too-small". */
const char *tflm_code_name(tflm_code code);
/* A sentence that says what, where and what to do, cut to `size` bytes with its final zero. */
void tflm_error_text(const tflm_error *error, char *text, size_t size);

/* A checked model: where its parts lie in the file. Valid as long as the file stays where it is. */
typedef struct {
	const uint8_t *bytes;
	uint32_t length;
	uint32_t codes, buffers, graphs;              /* vectors of the file */
	uint32_t tensors, operators, inputs, outputs; /* vectors of one of its subgraphs, the first unless said otherwise */
	uint16_t tensor_count, operator_count, input_count, output_count, graph_count, graph;
} tflm_model;

typedef struct {
	int32_t index;
	uint8_t type, rank, quantized_dimension, variable;
	int32_t dims[TFLM_RANK];
	uint32_t elements, bytes;
	float scale; /* of the first channel; 0 when not quantized */
	int32_t zero_point;
	uint32_t scales, scale_count; /* the vector of per-channel scales in the file */
	const char *name;             /* not terminated by a zero */
	uint32_t name_length;
	const uint8_t *constant; /* its values in the file; NULL for an activation */
	uint8_t *data;           /* its values in the arena, once there is one; NULL for a constant */
} tflm_tensor;

/* One operator as the file has it. */
typedef struct {
	int32_t code; /* number of the schema's BuiltinOperator; 32 is custom */
	int32_t version;
	const char *custom; /* name of a custom operator, not terminated */
	uint32_t custom_length;
	const char *name; /* NULL when it is not supported */
	uint16_t input_count, output_count;
} tflm_operator_info;

/* Something that lies in the arena: an activation, what an operator or a variable keeps, or an operator's scratch. */
typedef struct {
	uint32_t offset, bytes;
	int16_t tensor;      /* of `graph`; one of the numbers below for what is no tensor */
	int16_t first, last; /* steps between which it must be kept; first is -1 for inputs */
	int16_t shares;      /* slot whose memory it uses, or its own number */
	uint8_t graph;
	uint8_t is_state;    /* kept from one inference to the next */
	uint8_t fill;        /* the byte that a state begins with */
	uint8_t placed;
} tflm_slot;
enum { TFLM_SCRATCH_SLOT = -1, TFLM_STATE_SLOT = -2 };

/* Where everything lies in the arena. The steps of a model are its operators, those of a subgraph that is called in it
   behind the operator that calls it. */
typedef struct {
	uint32_t arena_bytes;   /* all that the interpreter needs */
	uint32_t own_bytes;     /* of these, the interpreter's own; the rest holds activations, states and scratch */
	uint32_t packing_bytes; /* see tflm_init; 0 on microcontrollers */
	uint32_t workspace_bytes; /* of these, what all operators share */
	uint32_t steps, states;
	uint64_t macs;          /* multiply-accumulate operations of one inference */
	uint32_t slot_count, slot_limit;
	tflm_slot slots[];
} tflm_layout;

typedef struct tflm tflm;

/* Checks the file and notes where its parts lie. `bytes` must be at a multiple of 4. */
tflm_code tflm_open(tflm_model *model, const void *bytes, size_t length, tflm_error *error);
/* Bytes that a layout of the model takes. */
uint32_t tflm_layout_bytes(const tflm_model *model);
/* Checks that every operator can be run and lays the arena out. The layout has `bytes` bytes, those that
   tflm_layout_bytes says; it is needed until tflm_init has returned. */
tflm_code tflm_plan(tflm_layout *layout, uint32_t bytes, const tflm_model *model, tflm_error *error);
/* Makes the interpreter at the arena's start, which is its address from then on. NULL with an error.
   `packing` are layout->packing_bytes more, for hosts that have memory to spare: there operators keep their weights in
   the order that vector instructions like best. NULL: do without, with the same results. */
tflm *tflm_init(void *arena, size_t bytes, const tflm_model *model, const tflm_layout *layout, tflm_rounding rounding,
	void *packing, tflm_error *error);

/* Runs all operators. Inputs must be written before each call: their memory may be used again for other tensors. */
void tflm_invoke(tflm *interpreter);
/* Runs one operator, `index` in [0, operators): all of them in turn are an invoke. For looking at what is between. */
void tflm_step(tflm *interpreter, uint32_t index);
/* Forgets: clears all activations, and sets variables to their zero points. What a model does but once (CALL_ONCE) is not
   done again, as in TFLite Micro. */
void tflm_reset(tflm *interpreter);

/* Bytes of the arena that are used. */
uint32_t tflm_arena_bytes(const tflm *interpreter);

/* Inputs and outputs of the model; -1 when there is no such one. */
int tflm_input(const tflm *interpreter, uint32_t index, tflm_tensor *tensor);
int tflm_output(const tflm *interpreter, uint32_t index, tflm_tensor *tensor);

/* Multiply-accumulate operations of one operator of a model that has been planned. */
uint64_t tflm_operator_macs(const tflm_model *model, uint32_t index);

/* The same model with the parts of another of its subgraphs; `index` must be in range. */
tflm_model tflm_subgraph(const tflm_model *model, uint32_t index);

/* For looking into a model: any tensor (no arena needed: data stays NULL) and any operator. Indices must be in range. */
void tflm_describe_tensor(const tflm_model *model, uint32_t index, tflm_tensor *tensor);
void tflm_describe_operator(const tflm_model *model, uint32_t index, tflm_operator_info *info);
/* Tensor number of the model's `index`th input or output; -1 when there is no such one. */
int32_t tflm_graph_input(const tflm_model *model, uint32_t index);
int32_t tflm_graph_output(const tflm_model *model, uint32_t index);
/* Tensor number of an operator's `position`th input (-1: left out) or output. */
int32_t tflm_operator_input(const tflm_model *model, uint32_t index, uint32_t position);
int32_t tflm_operator_output(const tflm_model *model, uint32_t index, uint32_t position);
#endif
