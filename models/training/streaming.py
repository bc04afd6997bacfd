"""The device's way from sound to events, and how right the events are.

A window slides over the sound from the device's start, when its history is silence. Every `stride` frames the model scores
it; scores are averaged over the last `smoothing` runs (runs that have not been yet count as zero); a keyword whose average
reaches the threshold is an event, then there is none for `refractory` seconds, and not that word again before its average
was below the threshold. The same as firmware/agent/pipeline/posteriors.ts.
"""

from collections import Counter

import numpy as np

from .augment import RATE
from .paths import CONFORMANCE
from .vocabulary import KEYWORDS, LABELS


class Listener:
    """Scores of a sound at every frame that any of the strides in question would look at; kept, since runs are dear."""

    def __init__(self, run, features, recipe, every=2):
        self.run, self.features, self.recipe, self.every = run, features, recipe, every
        self.silent = features(np.zeros(recipe["window"], np.int16), recipe)[0]

    def scores(self, samples):
        """float32 [frames // every, labels]: row i is the run after frame (i + 1) * every."""
        frames = self.recipe["frames"]
        rows = self.features(samples, self.recipe)
        rows = np.concatenate([np.tile(self.silent, (frames - 1, 1)), rows])
        return np.array(
            [(self.run(rows[end - frames : end]).astype(np.float32) + 128) / 256 for end in range(frames - 1 + self.every, len(rows) + 1, self.every)]
        )


def events(scores, decision, recipe, every=2, phase=0):
    """[(seconds, label, score)]; `phase` (in rows of scores) moves the runs against the sound."""
    step = decision["stride"] // every
    least = {kind: decision.get("thresholds", {}).get(LABELS[kind], decision["threshold"]) for kind in range(2, len(LABELS))}
    recent, found, quiet_until, decided = [], [], -1.0, None
    for row in range(step - 1 + phase, len(scores), step):
        recent = (recent + [scores[row]])[-decision["smoothing"] :]
        mean = np.sum(recent, axis=0) / decision["smoothing"]
        seconds = ((row + 1) * every * recipe["hop"] + recipe["window"] - recipe["hop"]) / RATE
        loud = [kind for kind in least if mean[kind] >= least[kind]]
        if decided not in loud:
            decided = None
        if not loud:
            continue
        best = max(loud, key=lambda kind: mean[kind])
        if best != decided and seconds >= quiet_until:
            found.append((seconds, LABELS[best], float(mean[best])))
            decided, quiet_until = best, seconds + decision["refractory"]
    return found


def quantized(samples):
    return np.clip(np.round(np.asarray(samples) * 32768), -32768, 32767).astype(np.int16)


def between_silence(samples, before, after):
    return np.concatenate([np.zeros(int(before * RATE), np.int16), samples, np.zeros(int(after * RATE), np.int16)])


class Examination:
    """Sounds that were kept from training, scored once; `results` applies a decision to the scores."""

    def __init__(self, listener, words, speech, noise, limit=None):
        self.listener = listener
        listen = listener.scores
        self.words = []
        for index, clip in enumerate(words[:limit]):
            shift = (0, 0.007, 0.013)[index % 3]
            expected = clip.word if clip.keyword else None
            self.words.append((clip, expected, listen(between_silence(quantized(clip.samples), 0.5 + shift, 1))))
        self.speech = [(len(clip.samples) / RATE, listen(between_silence(quantized(clip.samples), 0, 1))) for clip in speech]
        self.noise = [(len(samples) / RATE, listen(quantized(samples))) for samples in noise]
        self.conformance = self._conformance()

    def _conformance(self):
        """[(name, expected, scores)]: the reference recordings, louder, softer, and with an offset. Never trained on."""
        import soundfile

        out = []
        for name, expected in (("yes", "yes"), ("no", "no"), ("noise", None), ("silence", None)):
            path = CONFORMANCE / "audio" / f"{name}_1000ms.wav"
            if not path.exists():
                continue
            samples, _ = soundfile.read(path, dtype="int16")
            for gain, offset in ((1, 0), (0.5, 0), (2, 0), (1, 150), (1, -150), (0.25, 0)):
                changed = np.clip(samples * gain + offset, -32768, 32767).astype(np.int16)
                scores = self.listener.scores(between_silence(changed, 0, 2))
                out.append((f"{name} x{gain} {offset:+}", expected, scores))
        return out

    def results(self, decision):
        """Fractions of streams with exactly the right events, and false events an hour."""
        recipe, every = self.listener.recipe, self.listener.every
        heard = lambda scores, phase=0: [label for _, label, _ in events(scores, decision, recipe, every, phase)]  # noqa: E731
        right, total, false = Counter(), Counter(), Counter()
        for clip, expected, scores in self.words:
            found = heard(scores)
            key = expected or "unknown"
            total[key] += 1
            right[key] += found == ([expected] if expected else [])
            false[key] += any(label != expected for label in found)
        hours = lambda part: sum(seconds for seconds, _ in part) / 3600  # noqa: E731
        count = lambda part: sum(len(heard(scores)) for _, scores in part)  # noqa: E731
        phases = range(decision["stride"] // every)
        reference = {
            name: [heard(scores, phase) for phase in phases] for name, _, scores in self.conformance
        }
        wrong = [
            f"{name}: {heard(scores, phase)}"
            for name, expected, scores in self.conformance
            for phase in phases
            if heard(scores, phase) != ([expected] if expected else [])
        ]
        return {
            "right": {key: (right[key], total[key]) for key in (*KEYWORDS, "unknown")},
            "false": dict(false),
            "speech_per_hour": count(self.speech) / max(hours(self.speech), 1e-9),
            "noise_per_hour": count(self.noise) / max(hours(self.noise), 1e-9),
            "reference": reference,
            "reference_wrong": wrong,
        }
