"""Makes models/demo/words.wav, eight words in a room that hums a little, for `make sim`.

Voices are drawn until the shipped model hears the keywords and nothing else, at every phase of its runs and with
thresholds around its own, and the recording that bears most of that is kept: it shows what an event looks like; how good
the model is stands in its card.
"""

import json
import random

import numpy as np
import soundfile

from ..errors import Failure
from ..paths import MODELS
from .augment import RATE, noise, room
from .make import scores_of
from .streaming import events, quantized, scores
from .synthesize import say

SCRIPT = ["yes", "window", "no", "three", "stop", "coffee", "left", "go"]
PAUSE = 1.4  # seconds
TRIES = 16
SEED = 7
MARGINS = (0, 0.05, 0.1, 0.15, -0.05, -0.1)


def recording(seed):
    """float32 samples."""
    voices, rng = random.Random(seed), np.random.default_rng(seed)
    track = [np.zeros(int(RATE * 0.8), np.float32)]
    for index, word in enumerate(SCRIPT):
        said = say(word, "flite" if index % 2 == seed % 2 else "espeak", voices)
        track += [room(said, rng) * voices.uniform(0.4, 0.8), np.zeros(int(RATE * PAUSE), np.float32)]
    sound = np.concatenate(track)
    hum = np.sin(2 * np.pi * 100 * np.arange(len(sound)) / RATE) * 0.3
    return sound + 0.0015 * (noise(len(sound), [], rng) + hum.astype(np.float32))


def main():
    """@raises Failure demo-unheard"""
    card = json.loads((MODELS / "keyword" / "model.json").read_text())
    run = scores_of((MODELS / "keyword" / "model.tflite").read_bytes())
    decision, recipe = card["decision"], card["recipe"]
    keywords = [word for word in SCRIPT if word in card["labels"]]
    best = None
    for seed in range(SEED, SEED + TRIES):
        sound = recording(seed)
        phases = [scores(run, [quantized(sound)], recipe, decision["stride"], phase)[0] for phase in range(decision["stride"])]

        def heard(margin, given):
            return [found[1] for found in events(given, decision | {"threshold": decision["threshold"] + margin}, recipe)]

        right = sum(heard(margin, given) == keywords for margin in MARGINS for given in phases)
        if all(heard(0, given) == keywords for given in phases) and (best is None or right > best[0]):
            best = (right, sound, events(phases[0], decision, recipe))
    if best is None:
        raise Failure("demo-unheard", f"in {TRIES} recordings the model never heard exactly {keywords}: train it further")
    path = MODELS / "demo" / "words.wav"
    soundfile.write(path, quantized(best[1]), RATE, subtype="PCM_16")
    print(
        f"{path.name}: {len(best[1]) / RATE:.1f} s, heard:",
        *(f"{label} at {at:.2f} s ({score:.2f})" for at, label, score in best[2]),
    )
