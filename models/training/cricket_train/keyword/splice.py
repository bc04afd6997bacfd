"""The word "no" in the voices of people who never said it for us: the nasal that ends their "down" or "one", and the
vowel of their "go".

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


def spliced_no(clips):
    """One Clip of "no" for every `go` whose speaker also has a word that ends in n."""
    endings = {}
    for clip in clips:
        if clip.word in ("down", "one"):
            endings.setdefault(clip.speaker, []).append(clip)
    out = []
    for clip in clips:
        if clip.word != "go":
            continue
        vowel = _vowel(clip)
        for ending in endings.get(clip.speaker, []):
            nasal = _nasal(ending)
            if len(nasal) < NASAL or len(vowel) < 4 * JOIN:
                continue
            power = np.sqrt((vowel[: 8 * FRAME] ** 2).mean() / ((nasal**2).mean() + 1e-10))
            nasal = nasal * power * 0.5  # a nasal is about 6 dB below its vowel
            fade = np.linspace(0, 1, JOIN, dtype=np.float32)
            nasal[:FRAME] *= np.linspace(0, 1, FRAME)
            joint = nasal[-JOIN:] * (1 - fade) + vowel[:JOIN] * fade
            samples = np.concatenate([nasal[:-JOIN], joint, vowel[JOIN:]]).astype(np.float32)
            out.append(Clip(samples, 0, len(samples), "no", clip.speaker, True, True))
    return out
