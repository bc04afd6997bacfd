"""Operators on one element at a time: arithmetic of two tensors, activations, conversions."""

import numpy

from .model import NONE, RELU, RELU6, RELU_N1, Options, Tensor, constant
from .record import case, random, weights

SWEEP = [1, 256]
TABLES = {"ADD": "AddOptions", "SUB": "SubOptions", "MUL": "MulOptions", "DIV": "DivOptions",
          "MINIMUM": "MaximumMinimumOptions", "MAXIMUM": "MaximumMinimumOptions"}
# Of int32, so that no result leaves its range (the reference does not say what happens then).
LIMITS = {"ADD": (-10**9, 10**9), "SUB": (-10**9, 10**9), "MUL": (-46000, 46000), "DIV": (-10**9, 10**9)}


def options_of(operator, activation=NONE):
    plain = operator in ("MINIMUM", "MAXIMUM")
    return Options(TABLES[operator], **({} if plain else {"fusedActivationFunction": activation}))


def quantized():
    for operator in ("ADD", "SUB", "MUL"):
        def pair(title, a, b, scale_a=0.05, scale_b=0.03, out_scale=0.06, activation=NONE, operator=operator):
            shape = numpy.broadcast_shapes(tuple(a), tuple(b))
            case(operator, title, [Tensor(a, scale_a, -7), Tensor(b, scale_b, 12)], Tensor(shape, out_scale, 4),
                 options_of(operator, activation))

        pair("same shape", [1, 16, 16, 1], [1, 16, 16, 1])
        pair("larger second scale", [3, 7], [3, 7], 0.01, 0.4, 0.3)
        pair("very different scales", [4, 9], [4, 9], 0.0001, 0.5, 0.4)
        pair("small output scale", [4, 9], [4, 9], 0.05, 0.03, 0.001)
        pair("powers of two, where ties are", [1, 16, 16, 1], [1, 16, 16, 1], 0.5, 0.25, 1.0)
        pair("relu", [2, 20], [2, 20], activation=RELU)
        pair("relu6", [2, 20], [2, 20], activation=RELU6)
        pair("relu -1 to 1", [2, 20], [2, 20], activation=RELU_N1)
        pair("second by channel", [1, 3, 4, 5], [5])
        pair("first by channel", [1, 1, 1, 5], [1, 3, 4, 5])
        pair("second one number", [1, 3, 4, 5], [1])
        pair("second of rank 0", [1, 3, 5], [])
        pair("first one number", [1], [2, 3, 4])
        pair("crosswise", [1, 3, 1, 5], [1, 1, 4, 5])
        pair("rows", [2, 3, 4, 1], [2, 1, 4, 6])
        pair("five dimensions", [2, 1, 3, 2, 2], [2, 1, 3, 2, 2])
        pair("five dimensions, crosswise", [2, 1, 3, 1, 2], [1, 2, 1, 4, 2])
        case(operator, "constant by channel", [Tensor([1, 3, 2, 6], 0.05, 3), weights([6], 0.02)],
             Tensor([1, 3, 2, 6], 0.04, -3), options_of(operator))
        case(operator, "constant first", [weights([1, 4], 0.02), Tensor([3, 4], 0.05, 3)], Tensor([3, 4], 0.04, -3),
             options_of(operator))

        def wide(title, a, b, scales, activation=NONE, operator=operator):
            shape = numpy.broadcast_shapes(tuple(a), tuple(b))
            tensors = [Tensor(s, scale, kind="int16") for s, scale in zip((a, b, shape), scales)]
            case(operator, f"int16, {title}", tensors[:2], tensors[2], options_of(operator, activation))

        wide("same shape", [1, 5, 13, 1], [1, 5, 13, 1], (0.001, 0.0007, 0.0012))
        wide("very different scales", [3, 22], [3, 22], (0.00001, 0.02, 0.03))
        wide("powers of two", [2, 33], [2, 33], (1 / 4096, 1 / 2048, 1 / 1024))
        wide("small output scale", [2, 33], [2, 33], (0.001, 0.001, 0.00001))
        wide("relu6", [2, 33], [2, 33], (0.001, 0.001, 0.0005), RELU6)
        wide("relu", [2, 33], [2, 33], (0.001, 0.001, 0.0005), RELU)
        wide("by channel", [2, 3, 4], [4], (0.001, 0.002, 0.003))

    def divided(title, a, b, scale_a, scale_b, out_scale, zero_b=0, activation=NONE, out_zero=-3):
        shape = numpy.broadcast_shapes(tuple(a), tuple(b))
        rows = []
        for _ in range(3):
            bottom = random.integers(-128, 128, b)
            bottom[bottom == zero_b] += 1  # a divisor of zero is refused by none and defined by none
            rows.append([random.integers(-128, 128, a), bottom])
        case("DIV", title, [Tensor(a, scale_a, 5), Tensor(b, scale_b, zero_b)], Tensor(shape, out_scale, out_zero),
             options_of("DIV", activation), rows=rows)

    divided("same shape", [1, 8, 16, 1], [1, 8, 16, 1], 0.05, 0.03, 0.06)
    divided("zero point of the divisor", [5, 9], [5, 9], 0.1, 0.02, 0.3, -128)
    divided("small output scale", [5, 9], [5, 9], 0.1, 0.2, 0.001)
    divided("large output scale", [5, 9], [5, 9], 0.1, 0.002, 4.0, 60)
    divided("powers of two, where ties are", [5, 9], [5, 9], 0.5, 0.5, 0.25)
    divided("relu6", [5, 9], [5, 9], 0.1, 0.05, 0.05, activation=RELU6)
    divided("by channel", [1, 3, 2, 4], [4], 0.1, 0.05, 0.1)
    divided("crosswise", [3, 1, 4], [1, 2, 4], 0.1, 0.05, 0.1, 11, RELU)

    for operator in ("MINIMUM", "MAXIMUM"):
        for a, b in (([4, 16], [4, 16]), ([1, 3, 4, 5], [5]), ([1], [2, 3, 4]), ([1, 3, 1, 5], [1, 1, 4, 5]),
                     ([2, 3], [])):
            shape = numpy.broadcast_shapes(tuple(a), tuple(b))
            case(operator, f"{a} and {b}, int8", [Tensor(s, 0.1, -4) for s in (a, b)], Tensor(shape, 0.1, -4),
                 options_of(operator))


def plain():
    for operator in TABLES:
        kinds = ("float32", "int32", "int64", "int16") if operator in ("MINIMUM", "MAXIMUM") else ("float32", "int32")
        for kind in kinds:
            scale = 0.001 if kind == "int16" else None
            for a, b in (([3, 7], [3, 7]), ([1, 3, 2, 5], [5]), ([2, 1, 3], [1, 4, 3]), ([4], []), ([1], [2, 2])):
                shape = numpy.broadcast_shapes(tuple(a), tuple(b))
                tensors = [Tensor(s, scale, kind=kind) for s in (a, b, shape)]
                rows = None
                if operator == "DIV":
                    rows = [[drawn(a, kind), divisor(b, kind)] for _ in range(2)]
                case(operator, f"{kind}, {a} and {b}", tensors[:2], tensors[2], options_of(operator), rows=rows,
                     limits=LIMITS.get(operator) if kind == "int32" else None)
            if operator in ("MINIMUM", "MAXIMUM"):
                continue
            activations = {"relu": RELU, "relu6": RELU6, "relu -1 to 1": RELU_N1}
            for title, activation in activations.items():
                tensors = [Tensor([4, 5], kind=kind) for _ in range(3)]
                rows = [[drawn([4, 5], kind, 9), divisor([4, 5], kind, 9)]]
                case(operator, f"{kind}, {title}", tensors[:2], tensors[2], options_of(operator, activation), rows=rows)
    special = [[numpy.inf, -numpy.inf, 0.0, -0.0, 3.0, 1e38, 1e-42, 1.5],
               [1.0, 2.0, -0.0, 0.0, numpy.inf, 1e38, 1.0, 0.1]]
    for operator in TABLES:
        a, b = special if operator != "DIV" else (special[0], [1.0, 2.0, 5.0, -3.0, numpy.inf, 1e-38, 1.0, 0.1])
        case(operator, "float32, limits", [Tensor([8], kind="float32") for _ in range(2)], Tensor([8], kind="float32"),
             options_of(operator), rows=[[a, b]])
    case("MUL", "int32 by a number of rank 0", [Tensor([40], kind="int32"), constant(17)], Tensor([40], kind="int32"),
         options_of("MUL"), limits=(-10**6, 10**6))


def drawn(shape, kind, size=10**9):
    return random.normal(0, 3, shape) if kind == "float32" else random.integers(-size, size, shape)


def divisor(shape, kind, size=50):
    if kind == "float32":
        return drawn(shape, kind, size) + 0.01
    return random.choice([-1, 1], shape) * random.integers(1, size, shape)


def activations():
    def unary(operator, name, given, result, options=None, count=1, **how):
        case(operator, name, [given], result, options, count=count, **how)

    for scale, zero in ((0.1, 0), (0.0235, -128), (1.0, 17), (0.004, 127), (7.5, -3)):
        for operator, out_scale, out_zero in (("LOGISTIC", 1 / 256, -128), ("TANH", 1 / 128, 0)):
            unary(operator, f"scale {scale}, zero point {zero}", Tensor(SWEEP, scale, zero),
                  Tensor(SWEEP, out_scale, out_zero))
    # The converter writes 2^-12 as the scale of int16 inputs, or any other.
    edges = [-32768, -32767, -1, 0, 1, 32766, 32767]
    for scale in (1 / 4096, 1 / 8192, 1 / 2048, 0.001, 0.0003, 0.01):
        points = [numpy.resize([*edges, *random.integers(-32768, 32768, 200)], [1, 160])]
        for operator in ("LOGISTIC", "TANH"):
            unary(operator, f"int16, scale {scale:.6g}", Tensor([1, 160], scale, kind="int16"),
                  Tensor([1, 160], 1 / 32768, kind="int16"), rows=[points])
    floats = [[-100, -88.5, -20, -9.1, -5, -1e-6, -0.0, 0, 1e-20, 0.25, 2.9, 3, 5.5, 6, 6.5, 9.5, 18, 89, 1000]]
    tables = {"SOFTMAX": Options("SoftmaxOptions", beta=1.0), "HARD_SWISH": Options("HardSwishOptions"),
              "LEAKY_RELU": Options("LeakyReluOptions", alpha=0.2)}
    for operator in ("LOGISTIC", "TANH", "RELU", "RELU6", "LEAKY_RELU", "HARD_SWISH"):
        unary(operator, "float32", Tensor([1, 19], kind="float32"), Tensor([1, 19], kind="float32"),
              tables.get(operator), rows=[floats])
    for operator in ("RELU", "RELU6", "LEAKY_RELU"):
        options = tables.get(operator)
        for in_scale, in_zero, out_scale, out_zero in (
            (0.1, 0, 0.1, 0), (0.1, -5, 0.05, -128), (0.02, 30, 0.3, 7), (0.3, 0, 0.02, -90), (0.5, 3, 1.0, -3),
            (0.05, 20, 0.05, 20)):
            unary(operator, f"{in_scale}, {in_zero} to {out_scale}, {out_zero}", Tensor(SWEEP, in_scale, in_zero),
                  Tensor(SWEEP, out_scale, out_zero), options)
        for scale, out_scale in ((0.001, 0.001), (0.001, 0.0004), (0.0001, 0.003), (1 / 1024, 1 / 512)):
            unary(operator, f"int16, {scale:.4g} to {out_scale:.4g}", Tensor([1, 90], scale, kind="int16"),
                  Tensor([1, 90], out_scale, kind="int16"), options, count=2)
    for alpha in (0.01, 0.3, 0.5, 1.0, 1.5, -0.25):
        unary("LEAKY_RELU", f"alpha {alpha}", Tensor(SWEEP, 0.06, -20), Tensor(SWEEP, 0.05, 4),
              Options("LeakyReluOptions", alpha=alpha))
    for scale, zero, out_scale, out_zero in ((0.05, 0, 0.04, -100), (0.0235, -128, 0.0235, -128), (0.3, 60, 0.2, -20),
                                             (0.01, 5, 0.02, 0), (1.0, -60, 0.7, -125), (0.05, 0, 0.0005, 0)):
        unary("HARD_SWISH", f"{scale}, {zero} to {out_scale}, {out_zero}", Tensor(SWEEP, scale, zero),
              Tensor(SWEEP, out_scale, out_zero), tables["HARD_SWISH"])
    for scale, zero in ((0.05, 0), (0.0235, -128), (0.5, 100), (0.01, 20)):
        unary("RELU6", f"scale {scale}, zero point {zero}", Tensor(SWEEP, scale, zero), Tensor(SWEEP, scale, zero))


def softmax():
    def soft(title, shape, given, result, beta=1.0, **how):
        case("SOFTMAX", title, [Tensor(shape, *given)], Tensor(shape, *result), Options("SoftmaxOptions", beta=beta),
             **how)

    for shape, scale, beta in (([1, 12], 0.1, 1.0), ([3, 4], 0.6, 1.0), ([1, 2], 0.02, 1.0), ([2, 1], 0.1, 1.0),
                               ([1, 300], 0.05, 1.0), ([1, 10], 20.0, 1.0), ([2, 5], 0.3, 0.25),
                               ([1, 2, 3, 7], 1.3, 1.0)):
        soft(f"{shape}, scale {scale}, beta {beta}", shape, (scale, 9), (1 / 256, -128), beta, count=3)
    for shape, scale, beta in (([1, 12], 0.1, 1.0), ([3, 4], 0.6, 1.0), ([1, 60], 0.02, 2.0), ([2, 5], 20.0, 1.0)):
        soft(f"int8 to int16, {shape}, scale {scale}, beta {beta}", shape, (scale, 9), (1 / 65536, -32768, "int16"),
             beta, count=3)
    for shape, scale, beta in (([1, 12], 0.001, 1.0), ([3, 4], 0.0006, 1.0), ([1, 64], 0.00004, 1.0),
                               ([2, 1], 0.001, 1.0), ([2, 9], 0.01, 0.5), ([1, 2, 2, 8], 1 / 4096, 1.0)):
        soft(f"int16, {shape}, scale {scale:.6g}, beta {beta}", shape, (scale, 0, "int16"), (1 / 32768, 0, "int16"),
             beta, count=3)
    for shape, beta in (([1, 12], 1.0), ([3, 4], 0.3), ([2, 2, 2, 5], 1.0), ([4], 2.0), ([2, 1], 1.0)):
        soft(f"float32, {shape}, beta {beta}", shape, (None, 0, "float32"), (None, 0, "float32"), beta)
    soft("float32, far apart", [2, 4], (None, 0, "float32"), (None, 0, "float32"),
         rows=[[[[1e4, 1, 2, 9990], [-1e30, -2, 0, 88]]]])


def conversions():
    def convert(operator, name, given, result, **how):
        options = {"QUANTIZE": "QuantizeOptions", "DEQUANTIZE": "DequantizeOptions", "CAST": "CastOptions"}[operator]
        case(operator, name, [given], result, Options(options), count=1 if given.shape == SWEEP else 2, **how)

    convert("QUANTIZE", "int8 to int8", Tensor(SWEEP, 0.1, 5), Tensor(SWEEP, 0.07, -20))
    convert("QUANTIZE", "int8 to int8, same scale", Tensor(SWEEP, 0.1, 5), Tensor(SWEEP, 0.1, -20))
    convert("QUANTIZE", "int8 to int8, ratio of 40", Tensor(SWEEP, 4.0, 5), Tensor(SWEEP, 0.1, -20))
    convert("QUANTIZE", "int8 to int8, half", Tensor(SWEEP, 0.5, 5), Tensor(SWEEP, 1.0, -20))
    convert("QUANTIZE", "int8 to uint8", Tensor(SWEEP, 0.1, -128), Tensor(SWEEP, 0.1, 0, "uint8"))
    convert("QUANTIZE", "int8 to uint8, other scale", Tensor(SWEEP, 0.1, -3), Tensor(SWEEP, 0.13, 60, "uint8"))
    convert("QUANTIZE", "uint8 to int8", Tensor(SWEEP, 0.1, 128, "uint8"), Tensor(SWEEP, 0.1, 0))
    convert("QUANTIZE", "uint8 to int8, other scale", Tensor(SWEEP, 0.02, 100, "uint8"), Tensor(SWEEP, 0.1, 7))
    convert("QUANTIZE", "int8 to int16", Tensor(SWEEP, 0.2, -9), Tensor(SWEEP, 0.001, 0, "int16"))
    convert("QUANTIZE", "int8 to int32", Tensor(SWEEP, 0.2, -9), Tensor(SWEEP, 0.00001, 3, "int32"))
    for kind, scale, other, zero in (("int16", 0.001, 0.2, -9), ("int16", 0.001, 0.003, 0),
                                     ("int16", 0.001, 0.00002, 0), ("int16", 0.001, 0.000001, 7),
                                     ("int16", 1 / 512, 1 / 256, 0), ("int32", 0.0001, 0.2, 11),
                                     ("int32", 0.00001, 0.001, 0), ("int32", 1e-9, 0.01, 4)):
        for to in ("int8", "int16", "int32"):
            if kind == "int32" == to:
                continue
            given = Tensor([1, 64], scale, 0, kind)
            out_zero = 0 if to == "int16" else zero
            # int32 beyond 16 bits with a ratio above 1 overflows.
            limits = (-(2**20), 2**20) if kind == "int32" else None
            convert("QUANTIZE", f"{kind} to {to}, {scale:.4g} to {other:.4g}", given,
                    Tensor([1, 64], other, out_zero, to), limits=limits)
    ties = [numpy.concatenate([(numpy.arange(-12, 12) + 0.5) * 0.125, numpy.arange(-20, 20),
                               [1e5, -1e5, 15.5, 15.51, -16.4, -0.0]])]
    for kind, scale, zero in (("int8", 0.125, 3), ("int8", 0.1, -128), ("int16", 0.0625, 0), ("int16", 0.0007, 0)):
        convert("QUANTIZE", f"float32 to {kind}, scale {scale}", Tensor([1, 70], kind="float32"),
                Tensor([1, 70], scale, zero, kind), rows=[[ties]])
    convert("DEQUANTIZE", "int8", Tensor(SWEEP, 0.0731, -20), Tensor(SWEEP, kind="float32"))
    convert("DEQUANTIZE", "uint8", Tensor(SWEEP, 0.0731, 120, "uint8"), Tensor(SWEEP, kind="float32"))
    convert("DEQUANTIZE", "int16", Tensor([1, 64], 0.00313, 0, "int16"), Tensor([1, 64], kind="float32"))
    kinds = ("float32", "int8", "int16", "int32", "uint32", "bool")
    for a in kinds:
        for b in kinds:
            # From float32 only what the target can hold: C leaves the rest open.
            values = [0.0, 1.0, 2.5, 3.999, 100.4, 0.5, 0.999]
            if b not in ("uint32", "bool"):
                values += [-1.0, -2.5, -0.999, -99.9, -0.0]
            rows = [[values]] if a == "float32" else None
            size = [len(values)] if rows else [12]
            limits = (0, 127) if a == "int8" and b == "uint32" else None
            convert("CAST", f"{a} to {b}", Tensor(size, kind=a), Tensor(size, kind=b), rows=rows, limits=limits)


MAKERS = (quantized, plain, activations, softmax, conversions)
