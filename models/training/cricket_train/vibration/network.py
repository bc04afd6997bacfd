"""The autoencoder: a dense network that squeezes a window's features through a few numbers and back. It has seen sound
machines only, so what it cannot rebuild is what sound machines do not do.

The device feeds it the feature bytes as they are and subtracts its output bytes from them. For that both tensors must have
one quantization, value = byte / SCALE: representative data that spans all bytes gives it to the input, and the output's is
set after conversion (the last layer may have any output scale: it enters its multiplier only)."""

import math
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import flatbuffers  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.lite.python import schema_py_generated as schema  # noqa: E402

from ..progress import Progress  # noqa: E402

SCALE = 32.0
HIDDEN, CODE = 48, 12


def build(dims, batch=None):
    layers = tf.keras.layers
    return tf.keras.Sequential(
        [
            tf.keras.Input((dims,), batch_size=batch),
            layers.Dense(HIDDEN, activation="relu"),
            layers.Dense(CODE, activation="relu"),
            layers.Dense(HIDDEN, activation="relu"),
            layers.Dense(dims),
        ]
    )


def train(features, epochs, seed, run):
    """Fits a new network to int8 features [windows, dims]; the last tenth of the machines judges when to stop."""
    tf.keras.utils.set_random_seed(seed)
    x = features.astype(np.float32) / SCALE
    cut = int(len(x) * 0.9)
    model = build(x.shape[1])
    steps = tf.keras.optimizers.schedules.CosineDecay(3e-3, epochs * (cut // 256 + 1))
    model.compile(tf.keras.optimizers.Adam(steps), loss="mse")
    shown = Progress(run, epochs, -(-cut // 256), "autoencoder")
    model.fit(x[:cut], x[:cut], batch_size=256, epochs=epochs, verbose=0, validation_data=(x[cut:], x[cut:]), callbacks=[shown])
    return model


def to_int8(single, features):
    """A model of batch 1 as int8 .tflite bytes whose input means byte / SCALE."""
    dims = features.shape[1]
    span = np.linspace(-128, 127, dims).round().astype(np.int8)

    def representative():
        yield [span[None].astype(np.float32) / SCALE]
        for row in features[:: max(1, len(features) // 2000)]:
            yield [row[None].astype(np.float32) / SCALE]

    converter = tf.lite.TFLiteConverter.from_keras_model(single)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    # one scale a tensor: 2 KB less, and what every kernel of the field takes
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return converter.convert()


def convert(model, features):
    """The model as int8 .tflite bytes whose input and output both mean byte / SCALE."""
    single = build(features.shape[1], batch=1)
    single.set_weights(model.get_weights())
    return _one_quantization(to_int8(single, features))


def _one_quantization(tflite):
    file = schema.ModelT.InitFromPackedBuf(tflite, 0)
    graph = file.subgraphs[0]
    source, result = graph.tensors[graph.inputs[0]], graph.tensors[graph.outputs[0]]
    scale, zero = float(source.quantization.scale[0]), int(source.quantization.zeroPoint[0])
    if abs(scale * SCALE - 1) > 1e-6 or zero != 0:
        raise ValueError(f"input-scale: the input means {scale} * (byte - {zero}), wanted byte / {SCALE}")
    result.quantization.scale = np.array([scale], np.float32)
    result.quantization.zeroPoint = np.array([zero], np.int64)
    builder = flatbuffers.Builder(len(tflite) + 1024)
    builder.Finish(file.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _multiplier(scale):
    """A scale below 1 as Q31 and a right shift, as QuantizeMultiplier of TensorFlow Lite makes them."""
    if not 0 < scale < 1:
        raise ValueError(f"layer-scale: {scale}, wanted above 0 and below 1")
    fraction, exponent = math.frexp(scale)
    fixed = int(math.floor(fraction * (1 << 31) + 0.5))
    return (fixed >> 1, -exponent - 1) if fixed == 1 << 31 else (fixed, -exponent)


def _requantize(sums, multiplier, shift):
    """TFLite Micro's double rounding: high half of the doubled product, then a division that rounds half away from 0."""
    high = (sums.astype(np.int64) * multiplier + (1 << 30)) >> 31
    rest, half = high & ((1 << shift) - 1), ((1 << shift) - 1) >> 1
    return (high >> shift) + (rest > half + (high < 0))


class Rebuilder:
    """The converted model bit for bit as a device runs it: features [n, dims] int8 -> the same, rebuilt. TensorFlow's own
    interpreter rounds once where TFLite Micro rounds twice, and differs by a step here and there."""

    def __init__(self, tflite):
        file = schema.ModelT.InitFromPackedBuf(tflite, 0)
        graph = file.subgraphs[0]
        codes = {max(code.builtinCode, code.deprecatedBuiltinCode) for code in file.operatorCodes}
        if codes != {schema.BuiltinOperator.FULLY_CONNECTED}:
            raise ValueError(f"unsupported-operator: builtin codes {codes}, wanted FULLY_CONNECTED only")

        def quantized(index, kind):
            tensor = graph.tensors[index]
            data = file.buffers[tensor.buffer].data
            values = None if data is None else np.frombuffer(bytes(data), kind).reshape(tensor.shape)
            (scale,), (zero,) = tensor.quantization.scale, tensor.quantization.zeroPoint
            return values, np.float32(scale), int(zero)

        self.layers = []
        for operator in graph.operators:
            _, given_scale, given_zero = quantized(operator.inputs[0], np.int8)
            weights, weight_scale, _ = quantized(operator.inputs[1], np.int8)
            bias, _, _ = quantized(operator.inputs[2], np.int32)
            _, scale, zero = quantized(operator.outputs[0], np.int8)
            relu = operator.builtinOptions.fusedActivationFunction == schema.ActivationFunctionType.RELU
            effective = float(given_scale * weight_scale) / float(scale)
            bias = bias - given_zero * weights.astype(np.int32).sum(1)
            self.scale = float(scale)  # of the output, when this was the last layer
            self.layers.append((weights, bias, *_multiplier(effective), zero, zero if relu else -128))

    def __call__(self, features):
        values = features.astype(np.int32)
        for weights, bias, multiplier, shift, zero, least in self.layers:
            sums = values @ weights.T.astype(np.int32) + bias
            values = np.clip(_requantize(sums, multiplier, shift) + zero, least, 127).astype(np.int32)
        return values.astype(np.int8)
