"""Windows to learn from and to judge by, and a short training of any Keras model on them."""

from dataclasses import dataclass

import keras
import numpy as np

from .errors import Failure
from .keyword.network import INPUT_UNIT, Runner
from .keyword.vocabulary import LABELS
from .paths import CACHE
from .progress import Progress
from .quiet import quietly

BATCH = 128
SILENCE, UNKNOWN = 0.08, 0.22  # shares of a batch; the keywords share the rest alike


@dataclass(frozen=True)
class Windows:
    """`taken`: int8 [n, frames, bins]; `labels`: their indices; `speakers`: who says each."""

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

    @property
    def classes(self):
        return int(self.labels.max()) + 1

    def first(self, count):
        """The first `count` of them; all when it is None."""
        return Windows(self.taken[:count], self.labels[:count], self.speakers[:count])

    def some(self, count, seed):
        """`count` of the windows, int8, drawn at random."""
        return self.taken[np.random.default_rng(seed).choice(len(self.taken), count, replace=False)]

    def floats(self):
        return self.taken[..., None].astype(np.float32) / INPUT_UNIT


def _varied(batch, generator):
    """Up to 8 dB louder or softer, tilted by as much, and bands of time or frequency at the floor (Park et al. 2019)."""
    count, frames, bins = batch.shape
    floor = batch.min(axis=(1, 2))
    tilt = generator.uniform(-16, 16, (count, 1, 1)) * np.linspace(-1, 1, bins)
    batch = np.clip(np.round(batch + generator.uniform(-16, 16, (count, 1, 1)) + tilt), -128, 127)
    for index in range(count):
        if generator.random() < 0.4:
            at, width = generator.integers(0, frames - 8), generator.integers(1, 8)
            batch[index, at : at + width] = floor[index]
        if generator.random() < 0.4:
            at, width = generator.integers(0, bins - 6), generator.integers(1, 6)
            batch[index, :, at : at + width] = floor[index]
    return batch


def batches(windows, seed, size=BATCH):
    """Endless (features / INPUT_UNIT [size, frames, bins, 1], one-hot labels), the same for the same seed."""
    generator = np.random.default_rng(seed)
    classes = windows.classes
    shares = np.array([SILENCE, UNKNOWN] + [(1 - SILENCE - UNKNOWN) / (classes - 2)] * (classes - 2))
    of = [np.flatnonzero(windows.labels == kind) for kind in range(classes)]
    while True:
        kinds = generator.choice(classes, size, p=shares)
        picks = np.array([of[kind][generator.integers(len(of[kind]))] for kind in kinds])
        batch = _varied(windows.taken[picks].astype(np.float32), generator) / INPUT_UNIT
        yield batch[..., None].astype(np.float32), np.eye(classes, dtype=np.float32)[kinds]


def fit(model, windows, steps, rate, seed, run=None, what="training", epochs=1, validation=None, loss=None, callbacks=()):
    """Trains `model` for `steps` batches in `epochs` parts: Adam, cosine schedule from `rate` down, labels smoothed."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps, alpha=0.01, warmup_target=None)
    model.compile(
        keras.optimizers.Adam(schedule, weight_decay=1e-4),
        loss or keras.losses.CategoricalCrossentropy(label_smoothing=0.05),
        metrics=["accuracy"],
    )
    judged = None
    if validation is not None:
        judged = (validation.floats(), np.eye(validation.classes, dtype=np.float32)[validation.labels])
    each = steps // epochs
    bars = [Progress(run, epochs, each, what)] if run else []
    model.fit(
        batches(windows, seed),
        steps_per_epoch=each,
        epochs=epochs,
        validation_data=judged,
        validation_batch_size=512,
        callbacks=[*bars, *callbacks],
        verbose=0,
    )
    return model


def answers(tflite, windows):
    """Indices of the labels that a .tflite gives the windows."""
    with quietly():
        return Runner(tflite, 64)(windows.taken).argmax(1)


def judge(named, windows):
    """How right the named labels are: {"right", "total", "balanced", "classes": {label: [right, total]}, "speakers": ...};
    `balanced` is the mean of the classes' shares, so that no class counts more because there is more of it."""
    hit = named == windows.labels
    classes = {LABELS[kind]: hit[windows.labels == kind] for kind in np.unique(windows.labels)}
    speakers = {str(who): hit[windows.speakers == who] for who in np.unique(windows.speakers)}
    count = lambda groups: {name: [int(group.sum()), len(group)] for name, group in groups.items()}  # noqa: E731
    return {
        "right": int(hit.sum()),
        "total": len(hit),
        "balanced": float(np.mean([group.mean() for group in classes.values()])),
        "classes": count(classes),
        "speakers": count(speakers),
    }
