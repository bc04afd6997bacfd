"""The device's decision, as firmware/agent/learn and firmware/agent/pipeline/vibration.ts make it, for choosing its constants
and measuring it on thousands of machines. The device's own code is what ships: the tests hold both to the same scores."""

from dataclasses import dataclass, field

import numpy as np

DECISION = {
    "learn": 40,  # windows of the machine's own that make the baseline
    "warning": 1.6,  # scores; about 1 is healthy
    "alarm": 2.0,
    "raise": 3,  # windows in a row that raise the state
    "clear": 6,  # windows in a row that lower it
    "idle": 0.004,  # g rms: below it the machine stands still, and nothing is learned or judged
    # smallest deviations that count as one: bytes of features and of what the model missed of them; log2 of the others
    "floors": {"features": 6, "rms": 0.35, "kurtosis": 0.25, "crest": 0.25},
}
PLAIN, WINSOR, MOST = 8, 3.0, 8.0


def values(features, rebuilt, stats):
    """[windows, 2 dims + 3]: feature bytes, what the model missed of them, log2 of rms (counts), kurtosis and crest."""
    missed = features.astype(float) - rebuilt
    return np.concatenate([features, missed, np.log2(np.maximum(stats, 2.0**-10))], 1)


@dataclass
class Baseline:
    """Mean and deviation of each value, by Welford's method; what lies far out is pulled in to WINSOR deviations."""

    floors: np.ndarray
    count: int = 0
    mean: np.ndarray = field(default=None)
    squares: np.ndarray = field(default=None)

    def deviation(self):
        return np.maximum(np.sqrt(self.squares / max(self.count - 1, 1)), self.floors)

    def add(self, window):
        if self.count == 0:
            self.mean, self.squares = np.zeros(len(window)), np.zeros(len(window))
        elif self.count >= PLAIN:
            reach = WINSOR * self.deviation()
            window = np.clip(window, self.mean - reach, self.mean + reach)
        self.count += 1
        step = window - self.mean
        self.mean += step / self.count
        self.squares += step * (window - self.mean)

    def evidence(self, window, bands):
        """Mean squared deviations of the bands, the envelope, what the model missed, the time signal: 1 or less is healthy."""
        away = np.clip((window - self.mean) / self.deviation(), -MOST, MOST)
        dims = (len(window) - 3) // 2
        away[-2:] = np.maximum(away[-2:], 0)  # fewer peaks than usual are no fault
        parts = away[:bands], away[bands:dims], away[dims : 2 * dims], away[-3:]
        return np.array([(part**2).mean() for part in parts])

    def score(self, window, bands):
        return np.sqrt(self.evidence(window, bands).mean())


def floors(dims, decision=DECISION):
    named = decision["floors"]
    return np.array([named["features"]] * 2 * dims + [named[key] for key in ("rms", "kurtosis", "crest")], float)


def decide(windows, stats, bands, counts_per_g, decision=DECISION):
    """Runs a stream of values through learning and judging: [(state, score)] after each window."""
    baseline = Baseline(floors((windows.shape[1] - 3) // 2, decision))
    state, out = "learning", []
    above = [0, 0]  # windows in a row at or above warning, alarm
    below = [0, 0]
    odd = 0
    for window, (rms, _, _) in zip(windows, stats):
        if rms < decision["idle"] * counts_per_g:
            above, below, odd = [0, 0], [0, 0], 0
            out.append((state, 0.0))
            continue
        if state == "learning":
            score = baseline.score(window, bands) if 2 * baseline.count >= decision["learn"] else 0.0
            odd = odd + 1 if score >= decision["warning"] else 0
            if odd == decision["raise"]:
                baseline = Baseline(baseline.floors)
                odd = 0
            baseline.add(window)
            if baseline.count == decision["learn"]:
                state = "normal"
            out.append((state, score))
            continue
        score = baseline.score(window, bands)
        for i, limit in enumerate((decision["warning"], decision["alarm"])):
            above[i] = above[i] + 1 if score >= limit else 0
            below[i] = below[i] + 1 if score < limit else 0
        if above[1] >= decision["raise"]:
            state = "alarm"
        elif state == "normal" and above[0] >= decision["raise"]:
            state = "warning"
        elif state != "normal" and below[0] >= decision["clear"]:
            state = "normal"
        elif state == "alarm" and below[1] >= decision["clear"]:
            state = "warning"
        out.append((state, score))
    return out
