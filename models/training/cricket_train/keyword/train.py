"""Training: batches drawn and varied inside the graph, cross-entropy beside a teacher's scores, a running mean of the
weights that is what comes out."""

import numpy as np
import tensorflow as tf
from tqdm import tqdm

from .network import INPUT_UNIT, build
from .vocabulary import KEYWORDS, LABELS

BATCH = 128
RATE, DECAY, AVERAGED = 4e-3, 2e-4, 0.998
MIXED = 0.8
SMOOTHED = 0.05  # of the labels
TAUGHT, WARM = 0.6, 2.0  # the teacher's part of the loss, and its temperature (Hinton et al. 2015)
# Of the labels in a batch. Anything can be unknown, so it takes more of them; silence must be told from it in any noise.
SHARES = np.array([0.15, 0.27] + [0.58 / len(KEYWORDS)] * len(KEYWORDS), np.float32)


def styled(windows):
    """Every second window with half-way the mean and the deviation, bin by bin, of another one of the batch: a voice, room and
    microphone between the two (Zhou et al. 2021, "Domain Generalization with MixStyle"; over bins after Kim et al. 2022)."""
    count = tf.shape(windows)[0]
    mean = tf.reduce_mean(windows, 1, keepdims=True)
    deviation = tf.math.reduce_std(windows, 1, keepdims=True) + 4.0
    other = tf.random.shuffle(tf.range(count))
    share = tf.random.uniform((count, 1, 1)) * tf.cast(tf.random.uniform((count, 1, 1)) < 0.5, tf.float32) * MIXED
    mixed_mean = mean + share * (tf.gather(mean, other) - mean)
    mixed_deviation = deviation + share * (tf.gather(deviation, other) - deviation)
    changed = tf.clip_by_value((windows - mean) / deviation * mixed_deviation + mixed_mean, -128, 127)
    return tf.where(windows > -128, changed, windows)


def varied(windows):
    """float32 [n, frames, bins] as another microphone would give them: up to 6 dB louder or softer and tilted by as much
    across the bins; and SpecAugment (Park et al. 2019): often a band of time, of frequency, or both, at the window's floor."""
    count, frames, bins = tf.shape(windows)[0], windows.shape[1], windows.shape[2]
    one = (count, 1, 1)
    louder = tf.random.uniform(one, -16, 16)
    tilted = tf.random.uniform(one, -16, 16) * tf.cast(tf.random.uniform(one) < 0.5, tf.float32)
    changed = windows + louder + tilted * tf.linspace(-1.0, 1.0, bins)[None, None]
    changed = tf.clip_by_value(changed + tf.random.normal(tf.shape(windows), stddev=1.5), -128, 127)
    windows = tf.where(windows > -128, changed, windows)
    windows = styled(windows)
    floor = tf.reduce_min(windows, (1, 2), keepdims=True)

    def band(length, most):
        wide = tf.random.uniform(one, 1, most) * tf.cast(tf.random.uniform(one) < 0.4, tf.float32)
        first = tf.random.uniform(one, 0, length - most)
        place = tf.range(float(length))[None, :, None]
        return (place >= first) & (place < first + wide)

    # a quarter as if sampled at 8 kHz or sent over a telephone: nothing above bins 22-26 of 32, 3.2-4.4 kHz
    limit = tf.random.uniform(one, 0.69, 0.81) + tf.cast(tf.random.uniform(one) > 0.25, tf.float32)
    silent = tf.range(float(bins))[None, None] >= limit * bins
    silent |= band(frames, 9) | tf.transpose(band(bins, 6), (0, 2, 1))
    return tf.where(silent, floor, windows)


def fit(architecture, data, judge, *, steps, seed, teachers=(), rate=RATE, start=None, progress=None):
    """A Keras model of the architecture. `data`: int8 windows [n, frames, bins] and labels [n]. `judge`: a function of the
    model to a dict of figures, called ten times on the way, and told of through progress(step, figures) too. `start`: weights
    to go on from."""
    tf.keras.utils.set_random_seed(seed)
    windows, labels = data
    _, frames, bins = windows.shape
    order = np.argsort(labels, kind="stable")
    counts = np.bincount(labels, minlength=len(LABELS))
    windows, ends = tf.constant(windows[order]), np.cumsum(counts)
    first, counts = tf.constant((ends - counts).astype(np.float32)), tf.constant(counts.astype(np.float32))
    shares = tf.math.log(SHARES * (counts > 0).numpy() + 1e-30)[None]

    model = build(architecture, frames, bins, len(LABELS))
    if start is not None:
        model.set_weights(start)
    mean = [tf.Variable(weight) for weight in model.trainable_variables]
    schedule = tf.keras.optimizers.schedules.CosineDecay(
        0.0 if start is None else rate, steps, alpha=0.002, warmup_target=rate, warmup_steps=steps // 20
    )
    optimizer = tf.keras.optimizers.AdamW(schedule, weight_decay=DECAY)
    optimizer.build(model.trainable_variables)
    teach = [(teacher, teacher.input_shape[1:]) for teacher in teachers]

    @tf.function
    def step(keep):
        kinds = tf.random.categorical(shares, BATCH)[0]
        places = tf.gather(first, kinds) + tf.floor(tf.random.uniform((BATCH,)) * tf.gather(counts, kinds))
        batch = varied(tf.cast(tf.gather(windows, tf.cast(places, tf.int32)), tf.float32)) / INPUT_UNIT
        truth = tf.one_hot(kinds, len(LABELS)) * (1 - SMOOTHED) + SMOOTHED / len(LABELS)
        taught = 0.0
        if teach:
            logs = [tf.math.log(other(tf.reshape(batch, (BATCH, *shape))) + 1e-7) / WARM for other, shape in teach]
            taught = sum(tf.nn.softmax(log) for log in logs) / len(logs)
        with tf.GradientTape() as tape:
            scores = model(tf.reshape(batch, (BATCH, *model.input_shape[1:])), training=True)
            logs = tf.math.log(scores + 1e-7)
            loss = -tf.reduce_mean(tf.reduce_sum(truth * logs, 1))
            if teach:
                soft = -tf.reduce_mean(tf.reduce_sum(taught * tf.nn.log_softmax(logs / WARM), 1)) * WARM**2
                loss = (1 - TAUGHT) * loss + TAUGHT * soft
        optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables, strict=True))
        for averaged, weight in zip(mean, model.trainable_variables, strict=True):
            averaged.assign(keep * averaged + (1 - keep) * weight)
        return loss

    def swap():
        for averaged, weight in zip(mean, model.trainable_variables, strict=True):
            now = weight.numpy()
            weight.assign(averaged)
            averaged.assign(now)

    losses, bar = [], tqdm(range(1, steps + 1), "training", unit="step", mininterval=2, disable=None)
    for index in bar:
        losses.append(step(tf.constant(min(AVERAGED, index / (index + 20)), tf.float32)))
        if index % max(steps // 10, 1) == 0 or index == steps:
            swap()
            figures = {"loss": float(np.mean(losses)), **judge(model)}
            if index < steps:
                swap()
            losses = []
            bar.set_postfix({name: f"{value:.3f}" for name, value in figures.items()})
            if progress:
                progress(index, figures)
    return model


def scored(model, windows, batch=512):
    """float32 [n, labels] scores of int8 windows."""
    shape = model.input_shape[1:]
    parts = [windows[at : at + batch].reshape(-1, *shape).astype(np.float32) / INPUT_UNIT for at in range(0, len(windows), batch)]
    return np.concatenate([model(part, training=False).numpy() for part in parts])
