"""Operators that move values about: each result is also compared with numpy's."""

import numpy

from .model import Options, Tensor, constant
from .record import case, samples

PLAIN = ("int32", "int64", "uint8", "uint32", "bool")


def tensor(shape, kind="int8", data=None):
    scaled = kind in ("int8", "int16")
    return Tensor(shape, 0.1 if scaled else None, -9 if kind == "int8" else 0, kind, data)


def moved(operator, name, inputs, expected, options=None, kind="int8", **how):
    """`expected` takes the drawn inputs (arrays) to the list of results."""
    free = [each for each in inputs if each.data is None]
    like = expected(*(numpy.zeros(each.shape, each.kind) for each in free))
    outputs = [tensor(value.shape, kind) for value in like]
    rows = how.pop("rows", None) or [[draw(each) for each in free] for _ in range(how.pop("count", 2))]
    results = case(operator, f"{name}, {kind}", inputs, outputs, options, rows=rows, **how)
    for row, result in zip(rows, results):
        for made, wanted in zip(result, expected(*row), strict=True):
            assert numpy.array_equal(made, wanted), f"{operator}: {name}"


def draw(each):
    return samples(each, 1)[0] if each.kind in ("float32", "bool") else samples(each, 2)[0]


def reshape():
    for kind in ("int8", "int16", "float32", *PLAIN):
        moved("RESHAPE", "3x4 to 2x6", [tensor([3, 4], kind), constant([2, 6])],
              lambda a: [a.reshape(2, 6)], Options("ReshapeOptions", newShape=[2, 6]), kind, count=1)
    moved("RESHAPE", "-1 for what is left", [tensor([2, 3, 4]), constant([-1, 6])], lambda a: [a.reshape(4, 6)],
          Options("ReshapeOptions", newShape=[-1, 6]))
    moved("RESHAPE", "shape from the options alone", [tensor([2, 3])], lambda a: [a.reshape(6)],
          Options("ReshapeOptions", newShape=[6]))
    moved("RESHAPE", "to one number", [tensor([1, 1]), constant([], "int32")], lambda a: [a.reshape([])],
          Options("ReshapeOptions", newShape=[]))
    moved("RESHAPE", "six dimensions", [tensor([1, 2, 1, 3, 1, 2]), constant([12])], lambda a: [a.reshape(12)],
          Options("ReshapeOptions", newShape=[12]))
    for kind in ("int8", "float32", "int32"):
        moved("SQUEEZE", "one axis", [tensor([1, 2, 1, 3], kind)], lambda a: [a.squeeze(2)],
              Options("SqueezeOptions", squeezeDims=[2]), kind)
    moved("SQUEEZE", "all of size 1", [tensor([1, 2, 1, 3])], lambda a: [a.squeeze()],
          Options("SqueezeOptions", squeezeDims=[]))
    moved("SQUEEZE", "negative axis", [tensor([2, 3, 1])], lambda a: [a.squeeze(-1)],
          Options("SqueezeOptions", squeezeDims=[-1]))
    moved("SQUEEZE", "two axes, int16 data", [tensor([1, 4, 1], "int16")], lambda a: [a.squeeze((0, 2))],
          Options("SqueezeOptions", squeezeDims=[0, 2]), "int16")
    for axis in (0, 1, 2, -1, -2):
        moved("EXPAND_DIMS", f"axis {axis}", [tensor([3, 4]), constant([axis])],
              lambda a, axis=axis: [numpy.expand_dims(a, axis)], Options("ExpandDimsOptions"))
    for kind in ("int16", "float32"):
        moved("EXPAND_DIMS", "rank-0 axis", [tensor([5], kind), constant(0)], lambda a: [a[None]],
              Options("ExpandDimsOptions"), kind)


def joined():
    def concatenation(name, parts, axis, kind="int8", constants=()):
        inputs = [tensor(shape, kind) for shape in parts]
        for i in constants:
            inputs[i] = tensor(parts[i], kind, draw(inputs[i]))

        def expected(*given):
            values = iter(given)
            return [numpy.concatenate([each.data if each.data is not None else next(values) for each in inputs], axis)]

        moved("CONCATENATION", name, inputs, expected, Options("ConcatenationOptions", axis=axis), kind)

    for kind in ("int8", "int16", "float32", "int32", "int64", "bool"):
        concatenation("two vectors", [[1, 3], [1, 5]], 1, kind)
    concatenation("axis 0", [[2, 3], [1, 3]], 0)
    concatenation("axis 1 of four", [[1, 2, 3, 2], [1, 1, 3, 2], [1, 3, 3, 2]], 1)
    concatenation("axis -1 of four", [[1, 2, 3, 2], [1, 2, 3, 5]], -1)
    concatenation("axis -3", [[2, 1, 2, 2], [2, 2, 2, 2]], -3, "int16")
    concatenation("seven inputs", [[2, n] for n in range(1, 8)], 1)
    concatenation("ten inputs", [[n, 2] for n in range(1, 11)], 0, "float32")
    concatenation("a constant in front", [[1, 2, 3], [1, 4, 3]], 1, constants=[0])
    concatenation("constants about", [[4], [3], [2]], 0, "int32", constants=[0, 2])
    concatenation("one input", [[2, 3]], 1)

    def pack(name, shape, count, axis, kind="int8"):
        moved("PACK", name, [tensor(shape, kind) for _ in range(count)], lambda *a: [numpy.stack(a, axis)],
              Options("PackOptions", valuesCount=count, axis=axis), kind)

    for kind in ("int8", "int16", "float32", "int32", "int64"):
        pack("two vectors", [3], 2, 0, kind)
    for axis in (0, 1, 2, -1, -3):
        pack(f"three matrices, axis {axis}", [2, 3], 3, axis)
    pack("one", [2, 2], 1, 0)
    pack("numbers", [], 4, 0, "int32")

    def unpack(name, shape, axis, kind="int8"):
        count = shape[axis]
        moved("UNPACK", name, [tensor(shape, kind)],
              lambda a: [part.squeeze(axis) for part in numpy.split(a, count, axis)],
              Options("UnpackOptions", num=count, axis=axis), kind)

    for kind in ("int8", "int16", "float32", "int32"):
        unpack("rows", [2, 3], 0, kind)
    for axis in (0, 1, 2, -1, -2):
        unpack(f"cube, axis {axis}", [2, 3, 4], axis)
    unpack("of one", [1, 4], 0)

    def split(name, shape, count, axis, kind="int8", rank0=False):
        at = constant(axis) if rank0 else constant([axis])
        moved("SPLIT", name, [at, tensor(shape, kind)], lambda a: numpy.split(a, count, axis),
              Options("SplitOptions", numSplits=count), kind)

    for kind in ("int8", "int16", "float32", "int32"):
        split("halves", [1, 6], 2, 1, kind)
    for axis in (0, 1, 2, 3, -1):
        split(f"axis {axis} of four", [2, 4, 2, 6], 2, axis, rank0=axis == -1)
    split("four parts", [3, 8], 4, 1)
    split("one part", [3, 8], 1, 0)

    def split_v(name, shape, sizes, axis, kind="int8", rank0=False, whole=None):
        at = constant(axis) if rank0 else constant([axis])
        cuts = numpy.cumsum(whole or sizes)[:-1]
        moved("SPLIT_V", name, [tensor(shape, kind), constant(sizes), at],
              lambda a: numpy.split(a, cuts, axis), Options("SplitVOptions", numSplits=len(sizes)), kind)

    for kind in ("int8", "int16", "float32", "int32"):
        split_v("1 and 5", [1, 6], [1, 5], 1, kind)
    split_v("axis 0", [6, 2], [3, 1, 2], 0)
    split_v("axis -1, rank 0", [1, 2, 2, 7], [4, 3], -1, rank0=True)
    split_v("axis -3", [1, 5, 2, 3], [2, 3], -3)
    split_v("all of it", [2, 4], [4], 1)


def padded():
    def pad(name, shape, amounts, kind="int8", filler=None):
        operator = "PAD" if filler is None else "PADV2"
        inputs = [tensor(shape, kind), constant(amounts)]
        if filler is not None:
            inputs.append(tensor([1], kind, [filler]))
        value = filler if filler is not None else -9 if kind == "int8" else 0
        moved(operator, name, inputs, lambda a: [numpy.pad(a, amounts, constant_values=value)],
              Options("PadOptions" if filler is None else "PadV2Options"), kind)

    for filler in (None, 77):
        for kind in ("int8", "int16", "float32", "int32"):
            pad("border of an image", [1, 3, 4, 2], [[0, 0], [1, 1], [2, 1], [0, 0]], kind, filler)
        pad("one side", [1, 2, 2, 3], [[0, 0], [0, 1], [0, 1], [0, 0]], filler=filler)
        pad("all dimensions", [2, 2, 2, 2], [[1, 0], [0, 2], [1, 1], [0, 1]], filler=filler)
        pad("two dimensions", [3, 5], [[2, 0], [1, 3]], filler=filler)
        pad("one dimension", [4], [[3, 2]], filler=filler)
        pad("three dimensions", [2, 3, 1], [[0, 1], [2, 0], [1, 1]], "int16", filler)
        pad("channels", [1, 2, 2, 3], [[0, 0], [0, 0], [0, 0], [1, 4]], filler=filler)
        pad("nothing", [1, 2, 3, 1], [[0, 0]] * 4, filler=filler)

    def transpose(name, shape, order, kind="int8"):
        moved("TRANSPOSE", name, [tensor(shape, kind), constant(order)], lambda a: [numpy.transpose(a, order)],
              Options("TransposeOptions"), kind)

    for kind in ("int8", "int16", "float32"):
        transpose("matrix", [3, 5], [1, 0], kind)
        transpose("cube", [2, 3, 4], [2, 0, 1], kind)
    for order in ([0, 2, 3, 1], [0, 3, 1, 2], [3, 2, 1, 0], [1, 0, 3, 2], [0, 1, 2, 3], [0, 2, 1, 3], [2, 3, 0, 1]):
        transpose(f"order {order}", [2, 3, 4, 5], order)
    transpose("five dimensions", [2, 1, 3, 2, 2], [4, 2, 0, 1, 3])
    transpose("one dimension", [4], [0])
    transpose("dimensions of size 1", [1, 4, 1, 3], [2, 3, 0, 1])


def strided_slice():
    def cut(name, shape, begin, end, strides=None, kind="int8", begin_mask=0, end_mask=0, shrink=0):
        strides = strides or [1] * len(begin)
        at = tuple(
            b if shrink >> i & 1 else slice(None if begin_mask >> i & 1 else b, None if end_mask >> i & 1 else e, s)
            for i, (b, e, s) in enumerate(zip(begin, end, strides))
        )
        options = Options("StridedSliceOptions", beginMask=begin_mask, endMask=end_mask, shrinkAxisMask=shrink)
        moved("STRIDED_SLICE", name, [tensor(shape, kind), constant(begin), constant(end), constant(strides)],
              lambda a: [numpy.array(a[at])], options, kind)

    for kind in ("int8", "int16", "float32", "int32", "bool"):
        cut("middle of a vector", [9], [2], [7], kind=kind)
        cut("every second, shrunk row", [3, 8], [1, 0], [2, 8], [1, 2], kind, shrink=1)
    cut("image", [1, 5, 6, 3], [0, 1, 2, 0], [1, 4, 6, 2])
    cut("image, strides", [1, 5, 6, 3], [0, 0, 1, 0], [1, 5, 6, 3], [1, 2, 3, 2])
    cut("negative begins", [1, 8, 2], [0, -3, 0], [1, 8, 2])
    cut("negative begins and ends", [6, 7], [-4, -6], [-1, -2])
    cut("begin before the start", [6], [-20], [4])
    cut("end past the end", [6], [2], [100])
    cut("masked begins", [4, 6], [3, 2], [4, 5], begin_mask=3)
    cut("masked ends that are junk", [1, 6, 2], [0, -2, 0], [0, -77, 12345], end_mask=7)
    cut("all masks", [3, 4], [9, 9], [-9, -9], begin_mask=3, end_mask=3)
    cut("backwards", [7], [6], [0], [-1])
    cut("all of it backwards", [2, 5], [1, 4], [0, 0], [-1, -1], begin_mask=3, end_mask=3)
    cut("backwards by 2 from -1", [8], [-1], [1], [-2])
    cut("backwards, begin past the end", [5], [30], [1], [-1])
    cut("backwards by 3, masked end", [1, 8, 2], [0, 7, 0], [1, 0, 2], [1, -3, 1], end_mask=2)
    cut("shrunk first axis", [3, 4, 2], [1, 0, 0], [2, 4, 2], shrink=1)
    cut("shrunk last axis, negative", [3, 4], [0, -1], [3, 0], shrink=2)
    cut("two shrunk of four", [2, 3, 4, 5], [1, 0, 2, 0], [2, 3, 3, 5], shrink=5)
    cut("all shrunk", [3, 4], [2, 1], [3, 2], shrink=3)
    cut("one number shrunk", [6], [-2], [-1], kind="int32", shrink=1)
    cut("last frames of a stream", [1, 12, 1, 4], [0, -5, 0, 0], [1, 12, 1, 4], end_mask=15)


def argmax():
    def arg(name, shape, axis, kind="int8", rows=None):
        result = list(numpy.argmax(numpy.zeros(shape), axis).shape)
        case("ARG_MAX", f"{name}, {kind}", [tensor(shape, kind), constant([axis])], Tensor(result, kind="int32"),
             Options("ArgMaxOptions", outputType=2), rows=rows)

    for kind in ("int8", "float32"):
        arg("vector", [1, 9], 1, kind)
        arg("axis 0", [4, 3], 0, kind)
        arg("axis -1", [2, 3, 5], -1, kind)
        arg("middle axis", [2, 5, 3], 1, kind)
        arg("first of equals", [2, 6], 1, kind, [[[[3, 7, 7, 1, 7, 0], [-5, -5, -5, -5, -5, -5]]]])
    arg("all the lowest", [1, 4], 1, rows=[[[-128] * 4]])
    arg("one dimension", [7], 0)

    def resize(name, size, to, kind="int8", **how):
        case("RESIZE_NEAREST_NEIGHBOR", f"{name}, {kind}", [tensor(size, kind), constant(to)],
             tensor([size[0], *to, size[3]], kind), Options("ResizeNearestNeighborOptions", **how))

    for kind in ("int8", "int16", "float32"):
        resize("2x2 to 4x4", [1, 2, 2, 3], [4, 4], kind)
        resize("3x5 to 7x4", [1, 3, 5, 2], [7, 4], kind)
    for how in ({"alignCorners": True}, {"halfPixelCenters": True}):
        for size in ([1, 1], [2, 3], [4, 4], [5, 9], [11, 2], [9, 6]):
            resize(f"4x4 to {size[0]}x{size[1]}, {', '.join(how)}", [1, 4, 4, 1], size, **how)
    resize("two images, smaller", [2, 6, 7, 1], [3, 3])
    resize("to 1x1", [1, 5, 4, 2], [1, 1])
    resize("3x3 to 10x10", [1, 3, 3, 1], [10, 10])


MAKERS = (reshape, joined, padded, strided_slice, argmax)
