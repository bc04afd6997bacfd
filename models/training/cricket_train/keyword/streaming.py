"""The device's way from sound to events, and how right the events are.

A window slides over the sound from the device's start, when its history is silence. Every `stride` frames the model
scores it; scores are averaged over the last `smoothing` runs (runs that have not been yet count as zero); a keyword
whose average reaches the threshold is an event if silence scored `quiet`, or the keyword before it was still there, within
the last `pause` runs; then there is none for `refractory` seconds, and not that word again before its average was below the threshold. The same as
firmware/agent/pipeline/posteriors.ts.

The device itself is the judge (`cricket eval keyword`); this is here to choose a decision without playing hours a
hundred times."""

import numpy as np

from ..native import logmel
from .augment import RATE
from .vocabulary import LABELS


def windows_of(samples, recipe, stride, phase=0):
    """int8 [runs, frames, bins]: what the model sees of int16 samples, a run every `stride` frames."""
    frames = recipe["frames"]
    rows = logmel(samples, recipe)
    silent = logmel(np.zeros(recipe["window"], np.int16), recipe)
    rows = np.concatenate([np.tile(silent, (frames - 1, 1)), rows])
    return np.lib.stride_tricks.sliding_window_view(rows, frames, 0)[stride - 1 + phase :: stride].transpose(0, 2, 1)


def scores(run, sounds, recipe, stride, phase=0):
    """float32 [runs, labels] of each sound; all windows go through `run` (int8 windows -> float scores) in one go."""
    parts = [windows_of(samples, recipe, stride, phase) for samples in sounds]
    if not parts:
        return []
    given = run(np.concatenate(parts))
    return np.split(given, np.cumsum([len(part) for part in parts])[:-1])


def events(given, decision, recipe):
    """[(seconds, label, score)] of one sound's scores."""
    smoothing, needed = decision["smoothing"], np.full(len(LABELS), np.inf)
    for kind in range(2, len(LABELS)):
        needed[kind] = decision.get("thresholds", {}).get(LABELS[kind], decision["threshold"])
    pause, quiet = decision.get("pause", 0) or np.inf, decision.get("quiet", 0.5)
    padded = np.concatenate([np.zeros((smoothing - 1, len(LABELS)), np.float32), given])
    means = np.lib.stride_tricks.sliding_window_view(padded, smoothing, 0).mean(-1)
    loud = means >= needed
    found, quiet_until, decided, since_silence = [], -1.0, -1, 0
    for run, mean in enumerate(means):
        if decided >= 0 and not loud[run, decided]:
            decided = -1
        since_silence = 0 if decided >= 0 or given[run, 0] >= quiet else since_silence + 1
        if since_silence > pause or not loud[run].any():
            continue
        seconds = ((run + 1) * decision["stride"] * recipe["hop"] + recipe["window"] - recipe["hop"]) / RATE
        best = int(np.where(loud[run], mean, -1).argmax())
        if best != decided and seconds >= quiet_until:
            found.append((float(seconds), LABELS[best], float(mean[best])))
            decided, quiet_until = best, seconds + decision["refractory"]
    return found


def quantized(samples):
    return np.clip(np.round(np.asarray(samples) * 32768), -32768, 32767).astype(np.int16)


def between_silence(samples, before=0.5, after=1.5):
    return np.concatenate([np.zeros(int(before * RATE), np.int16), samples, np.zeros(int(after * RATE), np.int16)])
