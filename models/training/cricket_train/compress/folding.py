"""A trained network with its batch normalizations folded into the convolutions before them, as a converter folds them."""

import keras
import numpy as np


def _before(layer):
    """The layer that feeds this one."""
    return layer.input._keras_history.operation


def folded(model):
    """The same function (but for dropout) without batch normalization; its convolutions have biases. A new model of the
    layers' own configurations, so shortcuts stay."""
    normalized = {
        _before(layer).name: layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)
    }

    def clone(layer):
        if isinstance(layer, (keras.layers.BatchNormalization, keras.layers.Dropout)):
            return keras.layers.Identity(name=f"{layer.name}_was")
        settings = layer.get_config()
        if layer.name in normalized:
            settings["use_bias"] = True
        return type(layer).from_config(settings)

    plain = keras.models.clone_model(model, clone_function=clone)
    for layer in model.layers:
        weights = layer.get_weights()
        if layer.name in normalized:
            (kernel,) = weights
            gamma, beta, mean, variance = normalized[layer.name].get_weights()
            scale = gamma / np.sqrt(variance + normalized[layer.name].epsilon)
            shaped = scale[:, None] if isinstance(layer, keras.layers.DepthwiseConv2D) else scale
            weights = [kernel * shaped, beta - mean * scale]
        elif isinstance(layer, keras.layers.BatchNormalization):
            continue
        plain.get_layer(layer.name).set_weights(weights) if weights else None
    return plain
