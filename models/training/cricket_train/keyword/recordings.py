"""Clips of speech, real and synthesized, each with its word, its speaker and where in it the word is said.

A speaker belongs wholly to training or wholly to validation.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import soundfile
from scipy.signal import resample_poly

from ..paths import DATA
from .synthesize import RATE, synthesize
from .vocabulary import DIGITS, KEYWORDS

# Two of the seven or eight people who say yes, no and stop; of the others one in eight, drawn by name.
HELD_OUT = {"988e2f9a", "b87bdb22"}


@dataclass
class Clip:
    samples: np.ndarray  # float32, 16 kHz
    start: int  # the word's first sample
    end: int
    word: str  # "sentence" for running speech
    speaker: str
    source: str  # "real", "digits" (real too, of the other data set), "spliced" of real pieces, or the synthesizer

    @property
    def keyword(self):
        return self.word in KEYWORDS


def held_out(speaker):
    return speaker in HELD_OUT or zlib.crc32(speaker.encode()) % 8 == 0


def spoken_span(samples):
    """(first, last + 1) sample of the word in a recording: around the loudest frame, over gaps of up to 150 ms (the
    closure in "stop"), while the level is well above the recording's own noise."""
    frame = RATE // 100
    count = len(samples) // frame
    energy = (samples[: count * frame].reshape(count, frame) ** 2).mean(1)
    energy = np.convolve(energy, np.ones(3) / 3, "same")
    level = 10 * np.log10(energy + 1e-10)
    peak, floor = level.max(), np.percentile(level, 10)
    active = level > max(floor + 0.3 * (peak - floor), peak - 35)
    first = last = int(level.argmax())
    for index in range(first, -1, -1):
        if active[index]:
            first = index
        elif first - index > 15:
            break
    for index in range(last, count):
        if active[index]:
            last = index
        elif index - last > 15:
            break
    return max(first - 2, 0) * frame, min((last + 3) * frame, len(samples))


def _read(path):
    samples, rate = soundfile.read(path, dtype="float32")
    if rate != RATE:
        samples = resample_poly(samples, RATE, rate).astype(np.float32)
    return samples


def real_words():
    """Words that people said for Speech Commands."""
    if not (DATA / "words").is_dir():
        raise FileNotFoundError(f"{DATA / 'words'} is missing: set CRICKET_SHARED to the folder that has data/words")
    clips = []
    for path in sorted((DATA / "words").glob("*.flac")):
        word, speaker, _ = path.stem.split("_", 2)
        samples = _read(path)
        if np.abs(samples).max() < 0.004:
            continue  # nothing was said
        clips.append(Clip(samples, *spoken_span(samples), word, speaker, "real"))
    return clips


def digits(takes=50):
    """The first takes of each spoken digit by each of the four speakers."""
    clips = []
    for path in sorted((DATA / "digits").glob("*.wav")):
        digit, speaker, take = path.stem.split("_")
        if int(take) < takes:
            samples = _read(path)
            clips.append(Clip(samples, *spoken_span(samples), DIGITS[int(digit)], speaker, "digits"))
    return clips


def running_speech():
    """Whole recordings of people talking; each file counts as a speaker of its own."""
    clips = []
    for path in sorted((DATA / "speech").glob("*.flac")):
        samples = _read(path)
        clips.append(Clip(samples, 0, len(samples), "sentence", path.stem, "real"))
    return clips


def synthesized():
    clips = []
    for entry in synthesize():
        samples, _ = soundfile.read(entry["path"], dtype="float32")
        word = "sentence" if entry["kind"] == "sentence" else entry["word"]
        clips.append(Clip(samples, 0, len(samples), word, entry["voice"], entry["name"].split("_")[0]))
    return clips


def noises(validation):
    """Recorded noise: the first four fifths of each recording are for training, the rest for validation."""
    parts = []
    for path in sorted((DATA / "noise").glob("*.flac")):
        samples = _read(path)
        cut = len(samples) * 4 // 5
        parts.append(samples[cut:] if validation else samples[:cut])
    return parts
