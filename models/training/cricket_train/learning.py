"""Windows to learn from and to judge by, a further training of any Keras model on them, and how right a .tflite is."""

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from .errors import Failure
from .keyword.network import INPUT_UNIT, Runner
from .keyword.train import BATCH, SHARES, varied
from .keyword.vocabulary import LABELS
from .paths import CACHE
from .progress import Progress
from .quiet import quietly


@dataclass(frozen=True)
class Windows:
    """`taken`: int8 [n, frames, bins]; `labels`: their indices; `speakers`: who says each, "" where nobody is named."""

    taken: np.ndarray
    labels: np.ndarray
    speakers: np.ndarray

    @staticmethod
    def load(name):
        """The windows that `cricket-train keyword` left as build/training/NAME.npz. @raises Failure no-windows, other-labels"""
        path = CACHE / f"{name}.npz"
        if not path.exists():
            raise Failure("no-windows", f"{path} is missing: run `cricket-train keyword` first, which makes it")
        stored = np.load(path)
        windows = Windows(stored["taken"], stored["labels"], stored["speakers"])
        if windows.labels.max() >= len(LABELS):
            raise Failure("other-labels", f"{path} has more labels than the vocabulary: delete it and make it anew")
        return windows

    @property
    def shape(self):
        return self.taken.shape[1:]

    def first(self, count):
        """The first `count` of them; all when it is None."""
        return Windows(self.taken[:count], self.labels[:count], self.speakers[:count])

    def some(self, count, seed):
        """`count` of the windows, int8, drawn at random."""
        return self.taken[np.random.default_rng(seed).choice(len(self.taken), min(count, len(self.taken)), replace=False)]

    def people(self):
        return sorted(set(self.speakers) - {""})


def batches(windows, shape, seed):
    """Endless (features / INPUT_UNIT [BATCH, *shape], one-hot labels): classes by SHARES, windows varied as in any training."""
    tf.random.set_seed(seed)
    generator = np.random.default_rng(seed)
    of = [np.flatnonzero(windows.labels == kind) for kind in range(len(LABELS))]
    shares = np.array([share if len(places) else 0 for share, places in zip(SHARES, of, strict=True)], float)
    shares /= shares.sum()
    vary = tf.function(varied)
    while True:
        kinds = generator.choice(len(LABELS), BATCH, p=shares)
        picks = [of[kind][generator.integers(len(of[kind]))] for kind in kinds]
        batch = vary(tf.constant(windows.taken[picks].astype(np.float32))).numpy() / INPUT_UNIT
        yield batch.reshape(BATCH, *shape), np.eye(len(LABELS), dtype=np.float32)[kinds]


def train_on(model, windows, steps, rate, seed, run, what, callbacks=()):
    """Trains a model that has learned already for `steps` batches: Adam, a cosine schedule from `rate` down."""
    parts = 4 if steps >= 4 else 1
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps, alpha=0.01)),
        keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )
    model.fit(
        batches(windows, model.input_shape[1:], seed),
        steps_per_epoch=steps // parts,
        epochs=parts,
        callbacks=[Progress(run, parts, steps // parts, what), *callbacks],
        verbose=0,
    )
    return model


def answers(tflite, windows):
    """Indices of the labels that a .tflite gives the windows."""
    with quietly():
        return Runner(tflite)(windows.taken).argmax(1)


def judge(named, windows):
    """How right the named labels are: {"right", "total", "balanced", "classes": {label: [right, total]}, "speakers": ...};
    `balanced` is the mean of the classes' shares, so that no class counts more because there is more of it."""
    hit = named == windows.labels
    classes = {LABELS[kind]: hit[windows.labels == kind] for kind in np.unique(windows.labels)}
    speakers = {str(who): hit[windows.speakers == who] for who in windows.people()}
    count = lambda groups: {name: [int(group.sum()), len(group)] for name, group in groups.items()}  # noqa: E731
    return {
        "right": int(hit.sum()),
        "total": len(hit),
        "balanced": float(np.mean([group.mean() for group in classes.values()])),
        "classes": count(classes),
        "speakers": count(speakers),
    }
