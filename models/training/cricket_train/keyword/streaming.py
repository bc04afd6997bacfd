"""The device's way from sound to events, and how right the events are.

A window slides over the sound from the device's start, when its history is silence. Every `stride` frames the model
scores it; scores are averaged over the last `smoothing` runs (runs that have not been yet count as zero); a keyword
whose average reaches the threshold is an event, then there is none for `refractory` seconds, and not that word again
before its average was below the threshold. The same as firmware/agent/pipeline/posteriors.ts."""

import numpy as np
import soundfile

from .augment import RATE
from ..paths import CONFORMANCE
from .vocabulary import LABELS


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
            [
                (self.run(rows[end - frames : end]).astype(np.float32) + 128) / 256
                for end in range(frames - 1 + self.every, len(rows) + 1, self.every)
            ]
        )


def events(scores, decision, recipe, every=2, phase=0):
    """[(seconds, label, score)]; `phase` (in rows of scores) moves the runs against the sound."""
    step = decision["stride"] // every
    least = {
        kind: decision.get("thresholds", {}).get(LABELS[kind], decision["threshold"]) for kind in range(2, len(LABELS))
    }
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
    """Sounds that were kept from training, scored once; `results` applies a decision to the scores.

    `words` maps the name of a group to clips of one word each: in every one exactly its keyword is to be heard, or, of
    a word that is none, nothing."""

    def __init__(self, listener, words, speech, noise):
        self.listener = listener
        self.words = [
            (group, [clip.word] if clip.keyword else [], self._alone(clip, index))
            for group, clips in words.items()
            for index, clip in enumerate(clips)
        ]
        listen = listener.scores
        self.speech = [(len(clip.samples), listen(between_silence(quantized(clip.samples), 0, 1))) for clip in speech]
        self.noise = [(len(samples), listen(quantized(samples))) for samples in noise]
        self.reference = list(self._reference())

    def _alone(self, clip, index):
        shift = (0, 0.007, 0.013)[index % 3]
        return self.listener.scores(between_silence(quantized(clip.samples), 0.5 + shift, 1))

    def _reference(self):
        """(name, expected, scores) of TFLM's recordings, played from the device's start and followed by 2 s of digital
        silence; also louder, softer and with an offset. Never trained on."""
        for name, expected in (("yes", ["yes"]), ("no", ["no"]), ("noise", []), ("silence", [])):
            samples, _ = soundfile.read(CONFORMANCE / "audio" / f"{name}_1000ms.wav", dtype="int16")
            for gain, offset in ((1, 0), (0.25, 0), (0.5, 0), (2, 0), (1, 150), (1, -150)):
                changed = np.clip(samples * gain + offset, -32768, 32767).astype(np.int16)
                yield f"{name} x{gain} {offset:+}", expected, self.listener.scores(between_silence(changed, 0, 2))

    def results(self, decision):
        """{"words": {group: {"clips", "right", "false"}}, "speech", "noise": false events an hour, "wrong": what went
        wrong with the reference recordings, at any phase of the runs against the sound}."""
        recipe, every = self.listener.recipe, self.listener.every

        def heard(scores, phase=0):
            return [label for _, label, _ in events(scores, decision, recipe, every, phase)]

        words = {}
        for group, expected, scores in self.words:
            found = heard(scores)
            tally = words.setdefault(group, {"clips": 0, "right": 0, "false": 0})
            tally["clips"] += 1
            tally["right"] += found == expected
            tally["false"] += any(label not in expected for label in found)

        def per_hour(sounds):
            return sum(len(heard(scores)) for _, scores in sounds) * 3600 * RATE / sum(size for size, _ in sounds)

        wrong = [
            f"{name}, runs {phase * every} frames later: heard {found}, not {expected}"
            for name, expected, scores in self.reference
            for phase in range(decision["stride"] // every)
            if (found := heard(scores, phase)) != expected
        ]
        return {"words": words, "speech": per_hour(self.speech), "noise": per_hour(self.noise), "wrong": wrong}
