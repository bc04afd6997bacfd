"""Choosing the decision: how many scores are averaged and what their mean must reach. Judged as the device is: whole
recordings, each with quiet around it, of people who were not trained on; and hours in which nothing is to be named."""

import itertools

import numpy as np
import soundfile

from ..errors import Failure
from .augment import RATE
from .data import RECIPE
from .streaming import between_silence, events, quantized, scores
from .vocabulary import LABELS

# A run every 160 ms, so a word of half a second stands whole in the window for three of them. From the last window of
# silence to the third that holds a whole word it takes six runs, and eight for the longest words.
FIXED = {"stride": 8, "refractory": 1.0, "pause": 9}
SMOOTHINGS = (2, 3)
QUIETS = (0.3, 0.4, 0.5)
THRESHOLDS = tuple(round(0.4 + 0.02 * step, 2) for step in range(26))
# What the decision must keep to. Of those that do, the one with most words named rightly.
MOST_FALSE_PER_HOUR, MOST_OTHERS = 0.25, 0.045


class Judgement:
    """Scores of everything, made once; `of` applies a decision to them."""

    def __init__(self, run, clips, hours):
        self.clips = clips
        self.scores = scores(run, [between_silence(quantized(clip.samples)) for clip in clips], RECIPE, FIXED["stride"])
        self.hours, self.streams = 0.0, []
        for path in hours:
            samples, _ = soundfile.read(path, dtype="int16")
            self.hours += len(samples) / RATE / 3600
            self.streams += scores(run, [samples], RECIPE, FIXED["stride"])

    def of(self, decision):
        """{"right", "wrong", "silent": shares of the clips with a keyword; "others": share of other words that are given
        one; "false_per_hour"; "heard": [(clip, [labels])]}."""
        heard = [(clip, [found[1] for found in events(given, decision, RECIPE)]) for clip, given in zip(self.clips, self.scores)]
        known = [(clip.word, found) for clip, found in heard if clip.keyword]
        other = [found for clip, found in heard if not clip.keyword]
        false = sum(len(events(given, decision, RECIPE)) for given in self.streams)
        share = lambda flags: float(np.mean(flags)) if flags else 0.0  # noqa: E731
        return {
            "right": share([set(found) == {word} for word, found in known]),
            "wrong": share([any(label != word for label in found) for word, found in known]),
            "silent": share([not found for _, found in known]),
            "others": share([bool(found) for found in other]),
            "false_per_hour": false / max(self.hours, 1e-9),
            "heard": heard,
        }


def choose(judgement, shipped):
    """`shipped` has heard the same hours, and must keep to the same. (decision, sweep): the sweep is a list of {"smoothing", "quiet", "threshold", "right", "wrong", "others",
    "false_per_hour"}."""
    sweep = []
    for smoothing, quiet, threshold in itertools.product(SMOOTHINGS, QUIETS, THRESHOLDS):
        drawn = {"smoothing": smoothing, "quiet": quiet, "threshold": threshold}
        result = judgement.of(FIXED | drawn)
        result["false_per_hour"] = max(result["false_per_hour"], shipped.of(FIXED | drawn)["false_per_hour"])
        sweep.append(drawn | {key: round(result[key], 4) for key in ("right", "wrong", "others", "false_per_hour")})
    kept = [row for row in sweep if row["false_per_hour"] <= MOST_FALSE_PER_HOUR and row["others"] <= MOST_OTHERS]
    if not kept:
        raise Failure("too-many-false", f"no threshold keeps to {MOST_FALSE_PER_HOUR} an hour and {MOST_OTHERS} of other words: train further")
    best = max(kept, key=lambda row: (row["right"], -row["quiet"]))
    return FIXED | {key: best[key] for key in ("smoothing", "threshold", "quiet")}, sweep


def confusion(judgement, decision):
    """Counts [labels, labels] for the run's report: other words are `unknown`, and what names nothing is too."""
    counts = np.zeros((len(LABELS), len(LABELS)), int)
    for clip, found in judgement.of(decision)["heard"]:
        truth = LABELS.index(clip.word) if clip.keyword else LABELS.index("unknown")
        counts[truth, LABELS.index(found[0]) if found else LABELS.index("unknown")] += 1
    return counts
