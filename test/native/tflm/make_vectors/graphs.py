"""Whole models of the kinds that the field uses, tiny and with random weights: converted from Keras, or written by hand
where the converter cannot make them (resource variables, SVDF, LSTM of int16).

    pip install tensorflow tf_keras tflite-micro
"""

import os

os.environ |= {"TF_USE_LEGACY_KERAS": "1", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}

import numpy
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

from .model import RELU, VALID, Graph, Operator, Options, Tensor, constant
from .record import bias, keep, random, record, weights
from .variables import Variable, assign, call_once, initial


def converted(name, model, how, runs=3, sequence=False, spread=1.0):
    """how: "float", "int8" (inputs and outputs too) or "int16" (activations; weights int8)."""
    converter = tf.lite.TFLiteConverter.from_keras_model(model)
    shapes = [[1, *given.shape[1:]] for given in model.inputs]
    examples = [[random.normal(0, spread, shape).astype("float32") for shape in shapes] for _ in range(40)]
    if how != "float":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: iter(examples)
        kind, operators = {
            "int8": (tf.int8, tf.lite.OpsSet.TFLITE_BUILTINS_INT8),
            "int16": (tf.int16, tf.lite.OpsSet.EXPERIMENTAL_TFLITE_BUILTINS_ACTIVATIONS_INT16_WEIGHTS_INT8),
        }[how]
        converter.target_spec.supported_ops = [operators]
        converter.inference_input_type = converter.inference_output_type = kind
    stored = converter.convert()
    interpreter = tf.lite.Interpreter(model_content=stored,
                                      experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF)
    rows = []
    for example in examples[:runs]:
        row = []
        for details in interpreter.get_input_details():
            value = next(e for e in example if list(e.shape) == list(details["shape"]))
            if how != "float":
                scale, zero = details["quantization"]
                limits = numpy.iinfo(details["dtype"])
                value = numpy.clip(numpy.round(value / scale) + zero, limits.min, limits.max)
            row.append(value.astype(details["dtype"]))
        rows.append(row)
    keep("graphs", f"{name}, {how}", stored, rows, len(interpreter.get_output_details()), sequence)
    used = sorted({details["op_name"] for details in interpreter._get_ops_details()} - {"DELEGATE"})
    print(f"{name}, {how}: {len(stored)} bytes, {', '.join(used)}", flush=True)


def drawn(model):
    """Random weights everywhere, batch normalization's too, so that nothing folds into nothing."""
    for layer in model.layers:
        values = []
        for weight, value in zip(layer.weights, layer.get_weights()):
            part = weight.name.split("/")[-1]
            if "variance" in part or "gamma" in part:
                values.append(random.uniform(0.6, 1.4, value.shape))
            elif "kernel" in part:
                values.append(random.normal(0, 1.2 / numpy.sqrt(max(1, numpy.prod(value.shape[:-1]))), value.shape))
            else:
                values.append(random.normal(0, 0.2, value.shape))
        layer.set_weights(values)
    return model


def residual(x, expansion, outs, stride):
    ins = x.shape[-1]
    y = layers.Conv2D(ins * expansion, 1, use_bias=False)(x)
    y = layers.ReLU(6)(layers.BatchNormalization()(y))
    y = layers.DepthwiseConv2D(3, stride, "same", use_bias=False)(y)
    y = layers.ReLU(6)(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(outs, 1, use_bias=False)(y))
    return layers.Add()([x, y]) if stride == 1 and ins == outs else y


def images():
    given = layers.Input([14, 14, 3], 1)
    x = layers.ReLU(6)(layers.BatchNormalization()(layers.Conv2D(6, 3, 2, "same", use_bias=False)(given)))
    x = residual(residual(x, 2, 6, 1), 3, 8, 2)
    x = residual(x, 2, 8, 1)
    x = layers.Dense(5, "softmax")(layers.GlobalAveragePooling2D()(x))
    mobilenet = drawn(keras.Model(given, x))
    converted("MobileNetV2", mobilenet, "int8", 4)
    converted("MobileNetV2", mobilenet, "int16", 2)
    converted("MobileNetV2", mobilenet, "float", 1)

    given = layers.Input([10, 10, 2], 1)
    x = layers.Conv2D(6, 3, padding="same")(given)
    x = layers.Activation(lambda v: v * tf.nn.relu6(v + 3) / 6)(x)
    gate = layers.Reshape([1, 1, 6])(layers.GlobalAveragePooling2D()(x))
    gate = layers.Activation("sigmoid")(layers.Conv2D(6, 1)(layers.ReLU()(layers.Conv2D(3, 1)(gate))))
    x = layers.MaxPooling2D(2)(layers.Multiply()([x, gate]))
    x = layers.LeakyReLU(0.1)(layers.DepthwiseConv2D(3, dilation_rate=2, padding="same")(x))
    x = layers.Dense(4)(layers.Flatten()(layers.AveragePooling2D(2)(x)))
    excited = drawn(keras.Model(given, x))
    converted("squeeze and excitation", excited, "int8", 3)
    converted("squeeze and excitation", excited, "float", 2)

    given = layers.Input([8, 8, 2], 1)
    x = down = layers.Conv2D(4, 3, 2, "same", activation="relu")(given)
    x = layers.Conv2D(6, 3, 2, "same", activation="relu")(x)
    x = layers.Conv2DTranspose(4, 3, 2, "same")(x)
    x = layers.Concatenate()([layers.ReLU()(x), down])
    x = layers.UpSampling2D(2, interpolation="nearest")(x)
    x = layers.Conv2D(2, 1, activation="tanh")(x)
    unet = drawn(keras.Model(given, x))
    converted("U-Net", unet, "int8", 2)
    converted("U-Net", unet, "int16", 2)
    converted("U-Net", unet, "float", 1)


def sounds():
    given = layers.Input([7, 6], 1)
    x = layers.LSTM(8)(given)
    classifier = drawn(keras.Model(given, layers.Dense(4, "softmax")(x)))
    for how in ("int8", "float"):
        converted("LSTM classifier", classifier, how)

    # Noise suppression in the frequency domain: two layers of LSTM make a mask for the magnitudes.
    given = layers.Input([1, 17], 1)
    x = layers.LSTM(10, return_sequences=True)(layers.LSTM(10, return_sequences=True)(given))
    mask = layers.Dense(17, "sigmoid")(x)
    dtln = drawn(keras.Model(given, layers.Multiply()([mask, given])))
    for how in ("int8", "float"):
        converted("DTLN", dtln, how, 8, True)

    # The same as it is deployed: the state goes in and comes out.
    given, state = layers.Input([1, 17], 1), layers.Input([2, 6, 2], 1)
    x, states = given, []
    for i in range(2):
        layer = layers.LSTM(6, return_sequences=True, unroll=True, return_state=True)
        x, h, c = layer(x, [state[:, i, :, 0], state[:, i, :, 1]])
        states.append(tf.stack([h, c], -1))
    mask = layers.Dense(17, "sigmoid")(x)
    unrolled = drawn(keras.Model([given, state], [mask, tf.stack(states, 1)]))
    converted("DTLN with its state outside", unrolled, "float", 3)
    converted("DTLN with its state outside", unrolled, "int8", 3)

    given = layers.Input([12, 6], 1)
    x = layers.Dense(8)(given)
    q, k, v = (layers.Permute([2, 1, 3])(layers.Reshape([12, 2, 4])(layers.Dense(8)(x))) for _ in range(3))
    scores = layers.Softmax()(layers.Lambda(lambda p: tf.matmul(p[0], p[1], transpose_b=True) * 0.5)([q, k]))
    mixed = layers.Lambda(lambda p: tf.matmul(*p))([scores, v])
    x = layers.Add()([x, layers.Dense(8)(layers.Reshape([12, 8])(layers.Permute([2, 1, 3])(mixed)))])
    attention = drawn(keras.Model(given, layers.Dense(3)(layers.GlobalAveragePooling1D()(x))))
    converted("attention", attention, "int8", 3)
    converted("attention", attention, "float", 2)


def svdf_net():
    """A keyword net: two layers of SVDF that remember, dense, softmax."""
    def svdf(given, units, rank, memory, scale, zero):
        count, ins = units * rank, given.shape[1]
        state_scale, feature, time = 0.002, 0.01, 2e-5
        out = Tensor([1, units], scale, zero)
        inputs = [given, weights([count, ins], feature), weights([count, memory], time, kind="int16"),
                  bias(units, 200_000, scale=state_scale * time),
                  Tensor([1, count * memory], state_scale, 0, "int16", variable=True)]
        return out, Operator("SVDF", inputs, [out], Options("SVDFOptions", rank=rank, fusedActivationFunction=RELU))

    given = Tensor([1, 16], 0.1, -1)
    x, first = svdf(given, 12, 1, 6, 0.05, -128)
    x, second = svdf(x, 8, 2, 5, 0.02, -128)
    logits, scores = Tensor([1, 4], 0.1, 3), Tensor([1, 4], 1 / 256, -128)
    dense = Operator("FULLY_CONNECTED", [x, weights([4, 8], 0.02), bias(4, 500, scale=0.0004)], [logits],
                     Options("FullyConnectedOptions"))
    soft = Operator("SOFTMAX", [logits], [scores], Options("SoftmaxOptions", beta=1.0))
    rows = [[numpy.clip(random.normal(6 * n, 30, [1, 16]), -128, 127).round()] for n in range(12)]
    record("graphs", "SVDF keyword net, int16 state", [Graph([first, second, dense, soft])], rows, sequence=True)


def lstm_int16():
    """A mask for magnitudes as DTLN makes it, in int16, which the converter does not write."""
    def lstm(given, units):
        _, steps, ins = given.shape
        scales = [0.006, 0.004, 0.008, 0.005]
        matrices = [weights([units, ins], scale) for scale in scales]
        matrices += [weights([units, units], scale) for scale in scales]
        biases = [bias(units, int(0.3 / (given.scale * scale)), "int64", given.scale * scale) for scale in scales]
        out, hidden = (Tensor([1, *shape, units], 1 / 32768, kind="int16", variable=not shape)
                       for shape in ([steps], []))
        cell = Tensor([1, units], 2.0**-11, kind="int16", variable=True)
        inputs = [given, *matrices, *[None] * 3, *biases, *[None] * 2, hidden, cell, *[None] * 4]
        return out, Operator("UNIDIRECTIONAL_SEQUENCE_LSTM", inputs, [out],
                             Options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=4))

    given = Tensor([1, 1, 17], 1 / 8192, kind="int16")
    x, first = lstm(given, 9)
    x, second = lstm(x, 7)
    logits, mask, masked = (Tensor([1, 1, 17], scale, kind="int16") for scale in (1 / 4096, 1 / 32768, 1 / 8192))
    dense = Operator("FULLY_CONNECTED", [x, weights([17, 7], 0.02), bias(17, 400_000, "int64", 0.02 / 32768)], [logits],
                     Options("FullyConnectedOptions", keepNumDims=True))
    steps = [first, second, dense, Operator("LOGISTIC", [logits], [mask]),
             Operator("MUL", [mask, given], [masked], Options("MulOptions"))]
    rows = [[random.integers(-20000, 20000, [1, 1, 17])] for _ in range(8)]
    record("graphs", "DTLN, int16", [Graph(steps)], rows, sequence=True)


def wake_word():
    """As microWakeWord streams: three frames in, rings of earlier frames in variables, windows over time, a probability
    out."""
    steps, rings = [call_once()], []
    scale, zero = 0.1, -128

    def tensor(*shape):
        return Tensor(shape, scale, zero)

    def ring(x, frames):
        """x behind the last `frames` frames of what came before it."""
        _, new, _, depth = x.shape
        variable = Variable([1, frames, 1, depth], "int8", -128, f"stream_{len(rings)}", scale=scale, zero=zero)
        resource, handle = variable.handle()
        old, read = variable.read(resource)
        joined, kept = tensor(1, frames + new, 1, depth), variable.tensor()
        steps.extend([
            handle, read, Operator("CONCATENATION", [old, x], [joined], Options("ConcatenationOptions", axis=1)),
            Operator("STRIDED_SLICE", [joined, constant([0, -frames, 0, 0]), constant([0, 0, 0, 0]),
                                       constant([1, 1, 1, 1])], [kept],
                     Options("StridedSliceOptions", beginMask=13, endMask=15)),
            assign(resource, kept),
        ])
        rings.append(variable)
        return joined

    def last(x, frames):
        result = tensor(1, frames, 1, x.shape[3])
        steps.append(Operator("STRIDED_SLICE", [x, constant([0, -frames, 0, 0]), constant([0, 7, 0, 0]),
                                                constant([1, 1, 1, 1])], [result],
                              Options("StridedSliceOptions", beginMask=13, endMask=15)))
        return result

    def conv(x, outs, window, stride=1):
        result = tensor(1, (x.shape[1] - window) // stride + 1, 1, outs)
        scales = list(random.uniform(0.004, 0.008, outs))
        kernel = weights([outs, window, 1, x.shape[3]], scales)
        steps.append(Operator("CONV_2D", [x, kernel, bias(outs, 3000, scale=[0.1 * s for s in scales])], [result],
                              Options("Conv2DOptions", padding=VALID, strideH=stride, strideW=1,
                                      fusedActivationFunction=RELU)))
        return result

    def depthwise(x, window):
        depth = x.shape[3]
        result = tensor(1, x.shape[1] - window + 1, 1, depth)
        scales = list(random.uniform(0.004, 0.02, depth))
        kernel = weights([1, window, 1, depth], scales, 3)
        steps.append(Operator("DEPTHWISE_CONV_2D", [x, kernel, bias(depth, 3000, scale=[0.1 * s for s in scales])],
                              [result], Options("DepthwiseConv2DOptions", padding=VALID, strideH=1, strideW=1,
                                                depthMultiplier=1)))
        return result

    given = tensor(1, 3, 8)
    image = tensor(1, 3, 1, 8)
    steps.append(Operator("RESHAPE", [given, constant([1, 3, 1, 8])], [image],
                          Options("ReshapeOptions", newShape=[1, 3, 1, 8])))
    x = conv(ring(image, 2), 10, 5, 3)
    for _ in range(2):
        x = ring(x, 6)
        parts = [tensor(1, 7, 1, 4), tensor(1, 7, 1, 6)]
        steps.append(Operator("SPLIT_V", [x, constant([4, 6]), constant(-1)], parts,
                              Options("SplitVOptions", numSplits=2)))
        mixed = tensor(1, 1, 1, 10)
        steps.append(Operator("CONCATENATION", [depthwise(last(parts[0], 3), 3), depthwise(parts[1], 7)], [mixed],
                              Options("ConcatenationOptions", axis=3)))
        x = conv(mixed, 10, 1)
    x = ring(x, 3)
    flat, logit = tensor(1, 40), Tensor([1, 1], 0.1, 20)
    chance, result = Tensor([1, 1], 1 / 256, -128), Tensor([1, 1], 1 / 256, 0, "uint8")
    steps += [
        Operator("RESHAPE", [x, constant([1, -1])], [flat], Options("ReshapeOptions", newShape=[1, -1])),
        Operator("FULLY_CONNECTED", [flat, weights([1, 40], 0.002), bias(1, 1000, scale=0.0002)], [logit],
                 Options("FullyConnectedOptions")),
        Operator("LOGISTIC", [logit], [chance]),
        Operator("QUANTIZE", [chance], [result], Options("QuantizeOptions")),
    ]
    rows = [[numpy.clip(random.normal(-120 + 11 * n, 4 + 2 * n, [1, 3, 8]), -128, 127).round()] for n in range(20)]
    record("graphs", "streaming wake word", [Graph(steps, [given], [result]), initial(*rings)], rows, sequence=True)


MAKERS = (images, sounds, lstm_int16, svdf_net, wake_word)
