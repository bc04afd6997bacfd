"""A trained network with its batch normalizations folded into the convolutions before them, as a converter folds them."""

import keras
import numpy as np

from ..keyword.network import BatchNorm

FOLDED = "_folded"  # ends the names of what stands where a normalization was
EPSILON = 1e-3  # BatchNorm's


def _before(layer):
    """The layer that feeds this one."""
    return layer.input._keras_history.operation


def folded(model):
    """The same function (but for dropout) without batch normalization; its convolutions have biases, and the softmax is a layer
    of its own, as it is an operator of its own. A new model of the layers' own configurations, so shortcuts stay."""
    normalized = {
        _before(layer).name: layer for layer in model.layers if isinstance(layer, BatchNorm)
    }

    def clone(layer):
        if isinstance(layer, keras.layers.Dropout):
            return keras.layers.Activation("linear", name=layer.name)
        if isinstance(layer, BatchNorm):
            return keras.layers.Activation("linear", name=f"{layer.name}{FOLDED}")
        settings = layer.get_config()
        if layer.name in normalized:
            settings["use_bias"] = True
        if isinstance(layer, keras.layers.Dense):
            settings["activation"] = "linear"
        return type(layer).from_config(settings)

    def call(layer, *given, **_):
        out = layer(*given)
        return keras.layers.Softmax()(out) if isinstance(layer, keras.layers.Dense) else out

    plain = keras.models.clone_model(model, clone_function=clone, call_function=call)
    for layer in model.layers:
        weights = layer.get_weights()
        if layer.name in normalized:
            (kernel,) = weights
            gamma, beta, mean, variance = normalized[layer.name].get_weights()
            scale = gamma / np.sqrt(variance + EPSILON)
            shaped = scale[:, None] if isinstance(layer, keras.layers.DepthwiseConv2D) else scale
            weights = [kernel * shaped, beta - mean * scale]
        elif isinstance(layer, BatchNorm):
            continue
        if weights:
            plain.get_layer(layer.name).set_weights(weights)
    return plain
