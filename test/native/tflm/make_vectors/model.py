"""Models written by hand: a graph is operators over tensors, a model is graphs."""

import flatbuffers
import numpy
from flatbuffers import flexbuffers
from tflite_micro.tensorflow.lite.micro.python import schema_py_generated as schema

KINDS = ("float32", "int32", "uint8", "int64", "bool", "int16", "int8", "uint32", "uint64", "float16", "float64",
         "uint16", "resource")
SAME, VALID = schema.Padding.SAME, schema.Padding.VALID
NONE, RELU, RELU_N1, RELU6 = 0, 1, 2, 3


def code_of(kind):
    return getattr(schema.TensorType, kind.upper())


class Tensor:
    """scale: one number, a list for per-channel (along `axis`), or None; data: a constant's values (any nesting of
    lists or an array, taken to `kind`); variable: kept between runs by the operator that has it as an input."""

    def __init__(self, shape, scale=None, zero=0, kind="int8", data=None, axis=0, variable=False):
        self.shape, self.scale, self.zero, self.kind, self.axis = list(shape), scale, zero, kind, axis
        self.variable = variable
        self.data = None if data is None else numpy.array(data).astype(kind).reshape(self.shape)


def constant(values, kind="int32", scale=None, zero=0):
    return Tensor(numpy.shape(values), scale, zero, kind, values)


class Options:
    """Built-in options by the name of their table; the custom options of a custom operator are a flexbuffer."""

    def __init__(self, name, **fields):
        self.table = getattr(schema, name + "T")()
        for key, value in fields.items():
            assert hasattr(self.table, key), key
            setattr(self.table, key, value)
        self.type = getattr(schema.BuiltinOptions, name)


class Operator:
    """name: of the schema (ADD), or a custom operator's (SignalWindow). An input that is left out is None."""

    def __init__(self, name, inputs, outputs, options=None, version=1):
        self.name, self.inputs, self.outputs, self.options, self.version = name, inputs, outputs, options, version


class Graph:
    def __init__(self, operators, inputs=None, outputs=None):
        used = [tensor for operator in operators for tensor in [*operator.inputs, *operator.outputs] if tensor]
        self.operators, self.tensors = operators, list(dict.fromkeys(used))
        made = {tensor for operator in operators for tensor in operator.outputs}
        free = [t for t in self.tensors if t.data is None and not t.variable and t not in made]
        self.inputs = free if inputs is None else inputs
        self.outputs = list(operators[-1].outputs) if outputs is None else outputs
        self.tensors += [tensor for tensor in self.inputs if tensor not in self.tensors]


def model_bytes(*graphs):
    model = schema.ModelT()
    model.version, model.operatorCodes, model.buffers, model.subgraphs = 3, [], [schema.BufferT()], []
    codes = {}
    for graph in graphs:
        entry = schema.SubGraphT()
        entry.tensors = [pack_tensor(model, tensor, i) for i, tensor in enumerate(graph.tensors)]
        number = {tensor: i for i, tensor in enumerate(graph.tensors)} | {None: -1}
        entry.operators = []
        for operator in graph.operators:
            step = schema.OperatorT()
            key = operator.name, operator.version
            if key not in codes:
                codes[key] = len(codes)
                model.operatorCodes.append(pack_code(*key))
            step.opcodeIndex = codes[key]
            step.inputs = [number[tensor] for tensor in operator.inputs]
            step.outputs = [number[tensor] for tensor in operator.outputs]
            if isinstance(operator.options, Options):
                step.builtinOptionsType, step.builtinOptions = operator.options.type, operator.options.table
            elif operator.options is not None:
                step.customOptions = numpy.frombuffer(flexbuffers.Dumps(operator.options), "uint8")
            entry.operators.append(step)
        entry.inputs = [number[tensor] for tensor in graph.inputs]
        entry.outputs = [number[tensor] for tensor in graph.outputs]
        model.subgraphs.append(entry)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def pack_code(name, version):
    code = schema.OperatorCodeT()
    if name.isupper():
        code.builtinCode = getattr(schema.BuiltinOperator, name)
    else:
        code.builtinCode, code.customCode = schema.BuiltinOperator.CUSTOM, name
    code.deprecatedBuiltinCode = min(code.builtinCode, 127)
    code.version = version
    return code


def pack_tensor(model, tensor, index):
    entry = schema.TensorT()
    entry.shape, entry.type, entry.name = tensor.shape, code_of(tensor.kind), f"t{index}"
    entry.isVariable, entry.buffer = tensor.variable, 0
    if tensor.scale is not None:
        scales = numpy.atleast_1d(tensor.scale).astype("float32")
        entry.quantization = schema.QuantizationParametersT()
        entry.quantization.scale = scales
        entry.quantization.zeroPoint = numpy.full(len(scales), tensor.zero, "int64")
        entry.quantization.quantizedDimension = tensor.axis
    if tensor.data is not None:
        buffer = schema.BufferT()
        buffer.data = numpy.frombuffer(tensor.data.tobytes(), "uint8")
        entry.buffer = len(model.buffers)
        model.buffers.append(buffer)
    return entry
