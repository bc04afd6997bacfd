"""The network: a depthwise-separable CNN (Zhang et al. 2017, "Hello Edge") that spends its multiplications late.

The first convolution sees few channels and strides at once; resolution falls twice more while channels grow, so most
weights sit where a position is cheap. No tensor pair is over 16 KB, the file is under 48 KB.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

import numpy as np
import tensorflow as tf
from keras import layers
from tensorflow.lite.tools import flatbuffer_utils
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

# (channels, stride) of each depthwise-separable block
BLOCKS = [(48, 2), (48, 1), (96, 2), (96, 1)]
STEM = 24
INPUT_UNIT = 64.0  # training sees features / 64; the exported model takes the bytes themselves


def build(frames, bins, classes, dropout=0.2):
    """Keras model over [batch, frames, bins, 1] features divided by INPUT_UNIT, with softmax scores."""
    given = layers.Input((frames, bins, 1))
    x = layers.Conv2D(STEM, (5, 5), strides=2, padding="same", use_bias=False, name="stem")(given)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    for channels, stride in BLOCKS:
        x = layers.DepthwiseConv2D(3, strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        x = layers.Conv2D(channels, 1, use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.AveragePooling2D(x.shape[1:3])(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(dropout)(x)
    return tf.keras.Model(given, layers.Dense(classes, activation="softmax")(x))


def varied(batch, generator):
    """Windows as another microphone would give them: up to 8 dB louder or softer and tilted by as much across the bins;
    and SpecAugment (Park et al. 2019): in four of ten a band of time, of frequency, or both, at the window's floor."""
    batch = batch.astype(np.float32)
    count, frames, bins = batch.shape
    floor = batch.min(axis=(1, 2))
    tilt = generator.uniform(-16, 16, (count, 1, 1)) * np.linspace(-1, 1, bins)
    louder = generator.uniform(-16, 16, (count, 1, 1)) + tilt * (generator.random((count, 1, 1)) < 0.5)
    batch = np.where(batch > -128, np.clip(np.round(batch + louder), -128, 127), batch)
    for index in range(count):
        if generator.random() < 0.4:
            width = generator.integers(1, 8)
            at = generator.integers(0, frames - width)
            batch[index, at : at + width] = floor[index]
        if generator.random() < 0.4:
            width = generator.integers(1, 6)
            at = generator.integers(0, bins - width)
            batch[index, :, at : at + width] = floor[index]
    return batch


def balanced_batches(data, size, shares, seed):
    """Endless (features / INPUT_UNIT, one-hot) batches in which each class has its share."""
    generator = np.random.default_rng(seed)
    taken, labels = data
    of = [np.flatnonzero(labels == kind) for kind in range(len(shares))]
    while True:
        kinds = generator.choice(len(shares), size, p=shares)
        picks = np.array([of[kind][generator.integers(len(of[kind]))] for kind in kinds])
        batch = varied(taken[picks], generator) / INPUT_UNIT
        yield batch[..., None], np.eye(len(shares), dtype=np.float32)[kinds]


def train(model, data, validation, epochs, steps, shares, seed, weights, rate):
    """Adam with a cosine schedule; prints a line an epoch and saves the weights to the path `weights` after each."""
    size = 128
    schedule = tf.keras.optimizers.schedules.CosineDecay(rate, epochs * steps, alpha=0.01)
    model.compile(
        tf.keras.optimizers.Adam(schedule, weight_decay=1e-4),
        tf.keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )
    taken, labels = validation
    model.fit(
        balanced_batches(data, size, shares, seed),
        steps_per_epoch=steps,
        epochs=epochs,
        validation_data=(
            taken[..., None].astype(np.float32) / INPUT_UNIT,
            np.eye(len(shares), dtype=np.float32)[labels],
        ),
        validation_batch_size=512,
        callbacks=[tf.keras.callbacks.ModelCheckpoint(str(weights), save_weights_only=True)],
        verbose=2,
    )
    return model


def to_int8(model, samples):
    """The .tflite: int8 throughout, weights per channel; its input tensor's bytes are the features (scale 1, zero point
    0).

    `samples` are int8 [n, frames, bins] windows for the ranges of the activations."""
    _, frames, bins = samples.shape
    plain = build(frames, bins, model.output_shape[-1])
    plain.set_weights(model.get_weights())
    kernel = plain.get_layer("stem").get_weights()
    plain.get_layer("stem").set_weights([kernel[0] / INPUT_UNIT])

    samples = samples.astype(np.float32)[..., None]
    samples[0, 0, 0], samples[0, 0, 1] = -128, 127  # the whole range: the input's scale becomes 1, its zero point 0

    @tf.function(input_signature=[tf.TensorSpec((1, frames, bins, 1), tf.float32)])
    def infer(window):
        return plain(window, training=False)

    frozen = convert_variables_to_constants_v2(infer.get_concrete_function())
    converter = tf.lite.TFLiteConverter.from_concrete_functions([frozen])
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample[None]] for sample in samples)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    # a fully connected layer per channel is newer than some kernels in the field
    converter._experimental_disable_per_channel_quantization_for_dense_layers = True
    bare = flatbuffer_utils.convert_bytearray_to_object(bytearray(converter.convert()))
    flatbuffer_utils.strip_strings(bare)  # tensor names would be a tenth of the file
    data = bytes(flatbuffer_utils.convert_object_to_bytearray(bare))
    interpreter = tf.lite.Interpreter(model_content=data)
    for tensor, expected in (
        (interpreter.get_input_details()[0], (1.0, 0)),
        (interpreter.get_output_details()[0], (1 / 256, -128)),
    ):
        scale, zero = tensor["quantization"]
        if abs(scale - expected[0]) > 1e-6 or zero != expected[1]:
            raise ValueError(f"{tensor['name']} is quantized by {scale}, {zero}; the device expects {expected}")
    return data


class Runner:
    """The .tflite on TensorFlow Lite's reference kernels."""

    def __init__(self, data):
        self.interpreter = tf.lite.Interpreter(
            model_content=data, experimental_op_resolver_type=tf.lite.experimental.OpResolverType.BUILTIN_REF
        )
        self.interpreter.allocate_tensors()
        self.given = self.interpreter.get_input_details()[0]["index"]
        self.result = self.interpreter.get_output_details()[0]["index"]

    def __call__(self, window):
        """int8 [frames, bins] -> int8 scores, 1/256 each from -128."""
        self.interpreter.set_tensor(self.given, window[None, ..., None])
        self.interpreter.invoke()
        return self.interpreter.get_tensor(self.result)[0]


def set_seed(seed):
    tf.keras.utils.set_random_seed(seed)


def operators(data):
    """Names of the operators in a .tflite, sorted."""
    model = flatbuffer_utils.convert_bytearray_to_object(bytearray(data))
    return sorted(
        {flatbuffer_utils.opcode_to_name(model, operator.opcodeIndex) for operator in model.subgraphs[0].operators}
    )
