"""The autoencoder: a dense network that squeezes a window's features through a few numbers and back. It has seen sound
machines only, so what it cannot rebuild is what sound machines do not do.

The device feeds it the feature bytes as they are and subtracts its output bytes from them. For that both tensors must have
one quantization, value = byte / SCALE: representative data that spans all bytes gives it to the input, and the output's is
set after conversion (the last layer may have any output scale: it enters its multiplier only)."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import flatbuffers  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.lite.python import schema_py_generated as schema  # noqa: E402

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


def train(features, epochs=40, seed=7):
    """Fits a new network to int8 features [windows, dims]; the last tenth of the machines judges when to stop."""
    tf.keras.utils.set_random_seed(seed)
    x = features.astype(np.float32) / SCALE
    cut = int(len(x) * 0.9)
    model = build(x.shape[1])
    steps = tf.keras.optimizers.schedules.CosineDecay(3e-3, epochs * (cut // 256 + 1))
    model.compile(tf.keras.optimizers.Adam(steps), loss="mse")
    model.fit(x[:cut], x[:cut], batch_size=256, epochs=epochs, verbose=2, validation_data=(x[cut:], x[cut:]))
    return model


def convert(model, features):
    """The model as int8 .tflite bytes whose input and output both mean byte / SCALE."""
    dims = features.shape[1]
    span = np.linspace(-128, 127, dims).round().astype(np.int8)

    def representative():
        yield [span[None].astype(np.float32) / SCALE]
        for row in features[:: max(1, len(features) // 2000)]:
            yield [row[None].astype(np.float32) / SCALE]

    single = build(dims, batch=1)
    single.set_weights(model.get_weights())
    converter = tf.lite.TFLiteConverter.from_keras_model(single)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = representative
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    return _one_quantization(converter.convert())


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


class Rebuilder:
    """The converted model, run by TensorFlow Lite's reference kernels: features [n, dims] int8 -> the same, rebuilt."""

    def __init__(self, tflite):
        resolver = tf.lite.experimental.OpResolverType.BUILTIN_REF
        self.interpreter = tf.lite.Interpreter(model_content=tflite, experimental_op_resolver_type=resolver)
        self.interpreter.allocate_tensors()
        self.source = self.interpreter.get_input_details()[0]["index"]
        self.result = self.interpreter.get_output_details()[0]["index"]

    def __call__(self, features):
        rebuilt = np.empty_like(features)
        for i, row in enumerate(features):
            self.interpreter.set_tensor(self.source, row[None])
            self.interpreter.invoke()
            rebuilt[i] = self.interpreter.get_tensor(self.result)[0]
        return rebuilt
