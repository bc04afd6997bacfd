"""The network: convolutions over time with shortcuts (TC-ResNet: Choi et al. 2019, "Temporal Convolution for Real-time
Keyword Spotting on Mobile Devices"), as a few numbers that the search can draw.

The bins are channels from the first layer on, so a convolution sees all of the spectrum at once and slides over time
alone: few multiplications, no large activations, and products of matrices that every machine is good at. A narrow stem may
come before: a convolution over time and bins, which tells a voice that is a little higher from another vowel.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from dataclasses import asdict, dataclass  # noqa: E402

import flatbuffers  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras import layers  # noqa: E402
from tensorflow.lite.tools import flatbuffer_utils  # noqa: E402
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402

INPUT_UNIT = 64.0  # training sees features / 64; the exported model takes the bytes themselves


@dataclass(frozen=True)
class Architecture:
    """`stem`: filters, kernel in time, kernel in bins (0: all of them), stride in time, stride in bins.
    `blocks`: channels, stride and kernel in time of each residual block of two convolutions.
    `separable`: those two are depthwise followed by pointwise ones."""

    stem: tuple = (32, 3, 0, 1, 1)
    blocks: tuple = ((28, 2, 5), (40, 2, 5), (56, 2, 5))
    separable: bool = False

    def to_json(self):
        return asdict(self)

    @staticmethod
    def from_json(value):
        return Architecture(tuple(value["stem"]), tuple(map(tuple, value["blocks"])), value["separable"])

    def input_shape(self, frames, bins):
        return (frames, bins, 1) if self.stem[2] else (frames, 1, bins)


# Beyond any budget: it teaches the small ones.
TEACHERS = (Architecture((24, 5, 5, 2, 2), ((64, 1, 5), (96, 2, 5), (96, 1, 5))),)


@tf.keras.utils.register_keras_serializable("cricket")
class BatchNorm(layers.Layer):
    """Batch normalization in one fused operator; that of Keras 3 is a dozen, and takes half of a training step."""

    def build(self, shape):
        size = (shape[-1],)
        self.gamma = self.add_weight(shape=size, initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=size, initializer="zeros", name="beta")
        self.mean = self.add_weight(shape=size, initializer="zeros", name="mean", trainable=False)
        self.variance = self.add_weight(shape=size, initializer="ones", name="variance", trainable=False)

    def call(self, x, training=False):
        given = dict(x=x, scale=self.gamma, offset=self.beta, epsilon=1e-3, is_training=bool(training))
        if not training:
            return tf.raw_ops.FusedBatchNormV3(mean=self.mean, variance=self.variance, **given).y
        out = tf.raw_ops.FusedBatchNormV3(mean=[], variance=[], **given)
        self.mean.assign(0.99 * self.mean + 0.01 * out.batch_mean)
        self.variance.assign(0.99 * self.variance + 0.01 * out.batch_variance)
        return out.y

    def compute_output_shape(self, shape):
        return shape


def _convolution(x, channels, kernel, stride, separable):
    if separable:
        x = layers.DepthwiseConv2D((kernel, 1), strides=stride, padding="same", use_bias=False)(x)
        x = BatchNorm()(x)
        kernel, stride = 1, 1
    x = layers.Conv2D(channels, (kernel, 1), strides=(stride, 1), padding="same", use_bias=False)(x)
    return BatchNorm()(x)


def build(architecture, frames, bins, classes, dropout=0.2):
    """Keras model over features divided by INPUT_UNIT, of the architecture's input shape, with softmax scores."""
    given = layers.Input(architecture.input_shape(frames, bins))
    filters, high, wide, stride, skip = architecture.stem
    stem = layers.Conv2D(filters, (high, wide or 1), strides=(stride, skip), padding="same", use_bias=False, name="stem")
    x = layers.ReLU()(BatchNorm()(stem(given)))
    if wide:
        x = layers.Reshape((x.shape[1], 1, x.shape[2] * x.shape[3]))(x)
        x = layers.ReLU()(BatchNorm()(layers.Conv2D(architecture.blocks[0][0], 1, use_bias=False)(x)))
    for channels, stride, kernel in architecture.blocks:
        before = x
        if stride != 1 or before.shape[-1] != channels:
            before = layers.Conv2D(channels, 1, strides=(stride, 1), padding="same", use_bias=False)(before)
            before = layers.ReLU()(BatchNorm()(before))
        x = layers.ReLU()(_convolution(x, channels, kernel, stride, architecture.separable))
        x = _convolution(x, channels, kernel, 1, architecture.separable)
        x = layers.ReLU()(layers.Add()([before, x]))
    x = layers.AveragePooling2D(x.shape[1:3])(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    return tf.keras.Model(given, layers.Dense(classes, activation="softmax")(x))


def _graph(model):
    """The model for one window as a graph of constants that takes the bytes themselves."""
    weights = model.get_weights()
    weights[0] = weights[0] / INPUT_UNIT  # the stem's
    plain = tf.keras.models.clone_model(model)
    plain.set_weights(weights)

    @tf.function(input_signature=[tf.TensorSpec((1, *model.input_shape[1:]), tf.float32)])
    def infer(window):
        return plain(window, training=False)

    return convert_variables_to_constants_v2(infer.get_concrete_function())


def to_float32(model):
    """The .tflite in float32, to compare with; its input takes the bytes as floats."""
    return tf.lite.TFLiteConverter.from_concrete_functions([_graph(model)]).convert()


def to_int8(model, samples, per_channel=True):
    """The .tflite: int8 throughout, weights per channel; its input tensor's bytes are the features (scale 1, zero point
    0).

    `samples` are int8 [n, frames, bins] windows for the ranges of the activations."""
    samples = samples.astype(np.float32).reshape(-1, *model.input_shape[1:])
    samples[0].flat[:2] = -128, 127  # the whole range: the input's scale becomes 1, its zero point 0
    converter = tf.lite.TFLiteConverter.from_concrete_functions([_graph(model)])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample[None]] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel = not per_channel
    # a fully connected layer per channel is newer than some kernels in the field
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    bare = flatbuffer_utils.convert_bytearray_to_object(bytearray(converter.convert()))
    flatbuffer_utils.strip_strings(bare)  # tensor names would be a tenth of the file
    builder = _Interning(1024)
    builder.Finish(bare.Pack(builder), file_identifier=b"TFL3")
    data = bytes(builder.Output())
    interpreter = tf.lite.Interpreter(model_content=data)
    for tensor, expected in (
        (interpreter.get_input_details()[0], (1.0, 0)),
        (interpreter.get_output_details()[0], (1 / 256, -128)),
    ):
        scale, zero = tensor["quantization"]
        if abs(scale - expected[0]) > 1e-6 or zero != expected[1]:
            raise ValueError(f"{tensor['name']} is quantized by {scale}, {zero}; the device expects {expected}")
    return data


class _Interning(flatbuffers.Builder):
    """Writes equal vectors of 64-bit numbers once. Every channel has a zero point for its weights and another for its bias,
    all of them 0: a fifth of a small model."""

    def __init__(self, size):
        super().__init__(size)
        self.written = {}

    def StartVector(self, elemSize, numElems, alignment):
        self.before, self.size = self.Offset(), elemSize
        return super().StartVector(elemSize, numElems, alignment)

    def EndVector(self, *numElems):
        offset = super().EndVector(*numElems)
        if self.size != 8:
            return offset
        length = int.from_bytes(self.Bytes[self.head : self.head + 4], "little") * self.size + 4
        known = self.written.setdefault(bytes(self.Bytes[self.head : self.head + length]), offset)
        if known != offset:
            self.head = len(self.Bytes) - self.before
        return known


class Runner:
    """A .tflite on TensorFlow Lite's kernels: int8 [n, frames, bins] -> int8 scores [n, labels], 1/256 each from -128."""

    def __init__(self, data):
        self.interpreter = tf.lite.Interpreter(model_content=data, num_threads=1)
        self.interpreter.allocate_tensors()
        given = self.interpreter.get_input_details()[0]
        self.given, self.shape, self.kind = given["index"], given["shape"], given["dtype"]
        self.result = self.interpreter.get_output_details()[0]["index"]

    def __call__(self, windows):
        out = []
        for window in windows:
            self.interpreter.set_tensor(self.given, window.reshape(self.shape).astype(self.kind))
            self.interpreter.invoke()
            out.append(self.interpreter.get_tensor(self.result)[0])
        return np.array(out)


def operators(data):
    """Names of the operators in a .tflite, sorted."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(data))
    return sorted(
        {flatbuffer_utils.opcode_to_name(model, operator.opcodeIndex) for operator in model.subgraphs[0].operators}
    )
