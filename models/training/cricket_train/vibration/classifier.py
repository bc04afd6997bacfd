"""The fault classifier: dense layers over a window's orders and how they moved since the machine was learned. It gives logits;
the device makes posteriors of them, and adds up their logarithms over windows."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

from ..progress import Progress  # noqa: E402
from .network import SCALE, to_int8  # noqa: E402

HIDDEN = (48, 32)


def build(dims, classes, batch=None, hidden=HIDDEN, dropout=0.0):
    layers = tf.keras.layers
    stack = [tf.keras.Input((dims,), batch_size=batch)]
    for units in hidden:
        if dropout:
            stack.append(layers.Dropout(dropout))
        stack.append(layers.Dense(units, activation="relu", kernel_regularizer=tf.keras.regularizers.l2(1e-4)))
    return tf.keras.Sequential([*stack, layers.Dense(classes)])


def train(x, y, weights, judged, epochs, seed, run, hidden=HIDDEN, dropout=0.25):
    """Fits a network to int8 inputs [n, dims], labels [n] and weights [n]; judged (x, y) is looked at after each epoch."""
    tf.keras.utils.set_random_seed(seed)
    model = build(x.shape[1], int(y.max()) + 1, hidden=hidden, dropout=dropout)
    steps = tf.keras.optimizers.schedules.CosineDecay(3e-3, epochs * (len(x) // 256 + 1))
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(tf.keras.optimizers.Adam(steps), loss=loss, weighted_metrics=["accuracy"])
    inputs = x.astype(np.float32) / SCALE
    against = (judged[0].astype(np.float32) / SCALE, judged[1])
    shown = Progress(run, epochs, -(-len(x) // 256), "faults")
    model.fit(
        *(inputs, y),
        sample_weight=weights,
        batch_size=256,
        epochs=epochs,
        verbose=0,
        validation_data=against,
        callbacks=[shown],
    )
    return model


def convert(model, x, hidden=HIDDEN):
    """The model as int8 .tflite bytes whose input means byte / SCALE, and the scale of its output."""
    single = build(x.shape[1], model.output_shape[1], batch=1, hidden=hidden)
    single.set_weights(model.get_weights())
    return to_int8(single, x)
