"""Quantization-aware training (Jacob et al. 2018): the network learns with the rounding that the int8 file will have.

TensorFlow's own package for it (tensorflow-model-optimization 0.8.1) asks for absl-py below 2, where the lock file has 2.5, and
for tf_keras, where the networks here are of Keras 3. It takes little: normalizations are folded first; kernels are rounded
per channel to the very grid that the converter will use (largest magnitude / 127); activations to 8 bits over the range
that typical windows show (the converter gives a shortcut's tensor another scale here and there, so behind the first shortcut
the rounding is of the file's kind, not the file's own); gradients pass through the rounding as if it were not there
(straight-through).
"""

import keras
import numpy as np
import tensorflow as tf

from .folding import FOLDED, folded


def _rounded(values, scale):
    """values on the grid of scale; the gradient is that of `values`."""
    return values + tf.stop_gradient(tf.round(values / scale) * scale - values)



def quantized_kernel(kernel, axes):
    scale = tf.stop_gradient(tf.reduce_max(tf.abs(kernel), axis=axes, keepdims=True) / 127 + 1e-12)
    return _rounded(kernel, scale)


class Conv(keras.layers.Conv2D):
    """One scale an output channel."""

    def call(self, inputs):
        kernel = quantized_kernel(self.kernel, (0, 1, 2))
        return tf.nn.conv2d(inputs, kernel, self.strides, self.padding.upper()) + self.bias


class Depthwise(keras.layers.DepthwiseConv2D):
    """One scale a channel."""

    def call(self, inputs):
        kernel = quantized_kernel(self.kernel, (0, 1))
        strides = (1, *self.strides, 1)
        return tf.nn.depthwise_conv2d(inputs, kernel, strides, self.padding.upper()) + self.bias


class Dense(keras.layers.Dense):
    """One scale, as the export has it for layers of this kind."""

    def call(self, inputs):
        return tf.matmul(inputs, quantized_kernel(self.kernel, (0, 1))) + self.bias


class Activation(keras.layers.Layer):
    """Rounds to 8 bits between `low` and `high`; values outside are held at the ends."""

    def __init__(self, low, high, **settings):
        super().__init__(**settings)
        self.low, self.high = min(0.0, float(low)), max(0.0, float(high))

    def call(self, inputs):
        scale = (self.high - self.low) / 255
        held = tf.clip_by_value(inputs, self.low, self.high)
        return _rounded(held, scale)

    def get_config(self):
        return {**super().get_config(), "low": self.low, "high": self.high}


KINDS = {keras.layers.Conv2D: Conv, keras.layers.DepthwiseConv2D: Depthwise, keras.layers.Dense: Dense}


def _is_rounded(layer):
    """Whether the int8 file has a tensor here: behind an activation, which the converter fuses with what is before it, behind
    a convolution without one, behind the pooling and the last layer."""
    if isinstance(layer, (keras.layers.ReLU, keras.layers.AveragePooling2D, keras.layers.Dense)):
        return True
    after = [node.operation for node in layer._outbound_nodes]
    return layer.name.endswith(FOLDED) and not any(isinstance(next_one, keras.layers.ReLU) for next_one in after)


def ranges(plain, typical):
    """{name of layer: (least, most)} of its output over `typical`, floats in the model's own shape. Pooling has the range of
    its input: the int8 operator has one scale for both."""
    watched = [layer for layer in plain.layers if _is_rounded(layer)]
    seen = [layer.input if isinstance(layer, keras.layers.AveragePooling2D) else layer.output for layer in watched]
    outputs = keras.Model(plain.inputs, seen)(typical, training=False)
    return {layer.name: (float(np.min(out)), float(np.max(out))) for layer, out in zip(watched, outputs, strict=True)}


def aware(model, typical):
    """The folded model, and one that shares its structure and rounds as the int8 file will; train the second, and give its
    weights to the first (they have the same, in the same order) to export it."""
    plain = folded(model)
    seen = ranges(plain, typical)

    def clone(layer):
        kind = KINDS.get(type(layer))
        return (kind or type(layer)).from_config(layer.get_config())

    def call(layer, *given, **_):
        out = layer(*given)
        return Activation(*seen[layer.name], name=f"{layer.name}_int8")(out) if layer.name in seen else out

    rounding = keras.models.clone_model(plain, clone_function=clone, call_function=call)
    rounding.set_weights(plain.get_weights())
    return plain, rounding
