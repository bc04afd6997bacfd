"""Makes vectors/<operator>.json: models of one operator each, with inputs and what TFLite Micro makes of them.

    pip install tensorflow tflite-micro
    python test/native/tflm/make_vectors.py && npm run format

A file is {"made_with": ..., "cases": [{"name", "model", "vectors": [{"inputs", "outputs"}]}]}. Models are
deflated (zlib), and all bytes are base64.
The models are written by hand rather than converted, so that each has exactly the parameters under test. Their random
numbers are seeded: the same versions give the same files.
"""

import base64
import importlib.metadata
import json
import pathlib
import zlib

import flatbuffers
import numpy
from tensorflow.lite.python import schema_py_generated as schema
from tflite_micro.python.tflite_micro import runtime

FOLDER = pathlib.Path(__file__).parent / "vectors"
TYPES = {
    "float32": schema.TensorType.FLOAT32,
    "int32": schema.TensorType.INT32,
    "int16": schema.TensorType.INT16,
    "uint8": schema.TensorType.UINT8,
    "int8": schema.TensorType.INT8,
}
SAME, VALID = schema.Padding.SAME, schema.Padding.VALID
NONE, RELU, RELU_N1, RELU6 = 0, 1, 2, 3
random = numpy.random.default_rng(20261122)


class Tensor:
    """scale: one number, a list for per-channel (along `axis`), or None; data: a constant's values."""

    def __init__(self, shape, scale=None, zero=0, kind="int8", data=None, axis=0):
        self.shape, self.scale, self.zero, self.kind, self.data, self.axis = list(shape), scale, zero, kind, data, axis


def weights(shape, scale, axis=0):
    return Tensor(shape, scale, data=random.integers(-127, 128, shape).astype("int8"), axis=axis)


def bias(count, size=2000):
    return Tensor([count], 1e-4, kind="int32", data=random.integers(-size, size + 1, count).astype("int32"))


def indices(values):
    return Tensor(numpy.shape(values), kind="int32", data=numpy.array(values, "int32"))


def options_of(name, **fields):
    options = getattr(schema, name + "T")()
    for key, value in fields.items():
        assert hasattr(options, key), key
        setattr(options, key, value)
    return getattr(schema.BuiltinOptions, name), options


def make_model(operator, inputs, output, options):
    model = schema.ModelT()
    model.version = 3
    code = schema.OperatorCodeT()
    code.builtinCode = getattr(schema.BuiltinOperator, operator)
    code.deprecatedBuiltinCode = min(code.builtinCode, 127)
    code.version = 1
    model.operatorCodes = [code]
    model.buffers = [schema.BufferT()]
    graph = schema.SubGraphT()
    graph.tensors = []
    for tensor in [*inputs, output]:
        entry = schema.TensorT()
        entry.shape, entry.type, entry.name = tensor.shape, TYPES[tensor.kind], f"t{len(graph.tensors)}"
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
        else:
            entry.buffer = 0
        graph.tensors.append(entry)
    step = schema.OperatorT()
    step.opcodeIndex = 0
    step.inputs = list(range(len(inputs)))
    step.outputs = [len(inputs)]
    if options:
        step.builtinOptionsType, step.builtinOptions = options
    graph.operators = [step]
    graph.inputs = [i for i, tensor in enumerate(inputs) if tensor.data is None]
    graph.outputs = [len(inputs)]
    model.subgraphs = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def samples(tensor, count):
    """Random values, then the extremes."""
    if tensor.kind == "float32":
        spread = random.normal(0, 2, [count, *tensor.shape])
        return list((numpy.round(spread * 16) / 16).astype("float32"))
    limits = numpy.iinfo(tensor.kind)
    values = list(random.integers(limits.min, limits.max + 1, [count - 1, *tensor.shape]).astype(tensor.kind))
    # Every value that there is, where there is room for them: the extremes in any case.
    sweep = numpy.resize(numpy.arange(limits.max, limits.min - 1, -1), tensor.shape).astype(tensor.kind)
    return [*values, sweep]


cases = {}


def case(operator, name, inputs, output, options=None, count=2):
    model = make_model(operator, inputs, output, options)
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=200_000)
    given = [samples(tensor, count) for tensor in inputs if tensor.data is None]
    vectors = []
    for row in zip(*given):
        for index, value in enumerate(row):
            interpreter.set_input(value, index)
        interpreter.invoke()
        result = interpreter.get_output(0)
        encode = lambda values: base64.b64encode(values.tobytes()).decode()  # noqa: E731
        vectors.append({"inputs": [encode(value) for value in row], "outputs": [encode(result)]})
    encoded = base64.b64encode(zlib.compress(model, 9)).decode()
    cases.setdefault(operator, []).append({"name": name, "model": encoded, "vectors": vectors})


def fully_connected():
    def dense(name, batches, ins, outs, in_scale=0.1, scale=0.02, out_scale=0.3, with_bias=True, shape=None, out=None,
              zero=-7, out_zero=11, **options):
        given = Tensor(shape or [batches, ins], in_scale, zero)
        operands = [given, weights([outs, ins], scale)] + ([bias(outs)] if with_bias else [])
        if with_bias:
            operands[2].scale = float(numpy.float32(in_scale) * numpy.float32(numpy.atleast_1d(scale)[0]))
        case("FULLY_CONNECTED", name, operands, Tensor(out or [batches, outs], out_scale, out_zero),
             options_of("FullyConnectedOptions", **options))

    dense("one number", 1, 1, 1)
    dense("17 to 5", 1, 17, 5)
    dense("no bias", 2, 33, 7, with_bias=False)
    dense("three batches, relu", 3, 16, 9, fusedActivationFunction=RELU)
    dense("relu6", 1, 20, 8, out_scale=0.05, out_zero=-100, fusedActivationFunction=RELU6)
    dense("relu -1 to 1", 1, 20, 8, out_scale=0.02, out_zero=3, fusedActivationFunction=RELU_N1)
    dense("scale per channel", 1, 24, 6, scale=[0.02, 0.001, 0.3, 0.007, 0.05, 0.11])
    dense("ratio above 1", 1, 3, 4, in_scale=2.0, scale=1.5, out_scale=0.6, with_bias=False)
    dense("ratio of 2^-18", 1, 40, 4, in_scale=0.001, scale=0.002, out_scale=0.52, with_bias=False)
    dense("zero points at the ends", 1, 12, 4, zero=-128, out_zero=127)
    dense("zero point 127", 1, 12, 4, zero=127, out_zero=-128)
    dense("input of four dimensions", 6, 8, 3, shape=[1, 2, 3, 8], out=[1, 2, 3, 3], keepNumDims=True)


def convolution():
    def conv(name, image, kernel, outs, padding, stride=(1, 1), dilation=(1, 1), scale=None, with_bias=True, zero=5,
             out_scale=1.0, out_zero=-3, activation=NONE, depth=None):
        _, height, width, channels = image
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
        size = [
            -(-cells // step) if padding == SAME else (cells - cover) // step + 1
            for cells, step, cover in zip((height, width), stride, reach)
        ]
        scales = list(random.uniform(0.002, 0.05, outs)) if scale is None else scale
        given, result = Tensor(image, 0.1, zero), Tensor([image[0], *size, outs], out_scale, out_zero)
        fields = dict(padding=padding, strideH=stride[0], strideW=stride[1], dilationHFactor=dilation[0],
                      dilationWFactor=dilation[1], fusedActivationFunction=activation)
        if depth is None:
            operands = [given, weights([outs, *kernel, channels], scales)]
            operator, options = "CONV_2D", options_of("Conv2DOptions", **fields)
        else:
            operands = [given, weights([1, *kernel, outs], scales, axis=3)]
            operator, options = "DEPTHWISE_CONV_2D", options_of("DepthwiseConv2DOptions", depthMultiplier=depth, **fields)
        case(operator, name, operands + ([bias(outs)] if with_bias else []), result, options)

    conv("3x3 same", [1, 6, 5, 3], (3, 3), 4, SAME)
    conv("3x3 valid", [1, 6, 5, 3], (3, 3), 5, VALID)
    conv("3x3 same, stride 2", [1, 7, 6, 2], (3, 3), 4, SAME, (2, 2))
    conv("even window, same: the odd cell after", [1, 5, 5, 2], (4, 2), 3, SAME)
    conv("stride 2x3, valid, relu6", [1, 9, 10, 2], (3, 2), 3, VALID, (2, 3), activation=RELU6, out_scale=0.05, out_zero=-90)
    conv("dilation 2x3, same", [1, 9, 9, 1], (3, 3), 2, SAME, dilation=(2, 3))
    conv("dilation 2, valid", [1, 9, 8, 2], (3, 3), 2, VALID, dilation=(2, 2))
    conv("1x1", [1, 4, 4, 9], (1, 1), 6, SAME)
    conv("1x1, stride 2", [1, 5, 5, 4], (1, 1), 3, VALID, (2, 2))
    conv("two images, no bias", [2, 4, 4, 2], (2, 2), 3, VALID, with_bias=False)
    conv("one scale", [1, 4, 4, 2], (3, 3), 3, SAME, scale=0.02)
    conv("35 channels out, relu", [1, 3, 3, 4], (2, 2), 35, SAME, activation=RELU, zero=-128)
    conv("window larger than the image", [1, 2, 3, 2], (5, 5), 2, SAME)
    conv("dilation past the image", [1, 1, 2, 2], (2, 3), 2, SAME, dilation=(4, 3))
    conv("ratios above 1", [1, 3, 3, 1], (2, 2), 2, VALID, scale=[30.0, 11.0], out_scale=0.7, with_bias=False)

    conv("3x3 same", [1, 6, 5, 3], (3, 3), 3, SAME, depth=1)
    conv("3x3 valid, stride 2, relu6", [1, 7, 7, 4], (3, 3), 4, VALID, (2, 2), depth=1, activation=RELU6, out_scale=0.05, out_zero=-128)
    conv("40 channels", [1, 4, 3, 40], (3, 3), 40, SAME, depth=1)
    conv("depth multiplier 2", [1, 5, 4, 3], (3, 3), 6, SAME, depth=2)
    conv("depth multiplier 8 of one channel", [1, 9, 7, 1], (4, 3), 8, SAME, (2, 2), depth=8, activation=RELU)
    conv("depth multiplier 35", [1, 3, 3, 2], (2, 2), 70, VALID, depth=35)
    conv("dilation 2, same", [1, 8, 8, 2], (3, 3), 2, SAME, dilation=(2, 2), depth=1)
    conv("dilation 3x1, valid, multiplier 3", [1, 9, 4, 2], (3, 3), 6, VALID, dilation=(3, 1), depth=3)
    conv("stride 1x2, no bias, one scale", [1, 5, 6, 2], (3, 3), 2, SAME, (1, 2), depth=1, scale=0.03, with_bias=False)
    conv("dilation past the image", [1, 1, 2, 4], (2, 3), 4, SAME, dilation=(4, 3), depth=1)
    conv("two images", [2, 3, 3, 5], (2, 2), 5, SAME, depth=1)


def pooling():
    for operator in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        def pool(name, image, window, padding, stride, activation=NONE, zero=-4, scale=0.05, operator=operator):
            size = [
                -(-cells // step) if padding == SAME else (cells - cover) // step + 1
                for cells, step, cover in zip(image[1:3], stride, window)
            ]
            options = options_of("Pool2DOptions", padding=padding, strideH=stride[0], strideW=stride[1],
                                 filterHeight=window[0], filterWidth=window[1], fusedActivationFunction=activation)
            case(operator, name, [Tensor(image, scale, zero)], Tensor([image[0], *size, image[3]], scale, zero), options)

        pool("2x2 valid", [1, 6, 6, 3], (2, 2), VALID, (2, 2))
        pool("3x3 same", [1, 5, 6, 2], (3, 3), SAME, (1, 1))
        pool("3x2 same, stride 2, relu", [1, 7, 5, 4], (3, 2), SAME, (2, 2), RELU)
        pool("whole image, 40 channels", [1, 5, 3, 40], (5, 3), VALID, (1, 1))
        pool("relu6", [1, 4, 4, 2], (2, 2), VALID, (1, 1), RELU6, zero=-100)
        pool("two images, relu -1 to 1", [2, 4, 4, 2], (2, 3), SAME, (2, 1), RELU_N1, scale=0.02)


def shapes():
    case("RESHAPE", "3x4 to 2x6", [Tensor([3, 4], 0.1), indices([2, 6])], Tensor([2, 6], 0.1),
         options_of("ReshapeOptions", newShape=[2, 6]))
    case("RESHAPE", "float32", [Tensor([2, 3], kind="float32"), indices([6])], Tensor([6], kind="float32"),
         options_of("ReshapeOptions", newShape=[6]))

    def pad(name, shape, amounts):
        result = [before + cells + after for cells, (before, after) in zip(shape, amounts)]
        case("PAD", name, [Tensor(shape, 0.1, -9), indices(amounts)], Tensor(result, 0.1, -9), options_of("PadOptions"))

    pad("border of an image", [1, 3, 4, 2], [[0, 0], [1, 1], [2, 1], [0, 0]])
    pad("one side", [1, 2, 2, 3], [[0, 0], [0, 1], [0, 1], [0, 0]])
    pad("all dimensions", [2, 2, 2, 2], [[1, 0], [0, 2], [1, 1], [0, 1]])
    pad("two dimensions", [3, 5], [[2, 0], [1, 3]])
    pad("nothing", [1, 2, 3, 1], [[0, 0], [0, 0], [0, 0], [0, 0]])

    def mean(name, shape, axes, keep, same, zero=-20, scale=0.1):
        reduced = {axis % len(shape) for axis in axes}
        result = [1 if i in reduced else n for i, n in enumerate(shape) if keep or i not in reduced]
        out = Tensor(result, scale, zero) if same else Tensor(result, scale * 0.37, 33)
        case("MEAN", name, [Tensor(shape, scale, zero), indices(axes)], out, options_of("ReducerOptions", keepDims=keep))

    for same in (True, False):
        quantized = "same scale" if same else "other scale"
        mean(f"image kept, {quantized}", [1, 5, 7, 3], [1, 2], True, same)
        mean(f"image, {quantized}", [1, 5, 7, 3], [1, 2], False, same)
        mean(f"image, axes swapped, kept, {quantized}", [2, 3, 4, 2], [2, 1], True, same)
        mean(f"last axis, {quantized}", [2, 3, 11], [-1], False, same)
        mean(f"first axis, kept, {quantized}", [6, 5], [0], True, same)
        mean(f"one axis of an image, {quantized}", [1, 3, 6, 4], [1], True, same)
        mean(f"one number, {quantized}", [1, 1, 1, 4], [1, 2], True, same)
    mean("small output scale", [1, 16, 16, 2], [1, 2], True, False, scale=3.0)


def binary():
    for operator, name in (("ADD", "AddOptions"), ("MUL", "MulOptions")):
        def pair(title, a, b, scale_a=0.05, scale_b=0.03, out_scale=0.06, activation=NONE, operator=operator, name=name):
            shape = numpy.broadcast_shapes(tuple(a), tuple(b))
            case(operator, title, [Tensor(a, scale_a, -7), Tensor(b, scale_b, 12)], Tensor(shape, out_scale, 4),
                 options_of(name, fusedActivationFunction=activation), count=3)

        pair("same shape", [1, 16, 16, 1], [1, 16, 16, 1])
        pair("larger second scale", [3, 7], [3, 7], 0.01, 0.4, 0.3)
        pair("very different scales", [4, 9], [4, 9], 0.0001, 0.5, 0.4)
        pair("small output scale", [4, 9], [4, 9], 0.05, 0.03, 0.001)
        pair("relu", [2, 20], [2, 20], activation=RELU)
        pair("relu6", [2, 20], [2, 20], activation=RELU6)
        pair("relu -1 to 1", [2, 20], [2, 20], activation=RELU_N1)
        pair("second by channel", [1, 3, 4, 5], [5])
        pair("first by channel", [1, 1, 1, 5], [1, 3, 4, 5])
        pair("second one number", [1, 3, 4, 5], [1])
        pair("first one number", [1], [2, 3, 4])
        pair("crosswise", [1, 3, 1, 5], [1, 1, 4, 5])
        pair("rows", [2, 3, 4, 1], [2, 1, 4, 6])
    # A constant second operand, as batch normalisation leaves behind.
    constant = weights([6], 0.02)
    case("MUL", "constant by channel", [Tensor([1, 3, 2, 6], 0.05, 3), constant], Tensor([1, 3, 2, 6], 0.04, -3),
         options_of("MulOptions"))


def activations():
    def unary(operator, name, given, result, options=None, count=1):
        case(operator, name, [given], result, options, count)

    sweep = [1, 256]
    for scale, zero in ((0.1, 0), (0.0235, -128), (1.0, 17), (0.004, 127), (7.5, -3)):
        unary("LOGISTIC", f"scale {scale}, zero point {zero}", Tensor(sweep, scale, zero), Tensor(sweep, 1 / 256, -128))
    for in_scale, in_zero, out_scale, out_zero in ((0.1, 0, 0.1, 0), (0.1, -5, 0.05, -128), (0.02, 30, 0.3, 7), (0.3, 0, 0.02, -90)):
        unary("RELU", f"{in_scale}, {in_zero} to {out_scale}, {out_zero}", Tensor(sweep, in_scale, in_zero),
              Tensor(sweep, out_scale, out_zero))
    for scale, zero in ((0.05, 0), (0.0235, -128), (0.5, 100), (0.01, 20)):
        unary("RELU6", f"scale {scale}, zero point {zero}", Tensor(sweep, scale, zero), Tensor(sweep, scale, zero))
    for shape, scale, beta in (([1, 12], 0.1, 1.0), ([3, 4], 0.6, 1.0), ([1, 2], 0.02, 1.0), ([2, 1], 0.1, 1.0),
                               ([1, 300], 0.05, 1.0), ([1, 10], 20.0, 1.0), ([2, 5], 0.3, 0.25), ([1, 2, 3, 7], 1.3, 1.0)):
        unary("SOFTMAX", f"{shape}, scale {scale}, beta {beta}", Tensor(shape, scale, 9), Tensor(shape, 1 / 256, -128),
              options_of("SoftmaxOptions", beta=beta), count=3)


def conversions():
    sweep = [1, 256]

    def convert(operator, name, given, result):
        options = options_of("QuantizeOptions" if operator == "QUANTIZE" else "DequantizeOptions")
        case(operator, name, [given], result, options, count=1 if given.shape == sweep else 2)

    convert("QUANTIZE", "int8 to int8", Tensor(sweep, 0.1, 5), Tensor(sweep, 0.07, -20))
    convert("QUANTIZE", "int8 to int8, same scale", Tensor(sweep, 0.1, 5), Tensor(sweep, 0.1, -20))
    convert("QUANTIZE", "int8 to int8, ratio of 40", Tensor(sweep, 4.0, 5), Tensor(sweep, 0.1, -20))
    convert("QUANTIZE", "int8 to uint8", Tensor(sweep, 0.1, -128), Tensor(sweep, 0.1, 0, "uint8"))
    convert("QUANTIZE", "int8 to uint8, other scale", Tensor(sweep, 0.1, -3), Tensor(sweep, 0.13, 60, "uint8"))
    convert("QUANTIZE", "uint8 to int8", Tensor(sweep, 0.1, 128, "uint8"), Tensor(sweep, 0.1, 0))
    convert("QUANTIZE", "uint8 to int8, other scale", Tensor(sweep, 0.02, 100, "uint8"), Tensor(sweep, 0.1, 7))
    convert("QUANTIZE", "int16 to int8", Tensor([1, 64], 0.001, 0, "int16"), Tensor([1, 64], 0.2, -9))
    convert("QUANTIZE", "int8 to int16", Tensor(sweep, 0.2, -9), Tensor(sweep, 0.001, 0, "int16"))
    convert("QUANTIZE", "int16 to int16", Tensor([1, 64], 0.001, 0, "int16"), Tensor([1, 64], 0.003, 0, "int16"))
    convert("QUANTIZE", "float32 to int8", Tensor([1, 64], kind="float32"), Tensor([1, 64], 0.125, 3))
    convert("QUANTIZE", "float32 to int16", Tensor([1, 64], kind="float32"), Tensor([1, 64], 0.0007, 0, "int16"))
    convert("DEQUANTIZE", "int8", Tensor(sweep, 0.0731, -20), Tensor(sweep, kind="float32"))
    convert("DEQUANTIZE", "uint8", Tensor(sweep, 0.0731, 120, "uint8"), Tensor(sweep, kind="float32"))
    convert("DEQUANTIZE", "int16", Tensor([1, 64], 0.00313, 0, "int16"), Tensor([1, 64], kind="float32"))


def main():
    for make in (fully_connected, convolution, pooling, shapes, binary, activations, conversions):
        make()
    made_with = f"tflite-micro {importlib.metadata.version('tflite-micro')} (PyPI)"
    FOLDER.mkdir(exist_ok=True)
    for operator, entries in cases.items():
        path = FOLDER / f"{operator.lower()}.json"
        path.write_text(json.dumps({"made_with": made_with, "cases": entries}, indent="\t") + "\n")
        print(f"{path.name}: {len(entries)} cases, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
