"""How tensors are handed on, which is what sharing memory can break: outputs that are read on, values read again after
operators that could work in place, chains of operators that move nothing."""

import numpy

from .model import Graph, Operator, Options, Tensor, constant
from .record import record, weights


def tensor(*shape, kind="int8"):
    return Tensor(shape, 0.1 if kind == "int8" else None, 3 if kind == "int8" else 0, kind)


def add(a, b):
    result = tensor(*numpy.broadcast_shapes(tuple(a.shape), tuple(b.shape)), kind=a.kind)
    return result, Operator("ADD", [a, b], [result], Options("AddOptions"))


def reshape(a, *shape):
    result = tensor(*shape, kind=a.kind)
    return result, Operator("RESHAPE", [a, constant(list(shape))], [result],
                            Options("ReshapeOptions", newShape=list(shape)))


def relu(a):
    result = tensor(*a.shape, kind=a.kind)
    return result, Operator("RELU", [a], [result])


def graphs():
    for kind in ("int8", "float32"):
        def keep(title, steps, inputs, outputs, kind=kind):
            record("WIRING", f"{title}, {kind}", [Graph(steps, inputs, outputs)])

        a, b = tensor(2, 6, kind=kind), tensor(2, 6, kind=kind)
        total, first = add(a, b)
        twice, second = add(total, total)
        keep("an output that is read on", [first, second], [a, b], [total, twice])
        keep("outputs in another order", [first, second], [a, b], [twice, total])
        keep("one tensor as two outputs", [first], [a, b], [total, total])
        keep("an input as an output", [first], [a, b], [b, total, a])

        flat, moved = reshape(a, 12)
        back, returned = reshape(flat, 3, 4)
        other, rectified = relu(back)
        joined, again = reshape(other, 2, 6)
        total, summed = add(joined, a)
        keep("the input read again after reshapes", [moved, returned, rectified, again, summed], [a], [total])
        keep("reshapes alone", [moved, returned], [a], [back])
        keep("every step as an output", [moved, returned, rectified, again, summed], [a],
             [flat, back, other, joined, total])

        left, one = relu(a)
        shape, two = reshape(left, 4, 3)
        right, three = relu(shape)
        final, four = reshape(right, 2, 6)
        total, five = add(final, left)
        keep("a value read again after its reshaped view is used up", [one, two, three, four, five], [a], [total])

        halves = [tensor(2, 3, kind=kind), tensor(2, 3, kind=kind)]
        split = Operator("SPLIT", [constant([1]), a], halves, Options("SplitOptions", numSplits=2))
        swapped = tensor(2, 6, kind=kind)
        concat = Operator("CONCATENATION", halves[::-1], [swapped], Options("ConcatenationOptions", axis=1))
        total, summed = add(swapped, a)
        keep("split, swapped, joined, and the whole again", [split, concat, summed], [a], [total])
        rectified = relu(halves[0])
        keep("a part that nobody reads", [split, rectified[1]], [a], [rectified[0]])

        squeezed, widened = tensor(12, kind=kind), tensor(12, 1, kind=kind)
        steps = [moved, Operator("EXPAND_DIMS", [flat, constant(1)], [widened], Options("ExpandDimsOptions")),
                 Operator("SQUEEZE", [widened], [squeezed], Options("SqueezeOptions", squeezeDims=[1]))]
        total, summed = add(squeezed, flat)
        keep("reshape, widen, squeeze, and add what was", [*steps, summed], [a], [total])

        operand = weights([6], 0.1) if kind == "int8" else Tensor([6], kind=kind, data=[1, -2, 0.5, 8, 0, 3])
        total, summed = add(a, operand)
        more, again = add(operand, total)
        keep("one constant twice", [summed, again], [a], [more])

        values = [tensor(1, n + 1, kind=kind) for n in range(5)]
        joined = tensor(1, 15, kind=kind)
        steps, rectified = [], []
        for value in values:
            result, step = relu(value)
            rectified.append(result), steps.append(step)
        concat = Operator("CONCATENATION", rectified[::-1], [joined], Options("ConcatenationOptions", axis=1))
        keep("five branches at once", [*steps, concat], values, [joined])


MAKERS = (graphs,)
