"""The words "no" and "nine" in the voices of people who never said them for us: the nasal that ends their "down" or
"one", and the vowel of their "go" or "five".

Two hundred people say go, six say no. A network that is left alone with that learns that an unknown voice with this
vowel says go. With the same voices saying both it has to listen to the onset.
"""

import numpy as np

from .recordings import RATE, Clip

FRAME = RATE // 100
NASAL = 9 * FRAME
JOIN = 5 * FRAME // 2  # 25 ms of cross-fade, about what the tongue takes


def _levels(clip):
    span = clip.samples[clip.start : clip.end]
    count = len(span) // FRAME
    return 10 * np.log10((span[: count * FRAME].reshape(count, FRAME) ** 2).mean(1) + 1e-10)


def _nasal(clip):
    """The last 90 ms of the word that are within 18 dB of its peak."""
    levels = _levels(clip)
    last = clip.start + (int(np.flatnonzero(levels > levels.max() - 18)[-1]) + 1) * FRAME
    return clip.samples[max(last - NASAL - FRAME, 0) : last - FRAME]


def _vowel(clip):
    """From where the word has come within 6 dB of its peak, so without the burst, to its end."""
    levels = _levels(clip)
    first = clip.start + int(np.flatnonzero(levels > levels.max() - 6)[0]) * FRAME
    return clip.samples[first : clip.end]


def _core(clip):
    """What is within 6 dB of the word's peak: the vowel alone."""
    near = np.flatnonzero((levels := _levels(clip)) > levels.max() - 6)
    return clip.samples[clip.start + int(near[0]) * FRAME : clip.start + (int(near[-1]) + 1) * FRAME]


def _joined(before, after):
    fade = np.linspace(0, 1, JOIN, dtype=np.float32)
    joint = before[-JOIN:] * (1 - fade) + after[:JOIN] * fade
    return np.concatenate([before[:-JOIN], joint, after[JOIN:]]).astype(np.float32)


def _as_loud(nasal, vowel):
    """The nasal about 6 dB below the vowel that it stands beside."""
    return nasal * 0.5 * np.sqrt((vowel**2).mean() / ((nasal**2).mean() + 1e-10))


def spliced(clips):
    """Clips of "no" and "nine", one for every `go` and `five` whose speaker also has a word that ends in n."""
    endings = {}
    for clip in clips:
        if clip.word in ("down", "one"):
            endings.setdefault(clip.speaker, []).append(clip)
    out = []
    for clip in clips:
        if clip.word not in ("go", "five") or clip.source != "real":
            continue
        vowel = _vowel(clip) if clip.word == "go" else _core(clip)
        for ending in endings.get(clip.speaker, []):
            nasal = _nasal(ending)
            if len(nasal) < NASAL or len(vowel) < 4 * JOIN:
                continue
            onset = _as_loud(nasal, vowel[: 8 * FRAME])
            onset[:FRAME] *= np.linspace(0, 1, FRAME)
            samples = _joined(onset, vowel)
            if clip.word == "five":
                end = _as_loud(nasal, vowel[-8 * FRAME :])
                end[-2 * FRAME :] *= np.linspace(1, 0, 2 * FRAME)
                samples = _joined(samples, end)
            word = "no" if clip.word == "go" else "nine"
            out.append(Clip(samples, 0, len(samples), word, clip.speaker, "spliced"))
    return out
