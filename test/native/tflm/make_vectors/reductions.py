"""Pooling, and means over axes."""

import numpy

from .model import NONE, RELU, RELU6, RELU_N1, SAME, VALID, Options, Tensor, constant
from .record import case, random


def tensor(shape, kind, scale, zero):
    return Tensor(shape, kind=kind) if kind == "float32" else Tensor(shape, scale, zero if kind == "int8" else 0, kind)


def pooling():
    for operator in ("AVERAGE_POOL_2D", "MAX_POOL_2D"):
        def pool(name, image, window, padding, stride, activation=NONE, zero=-4, scale=0.05, kind="int8",
                 operator=operator):
            size = [-(-cells // step) if padding == SAME else (cells - cover) // step + 1
                    for cells, step, cover in zip(image[1:3], stride, window)]
            options = Options("Pool2DOptions", padding=padding, strideH=stride[0], strideW=stride[1],
                              filterHeight=window[0], filterWidth=window[1], fusedActivationFunction=activation)
            case(operator, name if kind == "int8" else f"{kind}, {name}", [tensor(image, kind, scale, zero)],
                 tensor([image[0], *size, image[3]], kind, scale, zero), options)

        pool("2x2 valid", [1, 6, 6, 3], (2, 2), VALID, (2, 2))
        pool("3x3 same", [1, 5, 6, 2], (3, 3), SAME, (1, 1))
        pool("3x2 same, stride 2, relu", [1, 7, 5, 4], (3, 2), SAME, (2, 2), RELU)
        pool("whole image, 40 channels", [1, 5, 3, 40], (5, 3), VALID, (1, 1))
        pool("relu6", [1, 4, 4, 2], (2, 2), VALID, (1, 1), RELU6, zero=-100)
        pool("two images, relu -1 to 1", [2, 4, 4, 2], (2, 3), SAME, (2, 1), RELU_N1, scale=0.02)
        pool("window larger than the image, same", [1, 2, 3, 2], (5, 4), SAME, (1, 1))
        pool("one cell", [1, 3, 3, 2], (1, 1), VALID, (2, 2))
        for i in range(5):
            high, wide, depth, kh, kw, sh, sw = (int(n) for n in random.integers(1, [6, 6, 12, 5, 5, 4, 4]))
            pool(f"drawn {i}", [1, high + 3, wide + 3, depth], (kh, kw), (SAME, VALID)[i % 2], (sh, sw),
                 zero=int(random.integers(-128, 128)))
        for kind in ("int16", "float32"):
            pool("2x2 valid", [1, 4, 6, 3], (2, 2), VALID, (2, 2), kind=kind, scale=0.001)
            pool("3x3 same", [1, 5, 4, 2], (3, 3), SAME, (1, 1), kind=kind, scale=0.001)
            pool("3x2 same, stride 2, relu", [1, 5, 5, 3], (3, 2), SAME, (2, 2), RELU, kind=kind, scale=0.001)
            pool("whole image, relu6", [1, 4, 3, 9], (4, 3), VALID, (1, 1), RELU6, kind=kind, scale=0.001)
            pool("two images, relu -1 to 1", [2, 3, 3, 2], (2, 2), SAME, (1, 1), RELU_N1, kind=kind, scale=0.001)


def means():
    def mean(name, shape, axes, keep, same, zero=-20, scale=0.1, kind="int8"):
        reduced = {axis % len(shape) for axis in axes}
        result = [1 if i in reduced else n for i, n in enumerate(shape) if keep or i not in reduced]
        out = tensor(result, kind, scale, zero) if same else tensor(result, kind, scale * 1.7, 33)
        rows = None
        if kind == "float32":
            rows = [[random.normal(0.5, 0.5, shape)] for _ in range(2)]
        case("MEAN", name if kind == "int8" else f"{kind}, {name}", [tensor(shape, kind, scale, zero), constant(axes)],
             out, Options("ReducerOptions", keepDims=keep), rows=rows)

    for kind, same in (("int8", True), ("int8", False), ("int16", True), ("int16", False), ("float32", True)):
        quantized = "" if kind == "float32" else ", same scale" if same else ", other scale"
        scale = 0.001 if kind == "int16" else 0.1
        mean(f"image kept{quantized}", [1, 5, 7, 3], [1, 2], True, same, kind=kind, scale=scale)
        mean(f"image{quantized}", [1, 5, 7, 3], [1, 2], False, same, kind=kind, scale=scale)
        mean(f"image, axes swapped, kept{quantized}", [2, 3, 4, 2], [2, 1], True, same, kind=kind, scale=scale)
        mean(f"last axis{quantized}", [2, 3, 11], [-1], False, same, kind=kind, scale=scale)
        mean(f"first axis, kept{quantized}", [6, 5], [0], True, same, kind=kind, scale=scale)
        mean(f"one axis of an image{quantized}", [1, 3, 6, 4], [1], True, same, kind=kind, scale=scale)
        mean(f"one number{quantized}", [1, 1, 1, 4], [1, 2], True, same, kind=kind, scale=scale)
        mean(f"channels{quantized}", [1, 3, 2, 5], [3], False, same, kind=kind, scale=scale)
        mean(f"all axes{quantized}", [2, 3, 4], [0, 1, 2], False, same, kind=kind, scale=scale)
    mean("large scale", [1, 16, 16, 2], [1, 2], True, False, scale=3.0)
    mean("powers of two, where ties are", [1, 2, 4, 40], [1, 2], False, True, scale=0.5)
    # One number of each sign, so that halves are rounded both ways.
    halves = [numpy.stack([numpy.arange(-64, 64), numpy.arange(-63, 65)])[None, :, None, :]]
    case("MEAN", "halves", [Tensor([1, 2, 1, 128], 0.1, 0), constant([1, 2])], Tensor([1, 128], 0.1, 0),
         Options("ReducerOptions", keepDims=False), rows=[halves])


MAKERS = (pooling, means)
