"""What the microphone hears: scenes of a few seconds with words, noise and silence, and windows cut from them with
labels.

The device runs the model on a window that slides, so most of what the model sees is not a word in the middle of a
window, but a word that has half come or half gone, a recording that starts from nothing, a click, digital silence.
Scenes hold all of that, and windows are labelled by how much of a word they hold:

    a keyword, nine tenths of it or more,
    and 100 ms of what comes after it       that keyword
    a keyword, between                      no label: left out
    any other speech, 15 % or more of it    unknown
    no speech                               silence

What comes after belongs to a word: "four" with nothing behind it yet may become "forward".
"""

from dataclasses import dataclass

import numpy as np

from .augment import RATE, clicks, colour, noise, play_faster, room, shift_formants, stretch
from .vocabulary import LABELS

SILENCE, UNKNOWN = LABELS.index("silence"), LABELS.index("unknown")
SECONDS = 3.4
AFTER = RATE // 10
WHOLE, HALF_HEARD, HEARD = 0.9, 0.4, 0.15


@dataclass
class Word:
    label: int
    start: int  # first sample
    end: int
    speaker: str


# How often a clip of each source is drawn. Real voices and synthesized ones say each class about equally often, so that
# the kind of voice tells nothing about the class.
SHARES = {
    "keyword": {
        "real": 0.42,
        "digits": 0.12,
        "spliced": 0.08,
        "espeak": 0.17,
        "flite": 0.12,
        "festival": 0.05,
        "borrowed": 0.12,
    },
    "unknown": {"real": 0.35, "espeak": 0.3, "flite": 0.22, "festival": 0.13},
    "sentence": {"real": 0.4, "espeak": 0.28, "flite": 0.22, "festival": 0.1},
}


class Studio:
    """Clips sorted for drawing: a word first, then a source, then a clip."""

    def __init__(self, clips, recorded_noise):
        self.noise = recorded_noise
        self.drawers = {}
        for clip in clips:
            kind = "keyword" if clip.keyword else "sentence" if clip.word == "sentence" else "unknown"
            word = clip.word if kind == "keyword" else kind
            self.drawers.setdefault((kind, word), {}).setdefault(clip.source, {}).setdefault(clip.word, []).append(clip)

    def draw(self, kind, rng):
        words = [drawer for drawer in self.drawers if drawer[0] == kind]
        if not words:
            return None
        sources = self.drawers[words[rng.integers(len(words))]]
        shares = np.array([SHARES[kind][source] for source in sources])
        words = sources[list(sources)[rng.choice(len(shares), p=shares / shares.sum())]]
        clips = words[list(words)[rng.integers(len(words))]]
        return clips[rng.integers(len(clips))]


def utter(clip, rng):
    """A voice like the clip's but not the same: (samples, start, end of the word), peak 1. Running speech is cut to a
    piece."""
    samples, start, end = clip.samples, clip.start, clip.end
    if clip.word == "sentence":
        length = int(rng.uniform(0.7, 2.2) * RATE)
        start = rng.integers(max(len(samples) - length, 1))
        samples = samples[start : start + length]
        start, end = 0, len(samples)
    elif clip.source != "real" or rng.random() < 0.6:  # the word alone, with a little around it and soft edges
        margin = int(rng.uniform(0.0, 0.05) * RATE)
        first, last = max(start - margin, 0), min(end + margin, len(samples))
        samples = samples[first:last].copy()
        start, end = start - first, end - first
        fade = min(RATE // 100, len(samples) // 4)
        samples[:fade] *= np.linspace(0, 1, fade)
        samples[-fade:] *= np.linspace(1, 0, fade)
    if rng.random() < 0.7:
        samples = shift_formants(samples, np.exp(rng.uniform(-0.2, 0.2)))
    if rng.random() < 0.7:
        factor = np.exp(rng.uniform(-0.22, 0.2))
        samples, start, end = play_faster(samples, factor), int(start / factor), int(end / factor)
    if rng.random() < 0.6:  # slower or faster as a whole, and unevenly
        samples, moved = stretch(samples, np.exp(rng.uniform(-0.3, 0.3) + rng.uniform(-0.25, 0.25, rng.integers(1, 5))))
        start, end = moved(start), moved(end)
    return samples / (np.abs(samples).max() + 1e-6), start, end


def scene(studio, rng):
    """(int16 samples, [Word])."""
    length = int(SECONDS * RATE)
    voice = np.zeros(length, np.float32)
    words = []
    at = int(rng.uniform(0.02, 0.9) * RATE)
    for _ in range(3):
        pick = rng.random()
        if not words and pick < 0.08:
            break
        kind = "keyword" if pick < 0.72 else "unknown" if pick < 0.88 else "sentence"
        clip = studio.draw(kind, rng)
        if clip is None:
            continue
        said, start, end = utter(clip, rng)
        said = said[: length - at]
        voice[at : at + len(said)] += said * rng.uniform(0.5, 1)
        if end > len(said):  # runs out of the scene: no window may take it for whole
            end = max(end, int(start + 2 * (len(said) - start)))
        words.append(Word(LABELS.index(clip.word) if clip.keyword else UNKNOWN, at + start, at + end, clip.speaker))
        at += len(said) + int(rng.uniform(0.25, 0.8) * RATE)
        if rng.random() < 0.4 or at > length - RATE // 2:
            break

    if rng.random() < 0.7:
        voice = colour(voice, rng)
    if rng.random() < 0.5:
        voice = room(voice, rng)
    voice /= np.abs(voice).max() + 1e-6 if words else 1

    ambience = rng.random()
    if ambience < 0.2 and words:  # nothing at all around the words
        sound = voice
    else:
        bed = noise(length, studio.noise, rng)
        if ambience < 0.5:  # a recording that starts and ends in digital silence
            first = words[0].start if words else rng.integers(length // 2)
            last = words[-1].end if words else rng.integers(length // 2, length)
            edge = np.zeros(length, np.float32)
            first, last = first - int(rng.uniform(0, 0.5) * RATE), last + int(rng.uniform(0, 0.5) * RATE)
            edge[max(first, 0) : last] = 1
            bed *= edge
        if words:
            active = np.concatenate([voice[word.start : word.end] for word in words])
            power = np.sqrt((active**2).mean()) + 1e-6
            sound = voice + bed * power * 10 ** (-rng.uniform(2, 35) / 20)
        else:
            sound = bed / (np.abs(bed).max() + 1e-6)
    if rng.random() < 0.12:
        sound = sound + clicks(length, rng)
    level = rng.uniform(-40, -3) if rng.random() < 0.95 else rng.uniform(-3, 8)
    if not words and rng.random() < 0.4:
        level -= rng.uniform(0, 40)
    sound = sound * (10 ** (level / 20) / (np.abs(sound).max() + 1e-6))
    if rng.random() < 0.1:
        sound = sound + rng.uniform(-0.01, 0.01)
    return np.clip(np.round(sound * 32768), -32768, 32767).astype(np.int16), words


def label(words, first, last):
    """(label, speaker of the keyword or "") of the window of samples [first, last), or None where there is no right
    answer."""
    whole, partly, heard = {}, False, False
    for word in words:
        inside = max(min(word.end, last) - max(word.start, first), 0) / (word.end - word.start)
        if word.label == UNKNOWN:
            partly |= 0.03 < inside < HEARD
            heard |= inside >= HEARD
        elif inside >= WHOLE and last >= word.end + AFTER:
            whole[word.label] = word.speaker
        else:
            partly |= HALF_HEARD < inside or 0.03 < inside < HEARD
            heard |= HEARD <= inside <= HALF_HEARD
    if len(whole) == 1:
        return next(iter(whole.items()))
    if whole or partly:
        return None
    return (UNKNOWN if heard else SILENCE), ""


def windows(studio, features, recipe, count, rng):
    """`count` windows: int8 [count, frames, bins], their labels, and who says the keyword in them. `features` maps
    (int16 samples, recipe) to one row a frame."""
    hop, size, frames, bins = recipe["hop"], recipe["window"], recipe["frames"], recipe["bins"]
    silent = features(np.zeros(size, np.int16), recipe)[0]
    taken = np.empty((count, frames, bins), np.int8)
    labels, speakers = [], []
    while len(labels) < count:
        samples, words = scene(studio, rng)
        rows = np.concatenate([np.tile(silent, (frames - 1, 1)), features(samples, recipe)])
        candidates = {}
        for newest in range(4, len(rows) - frames + 1, 2):
            found = label(words, (newest - frames + 1) * hop, newest * hop + size)
            if found is not None:
                candidates.setdefault(found, []).append(newest)
        for (kind, speaker), positions in candidates.items():
            # neighbours differ little: three of a keyword, two of unknown, one of silence are enough
            few = 3 if kind > UNKNOWN else 2 if kind == UNKNOWN else 1
            for newest in rng.choice(positions, min(few, len(positions)), replace=False)[: count - len(labels)]:
                taken[len(labels)] = rows[newest : newest + frames]
                labels.append(kind)
                speakers.append(speaker)
    return taken, np.array(labels), np.array(speakers)
