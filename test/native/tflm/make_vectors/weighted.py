"""Operators that multiply with weights: dense layers, convolutions, matrix products."""

import numpy

from .model import NONE, RELU, RELU6, RELU_N1, SAME, VALID, Options, Tensor, constant
from .record import bias, case, random, reals, weights

KINDS = ("int16", "float32")


def activation(shape, kind, scale, zero=0):
    return Tensor(shape, scale, zero if kind == "int8" else 0, kind) if kind != "float32" else Tensor(shape, kind=kind)


def wide_scales(terms, scale=0.01):
    """Of an int16 input and output, so that the sum of `terms` products nearly fills the output's range."""
    deviation = 18918 * 0.0005 * 73 * scale * terms**0.5
    return 0.0005, deviation * 3 / 32767


def drawn(shape, count=2):
    """Small float inputs, so that the order of additions stays below the tolerance."""
    return [[random.normal(0, 0.5, shape)] for _ in range(count)]


def fully_connected():
    def dense(name, batches, ins, outs, in_scale=0.1, scale=0.02, out_scale=1.0, with_bias=True, shape=None, out=None,
              zero=-7, out_zero=11, limit=127, **options):
        given = Tensor(shape or [batches, ins], in_scale, zero)
        operands = [given, weights([outs, ins], scale, limit=limit)] + ([bias(outs)] if with_bias else [])
        if with_bias:
            operands[2].scale = float(numpy.float32(in_scale) * numpy.float32(numpy.atleast_1d(scale)[0]))
        case("FULLY_CONNECTED", name, operands, Tensor(out or [batches, outs], out_scale, out_zero),
             Options("FullyConnectedOptions", **options))

    dense("one number", 1, 1, 1)
    dense("17 to 5", 1, 17, 5)
    dense("no bias", 2, 33, 7, with_bias=False)
    dense("three batches, relu", 3, 16, 9, fusedActivationFunction=RELU)
    dense("relu6", 1, 20, 8, in_scale=0.01, out_scale=0.05, out_zero=-100, fusedActivationFunction=RELU6)
    dense("relu -1 to 1", 1, 20, 8, in_scale=0.005, out_scale=0.02, out_zero=3, fusedActivationFunction=RELU_N1)
    dense("scale per channel", 1, 24, 6, scale=[0.02, 0.001, 0.3, 0.007, 0.05, 0.11])
    dense("ratio above 1", 2, 1, 9, in_scale=2.0, scale=1.5, out_scale=2.5, with_bias=False, limit=2)
    dense("ratio of 2^-15", 2, 60, 4, in_scale=0.001, scale=0.002, out_scale=0.065, with_bias=False)
    dense("powers of two, where ties are", 2, 24, 12, in_scale=0.5, scale=0.25, out_scale=64.0)
    dense("zero points at the ends", 2, 12, 9, zero=-128, out_zero=127, out_scale=2.0)
    dense("zero point 127", 2, 12, 9, zero=127, out_zero=-128, out_scale=2.0)
    dense("input of four dimensions", 6, 8, 3, shape=[1, 2, 3, 8], out=[1, 2, 3, 3], keepNumDims=True)
    for i in range(8):
        batches, ins, outs = (int(n) for n in random.integers(1, [4, 60, 20]))
        dense(f"drawn {i}: {batches} of {ins} to {outs}", batches, ins, outs,
              scale=list(random.uniform(0.005, 0.03, outs)) if i % 2 else 0.02, zero=int(random.integers(-128, 128)),
              out_zero=int(random.integers(-128, 128)), out_scale=0.1 * ins**0.5)
    # The bias of int16 models has 64 bits, or 32.
    for kind in ("int64", "int32", None):
        for batches, ins, outs, channels, act in ((1, 20, 6, False, NONE), (3, 9, 5, True, NONE),
                                                  (2, 33, 4, False, RELU6)):
            scale = list(random.uniform(0.005, 0.02, outs)) if channels else 0.01
            in_scale, out_scale = wide_scales(ins)
            if act:
                out_scale = 0.0002
            operands = [Tensor([batches, ins], in_scale, kind="int16"), weights([outs, ins], scale)]
            if kind:
                operands.append(bias(outs, 2_000_000, kind, in_scale * numpy.array(scale)))
            title = f"int16, {kind or 'no'} bias, {ins} to {outs}"
            title += (", scale per channel" if channels else "") + (", relu6" if act else "")
            case("FULLY_CONNECTED", title, operands, Tensor([batches, outs], out_scale, kind="int16"),
                 Options("FullyConnectedOptions", fusedActivationFunction=act))
    operands = [Tensor([1, 3], 1e-5, kind="int16"), weights([4, 3], 1e-3),
                constant([2**37, -2**37, 2**40 + 12345, -2**33], "int64", [1e-8])]
    case("FULLY_CONNECTED", "int16, bias beyond 32 bits", operands, Tensor([1, 4], 0.4, kind="int16"),
         Options("FullyConnectedOptions"))
    for batches, ins, outs, with_bias, act in ((1, 1, 1, True, NONE), (1, 19, 7, True, NONE), (4, 8, 5, False, NONE),
                                               (2, 30, 9, True, RELU), (2, 12, 9, True, RELU6),
                                               (1, 12, 9, True, RELU_N1)):
        operands = [Tensor([batches, ins], kind="float32"), reals([outs, ins])] + ([reals([outs])] if with_bias else [])
        case("FULLY_CONNECTED", f"float32, {batches} of {ins} to {outs}, activation {act}", operands,
             Tensor([batches, outs], kind="float32"), Options("FullyConnectedOptions", fusedActivationFunction=act),
             rows=drawn([batches, ins]))


def size_of(image, kernel, stride, dilation, padding):
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
    return [-(-cells // step) if padding == SAME else (cells - cover) // step + 1
            for cells, step, cover in zip(image[1:3], stride, reach)]


def conv(name, image, kernel, outs, padding, stride=(1, 1), dilation=(1, 1), scale=None, with_bias=True, zero=5,
         out_scale=None, out_zero=-3, activation_=NONE, depth=None, kind="int8", bias_kind=None, in_scale=0.1,
         limit=127):
    channels = image[3]
    terms = kernel[0] * kernel[1] * (channels if depth is None else 1)
    size = size_of(image, kernel, stride, dilation, padding)
    if kind == "int16":
        scales = list(random.uniform(0.004, 0.02, outs)) if scale is None else scale
        in_scale, filled = wide_scales(terms)
        out_scale = out_scale or filled
    else:
        scales = list(random.uniform(0.002, 0.05, outs)) if scale is None else scale
    shape = [outs, *kernel, channels] if depth is None else [1, *kernel, outs]
    axis = 0 if depth is None else 3
    operands = [activation(image, kind, in_scale, zero)]
    operands.append(reals(shape) if kind == "float32" else weights(shape, scales, axis, limit=limit))
    if with_bias and kind == "float32":
        operands.append(reals([outs]))
    elif with_bias:
        size_and_kind = (2_000_000, bias_kind or "int64") if kind == "int16" else (2000, "int32")
        operands.append(bias(outs, *size_and_kind, scale=list(in_scale * numpy.atleast_1d(scales))))
    fields = dict(padding=padding, strideH=stride[0], strideW=stride[1], dilationHFactor=dilation[0],
                  dilationWFactor=dilation[1], fusedActivationFunction=activation_)
    if depth is None:
        operator, options = "CONV_2D", Options("Conv2DOptions", **fields)
    else:
        operator, options = "DEPTHWISE_CONV_2D", Options("DepthwiseConv2DOptions", depthMultiplier=depth, **fields)
    title = name if kind == "int8" else f"{kind}, {bias_kind + ' bias, ' if bias_kind else ''}{name}"
    case(operator, title, operands, activation([image[0], *size, outs], kind, out_scale or 1.0, out_zero), options,
         rows=drawn(image) if kind == "float32" else None)


def convolution():
    conv("3x3 same", [1, 6, 5, 3], (3, 3), 4, SAME)
    conv("3x3 valid", [1, 6, 5, 3], (3, 3), 5, VALID)
    conv("3x3 same, stride 2", [1, 7, 6, 2], (3, 3), 4, SAME, (2, 2))
    conv("even window, same: the odd cell after", [1, 5, 5, 2], (4, 2), 3, SAME)
    conv("stride 2x3, valid, relu6", [1, 9, 10, 2], (3, 2), 3, VALID, (2, 3), activation_=RELU6, out_scale=0.05,
         out_zero=-90)
    conv("dilation 2x3, same", [1, 9, 9, 1], (3, 3), 2, SAME, dilation=(2, 3))
    conv("dilation 2, valid", [1, 9, 8, 2], (3, 3), 2, VALID, dilation=(2, 2))
    conv("1x1", [1, 4, 4, 9], (1, 1), 6, SAME)
    conv("1x1, 32 to 17", [1, 3, 5, 32], (1, 1), 17, SAME)
    conv("1x1, stride 2", [1, 5, 5, 4], (1, 1), 3, VALID, (2, 2))
    conv("two images, no bias", [2, 4, 4, 2], (2, 2), 3, VALID, with_bias=False)
    conv("one scale", [1, 4, 4, 2], (3, 3), 3, SAME, scale=0.02)
    conv("35 channels out, relu", [1, 3, 3, 4], (2, 2), 35, SAME, activation_=RELU, zero=-128)
    conv("window larger than the image", [1, 2, 3, 2], (5, 5), 2, SAME)
    conv("dilation past the image", [1, 1, 2, 2], (2, 3), 2, SAME, dilation=(4, 3), out_scale=0.1)
    conv("ratios above 1", [1, 4, 4, 1], (1, 1), 2, VALID, scale=[30.0, 11.0], out_scale=0.7, with_bias=False, limit=3)
    conv("powers of two, where ties are", [1, 6, 6, 2], (2, 2), 8, SAME, scale=0.25, out_scale=32.0, in_scale=0.5)
    conv("along time: 3x1 of 16 channels", [1, 7, 1, 16], (3, 1), 12, VALID)
    conv("first layer: one channel, stride 2", [1, 10, 9, 1], (5, 3), 8, SAME, (2, 2), activation_=RELU)
    for i in range(10):
        high, wide, ins, outs, kh, kw, sh, sw = (int(n) for n in random.integers(1, [6, 6, 7, 10, 5, 5, 4, 4]))
        conv(f"drawn {i}", [1, high + 3, wide + 3, ins], (kh, kw), outs, (SAME, VALID)[i % 2], (sh, sw),
             zero=int(random.integers(-128, 128)))
    for kind, bias_kind in (("int16", "int64"), ("int16", "int32"), ("float32", None)):
        conv("3x3 same", [1, 5, 4, 3], (3, 3), 4, SAME, kind=kind, bias_kind=bias_kind)
        conv("2x3 valid, stride 2", [1, 6, 7, 2], (2, 3), 3, VALID, (2, 2), kind=kind, bias_kind=bias_kind)
        conv("1x1", [1, 3, 3, 9], (1, 1), 5, SAME, kind=kind, bias_kind=bias_kind)
        conv("dilation 2, same, relu", [1, 6, 6, 2], (3, 3), 2, SAME, dilation=(2, 2), activation_=RELU, kind=kind,
             bias_kind=bias_kind)
        conv("two images, relu6", [2, 3, 3, 2], (2, 2), 3, VALID, activation_=RELU6, kind=kind, bias_kind=bias_kind,
             out_scale=0.0003)
    for kind in KINDS:
        conv("no bias", [1, 4, 4, 2], (2, 2), 3, VALID, with_bias=False, kind=kind)
    conv("one scale", [1, 4, 4, 2], (3, 3), 3, SAME, scale=0.02, kind="int16", bias_kind="int64")
    conv("relu -1 to 1", [1, 4, 4, 2], (3, 3), 3, SAME, kind="float32", activation_=RELU_N1)


def depthwise():
    conv("3x3 same", [1, 6, 5, 3], (3, 3), 3, SAME, depth=1)
    conv("3x3 valid, stride 2, relu6", [1, 7, 7, 4], (3, 3), 4, VALID, (2, 2), depth=1, activation_=RELU6,
         out_scale=0.05, out_zero=-128)
    conv("40 channels", [1, 4, 3, 40], (3, 3), 40, SAME, depth=1)
    conv("16 channels, stride 2", [1, 7, 7, 16], (3, 3), 16, SAME, (2, 2), depth=1, activation_=RELU)
    conv("depth multiplier 2", [1, 5, 4, 3], (3, 3), 6, SAME, depth=2)
    conv("depth multiplier 8 of one channel", [1, 9, 7, 1], (4, 3), 8, SAME, (2, 2), depth=8, activation_=RELU)
    conv("depth multiplier 8 of three channels", [1, 4, 4, 3], (2, 2), 24, VALID, depth=8)
    conv("depth multiplier 35", [1, 3, 3, 2], (2, 2), 70, VALID, depth=35)
    conv("dilation 2, same", [1, 8, 8, 2], (3, 3), 2, SAME, dilation=(2, 2), depth=1)
    conv("dilation 3x1, valid, multiplier 3", [1, 9, 4, 2], (3, 3), 6, VALID, dilation=(3, 1), depth=3)
    conv("stride 1x2, no bias, one scale", [1, 5, 6, 2], (3, 3), 2, SAME, (1, 2), depth=1, scale=0.03, with_bias=False)
    conv("dilation past the image", [1, 1, 2, 4], (2, 3), 4, SAME, dilation=(4, 3), depth=1, out_scale=0.1)
    conv("two images", [2, 3, 3, 5], (2, 2), 5, SAME, depth=1)
    conv("along time: 5x1 of 9 channels", [1, 6, 1, 9], (5, 1), 9, VALID, depth=1)
    conv("powers of two, where ties are", [1, 6, 6, 4], (2, 2), 4, SAME, scale=0.25, out_scale=16.0, depth=1,
         in_scale=0.5)
    for i in range(10):
        high, wide, ins, depth, kh, kw, sh, sw = (int(n) for n in random.integers(1, [6, 6, 12, 4, 5, 5, 4, 4]))
        conv(f"drawn {i}", [1, high + 3, wide + 3, ins], (kh, kw), ins * depth, (SAME, VALID)[i % 2], (sh, sw),
             depth=depth, zero=int(random.integers(-128, 128)))
    for kind, bias_kind in (("int16", "int64"), ("float32", None)):
        conv("3x3 same", [1, 5, 4, 3], (3, 3), 3, SAME, depth=1, kind=kind, bias_kind=bias_kind)
        conv("2x3 valid, stride 2, multiplier 2", [1, 6, 7, 2], (2, 3), 4, VALID, (2, 2), depth=2, kind=kind,
             bias_kind=bias_kind)
        conv("multiplier 8", [1, 4, 3, 1], (3, 3), 8, SAME, depth=8, kind=kind, bias_kind=bias_kind)
        conv("dilation 2, relu", [1, 6, 6, 3], (3, 3), 3, SAME, dilation=(2, 2), activation_=RELU, depth=1, kind=kind,
             bias_kind=bias_kind)
        conv("two images, relu6", [2, 3, 3, 2], (2, 2), 2, VALID, activation_=RELU6, depth=1, kind=kind,
             bias_kind=bias_kind, out_scale=0.0003)
        conv("no bias", [1, 4, 4, 2], (2, 2), 2, VALID, with_bias=False, depth=1, kind=kind)
        conv("20 channels", [1, 3, 3, 20], (3, 3), 20, SAME, depth=1, kind=kind, bias_kind=bias_kind)


def transpose_conv():
    def spread(name, image, kernel, outs, padding, stride, kind="int8", bias_kind="int64", scale=None, with_bias=True,
               act=NONE, zero=5, out_zero=-3, out_scale=0.5):
        size = [cells * step if padding == SAME else (cells - 1) * step + cover for cells, step,
                cover in zip(image[1:3], stride, kernel)]
        shape, terms = [outs, *kernel, image[3]], image[3] * 2
        scales = list(random.uniform(0.004, 0.02, outs)) if scale is None else scale
        in_scale = 0.1
        if kind == "int16":
            in_scale, out_scale = wide_scales(terms)
        operands = [constant([image[0], *size, outs]), reals(shape) if kind == "float32" else weights(shape, scales),
                    activation(image, kind, in_scale, zero)]
        if with_bias and kind == "float32":
            operands.append(reals([outs]))
        elif with_bias:
            sizes = (2_000_000 if bias_kind == "int64" else 32767, bias_kind) if kind == "int16" else (2000, "int32")
            operands.append(bias(outs, *sizes, scale=list(in_scale * numpy.atleast_1d(scales))))
        of_bias = f"{bias_kind} bias, " if kind == "int16" and with_bias else ""
        title = name if kind == "int8" else f"{kind}, {of_bias}{name}"
        case("TRANSPOSE_CONV", title, operands, activation([image[0], *size, outs], kind, out_scale, out_zero),
             Options("TransposeConvOptions", padding=padding, strideH=stride[0], strideW=stride[1],
                     fusedActivationFunction=act),
             rows=drawn(image) if kind == "float32" else None)

    for kind in ("int8", "int16", "float32"):
        spread("2x2, stride 2, same", [1, 3, 3, 2], (2, 2), 3, SAME, (2, 2), kind)
        spread("3x3, stride 2, same", [1, 3, 4, 3], (3, 3), 2, SAME, (2, 2), kind)
        spread("3x3, stride 2, valid", [1, 3, 2, 3], (3, 3), 4, VALID, (2, 2), kind)
        spread("3x3, stride 1, same", [1, 4, 3, 2], (3, 3), 3, SAME, (1, 1), kind)
        spread("4x2, stride 3x1, valid", [1, 2, 3, 2], (4, 2), 3, VALID, (3, 1), kind)
        spread("two images, no bias", [2, 2, 2, 2], (3, 3), 2, VALID, (2, 2), kind, with_bias=False)
        spread("stride beyond the window", [1, 3, 3, 2], (1, 2), 2, SAME, (3, 3), kind)
        spread("relu", [1, 3, 3, 2], (3, 3), 2, SAME, (2, 2), kind, act=RELU)
    spread("3x3, stride 2, same", [1, 3, 4, 3], (3, 3), 2, SAME, (2, 2), "int16", "int16")
    spread("one scale", [1, 3, 3, 2], (3, 3), 3, SAME, (2, 2), scale=0.01)
    spread("relu6, zero points at the ends", [1, 3, 3, 2], (3, 3), 3, SAME, (2, 2), act=RELU6, zero=-128, out_zero=-128,
           out_scale=0.04)
    spread("along time: 4x1, stride 2", [1, 5, 1, 6], (4, 1), 5, SAME, (2, 1))
    for i in range(5):
        high, wide, ins, outs, kh, kw, sh, sw = (int(n) for n in random.integers(1, [5, 5, 6, 6, 5, 5, 4, 4]))
        spread(f"drawn {i}", [1, high, wide, ins], (kh, kw), outs, (SAME, VALID)[i % 2], (sh, sw),
               zero=int(random.integers(-128, 128)))


def batch_matmul():
    def product(name, a, b, kind, adj_x=False, adj_y=False, fixed=False, zeros=(3, -5, 7), out_scale=0.4):
        left, right = (list(shape[:-2]) + shape[:-3:-1] if swap else shape for shape, swap in ((a, adj_x), (b, adj_y)))
        shape = [*numpy.broadcast_shapes(tuple(a[:-2]), tuple(b[:-2])), left[-2], right[-1]]
        if kind == "int16":
            scales = (0.001, 0.0008, 0.001 * 0.0008 * 18918 * 3 / 32767 * 18918 * left[-1] ** 0.5)
        else:
            scales = (0.05, 0.04, out_scale)
        tensors = [activation(s, kind, scale, zero) for s, scale, zero in zip((a, b, shape), scales, zeros)]
        if fixed:
            tensors[1] = reals(b) if kind == "float32" else weights(b, scales[1], kind=kind)
        rows = None
        if kind == "float32":
            rows = [[random.normal(0, 0.5, t.shape) for t in tensors[:2] if t.data is None] for _ in range(2)]
        case("BATCH_MATMUL", f"{kind}, {name}", tensors[:2], tensors[2],
             Options("BatchMatMulOptions", adjX=adj_x, adjY=adj_y), rows=rows, count=3)

    for kind in ("int8", "int16", "float32"):
        product("matrices", [3, 5], [5, 4], kind)
        product("batches", [2, 3, 4], [2, 4, 5], kind)
        product("second transposed", [2, 3, 4], [2, 5, 4], kind, adj_y=True)
        product("first transposed", [2, 4, 3], [2, 4, 5], kind, adj_x=True)
        product("both transposed", [1, 4, 3], [1, 5, 4], kind, adj_x=True, adj_y=True)
        product("one second for all firsts", [3, 2, 4], [1, 4, 3], kind)
        product("constant second", [2, 3, 6], [6, 4], kind, fixed=True)
        product("constant second, transposed", [1, 3, 6], [1, 4, 6], kind, fixed=True, adj_y=True)
        product("heads", [1, 2, 3, 4], [1, 2, 4, 3], kind)
        product("vector", [1, 1, 7], [1, 7, 1], kind)
    product("zero points at the ends", [2, 3, 9], [2, 9, 2], "int8", zeros=(-128, 127, 127), out_scale=2.0)
    product("small output scale", [2, 3], [3, 4], "int8", out_scale=0.08)


MAKERS = (fully_connected, convolution, depthwise, transpose_conv, batch_matmul)
