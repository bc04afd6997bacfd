"""Which element types the reference interpreter takes, found by trying each in a process of its own: it may abort."""

import itertools
import os
import pathlib

import numpy
from tflite_micro.python.tflite_micro import runtime

from .model import SAME, VALID, Graph, Operator, Options, Tensor, code_of, constant, model_bytes

EVERY = ("float32", "int8", "int16", "int32", "int64", "uint8", "uint32", "bool")
INDEX = ("int32", "int64")


def activation(shape, kind, scale=0.1, zero=0, **more):
    return Tensor(shape, scale if kind in ("int8", "uint8", "int16") else None, zero, kind, **more)


def attempt(model):
    """"yes", "refused" (an error), or "aborts" (the process ends)."""
    child = os.fork()
    if not child:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1), os.dup2(quiet, 2)
        status = 1
        try:
            interpreter = runtime.Interpreter.from_bytes(model, arena_size=100_000)
            index = 0
            while True:
                try:
                    details = interpreter.get_input_details(index)
                except IndexError:
                    break
                interpreter.set_input(numpy.ones(details["shape"], details["dtype"]), index)
                index += 1
            interpreter.invoke()
            status = 0
        except (RuntimeError, ValueError, SystemError):
            pass
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return "aborts" if os.WIFSIGNALED(status) else ("yes", "refused")[os.WEXITSTATUS(status)]


def one(name, inputs, outputs, options=None, version=1):
    return model_bytes(Graph([Operator(name, inputs, outputs, options, version)]))


def weighted():
    shapes = {
        "FULLY_CONNECTED": ([1, 4], [3, 4], 0, [3], [1, 3], Options("FullyConnectedOptions")),
        "CONV_2D": ([1, 4, 4, 2], [3, 2, 2, 2], 0, [3], [1, 4, 4, 3], Options("Conv2DOptions", strideH=1, strideW=1)),
        "DEPTHWISE_CONV_2D": ([1, 4, 4, 3], [1, 2, 2, 3], 3, [3], [1, 4, 4, 3],
                              Options("DepthwiseConv2DOptions", strideH=1, strideW=1, depthMultiplier=1)),
        "TRANSPOSE_CONV": ([1, 2, 2, 2], [3, 2, 2, 2], 0, [3], [1, 4, 4, 3],
                           Options("TransposeConvOptions", strideH=2, strideW=2, padding=SAME)),
    }
    tries = [("float32", "float32", "float32", "float32"), ("float32", "int8", "float32", "float32"),
             ("int8", "int8", "int32", "int8"), ("int8", "int8", "int64", "int8"), ("int8", "int8", "int32", "int16"),
             ("int8", "int16", "int32", "int8"),
             ("int16", "int8", "int64", "int16"), ("int16", "int8", "int32", "int16"),
             ("int16", "int8", "int64", "int8"), ("int16", "int8", "int16", "int16"),
             ("int16", "int16", "int64", "int16"), ("int16", "int16", "int32", "int16"),
             ("uint8", "uint8", "int32", "uint8"), ("uint8", "int8", "int32", "uint8")]
    tries += [(a, b, None, c) for a, b, c in (("float32", "float32", "float32"), ("int8", "int8", "int8"),
                                              ("int16", "int8", "int16"))]
    for name, (given, kernel, axis, count, result, options) in shapes.items():
        for kinds in tries:
            for per_channel in (True, False):
                if kinds[1] == "float32" and per_channel:
                    continue
                scale = ([0.1] * 3 if per_channel else 0.1) if kinds[1] != "float32" else None
                weights = Tensor(kernel, scale, 0, kinds[1], numpy.ones(kernel), axis)
                bias = Tensor(count, [0.01] * 3 if scale else None, 0, kinds[2], numpy.ones(3)) if kinds[2] else None
                inputs = [activation(given, kinds[0]), weights, bias]
                if not kinds[2] and name == "DEPTHWISE_CONV_2D":
                    inputs.pop()
                if name == "TRANSPOSE_CONV":
                    inputs = [constant([1, 4, 4, 3]), weights, inputs[0], bias]
                where = " per channel" if per_channel else ""
                label = f"{kinds[0]}, {kinds[1]}{where}, {kinds[2] or 'no bias'} -> {kinds[3]}"
                yield name, label, one(name, inputs, [activation(result, kinds[3])], options)
    for name in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        options = Options("Pool2DOptions", strideH=1, strideW=1, filterHeight=2, filterWidth=2, padding=VALID)
        for kind in EVERY:
            yield name, kind, one(name, [activation([1, 4, 4, 2], kind)], [activation([1, 3, 3, 2], kind)], options)
    for a, b, c in itertools.product(("float32", "int8", "int16", "int32"), repeat=3):
        model = one("BATCH_MATMUL", [activation([1, 2, 3], a), activation([1, 3, 4], b)], [activation([1, 2, 4], c)],
                    Options("BatchMatMulOptions"))
        yield "BATCH_MATMUL", f"{a}, {b} -> {c}", model


def elementwise():
    for name, table in (("ADD", "AddOptions"), ("SUB", "SubOptions"), ("MUL", "MulOptions"), ("DIV", "DivOptions"),
                        ("MINIMUM", "MaximumMinimumOptions"), ("MAXIMUM", "MaximumMinimumOptions")):
        for kind in EVERY:
            for shape in ([2, 3], [3]):
                inputs = [activation([2, 3], kind), activation(shape, kind)]
                label = kind if shape == [2, 3] else f"{kind}, broadcast"
                yield name, label, one(name, inputs, [activation([2, 3], kind)], Options(table))
    tables = {"SOFTMAX": Options("SoftmaxOptions", beta=1.0), "LEAKY_RELU": Options("LeakyReluOptions", alpha=0.1),
              "HARD_SWISH": Options("HardSwishOptions")}
    outputs = {("LOGISTIC", "int8"): (1 / 256, -128), ("LOGISTIC", "int16"): (1 / 32768, 0),
               ("TANH", "int8"): (1 / 128, 0), ("TANH", "int16"): (1 / 32768, 0), ("SOFTMAX", "int8"): (1 / 256, -128),
               ("SOFTMAX", "int16"): (1 / 32768, 0), ("SOFTMAX", "int8 -> int16"): (1 / 65536, -32768)}
    for name in ("LOGISTIC", "TANH", "RELU", "RELU6", "LEAKY_RELU", "HARD_SWISH", "SOFTMAX"):
        for label in (*EVERY, "int8 -> int16"):
            given, _, result = label.partition(" -> ")
            scale, zero = outputs.get((name, label), (0.1, 0))
            out = activation([1, 4], result or given, scale, zero)
            yield name, label, one(name, [activation([1, 4], given)], [out], tables.get(name))
    for name in ("QUANTIZE", "DEQUANTIZE", "CAST"):
        for a, b in itertools.product(EVERY, repeat=2):
            scaled = [Tensor([4], None if name == "CAST" or k in ("float32", "bool") else 0.1, 0, k) for k in (a, b)]
            yield name, f"{a} -> {b}", one(name, scaled[:1], scaled[1:])


def shapes():
    for kind in EVERY:
        t = lambda *shape, kind=kind: activation(shape, kind)  # noqa: E731
        for index in INDEX:
            also = "" if index == "int32" else ", int64 indices"
            at = lambda values, index=index: constant(values, index)  # noqa: E731
            yield "RESHAPE", kind + also, one("RESHAPE", [t(2, 3), at([3, 2])], [t(3, 2)],
                                              Options("ReshapeOptions", newShape=[3, 2]))
            yield "PAD", kind + also, one("PAD", [t(2, 3), at([[0, 1], [1, 0]])], [t(3, 4)], Options("PadOptions"))
            filler = activation([1], kind, data=[1])
            yield "PADV2", kind + also, one("PADV2", [t(2, 3), at([[0, 1], [1, 0]]), filler], [t(3, 4)],
                                            Options("PadV2Options"))
            yield "TRANSPOSE", kind + also, one("TRANSPOSE", [t(2, 3), at([1, 0])], [t(3, 2)],
                                                Options("TransposeOptions"))
            yield "MEAN", kind + also, one("MEAN", [t(1, 2, 2, 3), at([1, 2])], [t(1, 1, 1, 3)],
                                           Options("ReducerOptions", keepDims=True))
            yield "STRIDED_SLICE", kind + also, one("STRIDED_SLICE", [t(4), at([0]), at([4]), at([2])], [t(2)],
                                                    Options("StridedSliceOptions"))
            yield "SPLIT", kind + also, one("SPLIT", [at([0]), t(4)], [t(2), t(2)],
                                            Options("SplitOptions", numSplits=2))
            yield "SPLIT_V", kind + also, one("SPLIT_V", [t(4), at([1, 3]), at([0])], [t(1), t(3)],
                                              Options("SplitVOptions", numSplits=2))
            yield "EXPAND_DIMS", kind + also, one("EXPAND_DIMS", [t(4), at([0])], [t(1, 4)],
                                                  Options("ExpandDimsOptions"))
            size = at([4, 4])
            yield "RESIZE_NEAREST_NEIGHBOR", kind + also, one("RESIZE_NEAREST_NEIGHBOR", [t(1, 2, 2, 1), size],
                                                              [t(1, 4, 4, 1)], Options("ResizeNearestNeighborOptions"))
            for out in INDEX:
                yield "ARG_MAX", f"{kind}{also} -> {out}", one("ARG_MAX", [t(2, 3), at([1])], [t(2, kind=out)],
                                                               Options("ArgMaxOptions",
                                                                       outputType={"int32": 2, "int64": 4}[out]))
        yield "CONCATENATION", kind, one("CONCATENATION", [t(2), t(3)], [t(5)], Options("ConcatenationOptions", axis=0))
        yield "PACK", kind, one("PACK", [t(2), t(2)], [t(2, 2)], Options("PackOptions", valuesCount=2, axis=0))
        yield "UNPACK", kind, one("UNPACK", [t(2, 2)], [t(2), t(2)], Options("UnpackOptions", num=2, axis=0))
        yield "SQUEEZE", kind, one("SQUEEZE", [t(1, 2)], [t(2)], Options("SqueezeOptions", squeezeDims=[0]))
    a, b = activation([2], "int8", 0.1), activation([2], "int8", 0.2)
    yield "CONCATENATION", "int8, other scales", one("CONCATENATION", [a, b], [activation([4], "int8", 0.3)],
                                                     Options("ConcatenationOptions", axis=0))


def recurrent():
    small, wide = ("float32", "int8", "int16"), ("float32", "int32", "int64")
    for given, state, time, added, result in itertools.product(small, small, small, wide, small):
        feature = "float32" if given == "float32" else "int8"
        if "float32" in (given, state, time, added, result) and {given, state, time, added, result} != {"float32"}:
            continue
        data = lambda shape, kind: activation(shape, kind, data=numpy.ones(shape))  # noqa: E731
        inputs = [activation([1, 4], given), data([2, 4], feature), data([2, 3], time),
                  Tensor([2], None if added == "float32" else 0.01, 0, added, [1, 1]),
                  activation([1, 6], state, variable=True)]
        yield ("SVDF", f"{given}, time {time}, bias {added}, state {state} -> {result}",
               one("SVDF", inputs, [activation([1, 2], result)],
                   Options("SVDFOptions", rank=1, fusedActivationFunction=1)))
    for given, kernel, added, cell in itertools.product(small, ("float32", "int8"), wide, small):
        if "float32" in (given, added, cell) and {given, added, cell} != {"float32"}:
            continue
        matrices = [activation(shape, kernel, data=numpy.ones(shape)) for shape in [[2, 3]] * 4 + [[2, 2]] * 4]
        biases = [Tensor([2], None if added == "float32" else 0.01, 0, added, [1, 1]) for _ in range(4)]
        state = [activation([1, 2], given, variable=True), activation([1, 2], cell, 2.0**-11, variable=True)]
        inputs = [activation([1, 2, 3], given), *matrices, None, None, None, *biases, None, None, *state, None, None,
                  None, None]
        options = Options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=4)
        yield ("UNIDIRECTIONAL_SEQUENCE_LSTM", f"{given}, weights {kernel}, biases {added}, cell {cell} -> {given}",
               one("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [activation([1, 2, 2], given)], options))


def signals():
    for kind in EVERY:
        t = lambda *shape, kind=kind: Tensor(shape, kind=kind)  # noqa: E731
        yield "SignalWindow", kind, one("SignalWindow", [t(8), constant([1] * 8, "int16")], [t(8)], {"shift": 12})
        yield "SignalFftAutoScale", f"{kind} -> {kind}, int32", one("SignalFftAutoScale", [t(8)],
                                                                    [t(8), Tensor([], kind="int32")], {})
        code = {"T": code_of(kind), "fft_length": 8}
        yield "SignalRfft", kind, one("SignalRfft", [t(8)], [t(10)], code)
        yield "SignalEnergy", f"{kind} -> uint32", one("SignalEnergy", [t(8)], [Tensor([4], kind="uint32")],
                                                       {"start_index": 0, "end_index": 4})
        tables = [constant(v, "int16") for v in ([1] * 4, [1] * 4, [0, 2], [0, 2], [2, 2])]
        yield "SignalFilterBank", f"{kind} -> uint64", one("SignalFilterBank", [t(4), *tables],
                                                           [Tensor([1], kind="uint64")], {"num_channels": 1})
        yield ("SignalFilterBankSpectralSubtraction", kind,
               one("SignalFilterBankSpectralSubtraction", [t(2)], [t(2), t(2)],
                   {"alternate_one_minus_smoothing": 1, "alternate_smoothing": 1, "clamping": False,
                    "min_signal_remaining": 1, "num_channels": 2, "one_minus_smoothing": 1, "smoothing": 1,
                    "smoothing_bits": 1, "spectral_subtraction_bits": 14}))
        yield "SignalPCAN", f"{kind}, {kind}, int16 -> {kind}", one("SignalPCAN",
                                                                    [t(2), t(2), constant([1] * 125, "int16")], [t(2)],
                                                                    {"snr_shift": 6})
        yield "SignalFilterBankLog", f"{kind} -> int16", one("SignalFilterBankLog", [t(2)], [t(2, kind="int16")],
                                                             {"input_correction_bits": 3, "output_scale": 64})
    for kind in ("uint64", "uint32", "int64"):
        yield ("SignalFilterBankSquareRoot", f"{kind}, int32 -> uint32",
               one("SignalFilterBankSquareRoot", [Tensor([2], kind=kind), Tensor([], kind="int32")],
                   [Tensor([2], kind="uint32")], {}))


def variables():
    for kind in EVERY:
        given, result, resource = activation([2], kind), activation([2], kind), Tensor([], kind="resource")
        steps = [Operator("VAR_HANDLE", [], [resource], Options("VarHandleOptions", sharedName="v", container="")),
                 Operator("ASSIGN_VARIABLE", [resource, given], [], Options("AssignVariableOptions")),
                 Operator("READ_VARIABLE", [resource], [result], Options("ReadVariableOptions"))]
        yield "ASSIGN_VARIABLE, READ_VARIABLE", kind, model_bytes(Graph(steps, [given], [result]))


HEADING = "## Accepted types\n"


def main():
    answers = {}
    for family in FAMILIES:
        for operator, label, model in family():
            answers.setdefault(operator, {}).setdefault(attempt(model), []).append(label)
    lines = ["| operator | runs | ends the process |", "| --- | --- | --- |"]
    for operator in sorted(answers):
        yes, aborts = ("; ".join(answers[operator].get(answer, [])) for answer in ("yes", "aborts"))
        lines.append(f"| {operator} | {yes} | {aborts} |")
    path = pathlib.Path(__file__).parent.parent / "vectors" / "README.md"
    path.write_text(path.read_text().partition(HEADING)[0] + HEADING + "\n" + "\n".join(lines) + "\n")


FAMILIES = (weighted, elementwise, shapes, recurrent, signals, variables)

if __name__ == "__main__":
    main()
