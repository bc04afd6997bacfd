"""From clips to windows: what the network is trained on and what it is judged by, made once and kept below build/.

Windows of a keyword know who says it, so one set serves several trainings, each without the people that it is judged by:

    base     all voices but those held out, and all that is no keyword
    digits   the digits' data set: a training that names a speaker leaves that one out
    kept     the people held out from base, for the model that is shipped
    speech   running speech and other words alone: what a device hears for hours
"""

import json
import multiprocessing
import zlib
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ..native import logmel
from ..paths import CACHE
from .recordings import digits, held_out, noises, real_words, running_speech, synthesized
from .scenes import Studio, windows
from .splice import spliced

# 1.2 s of 30 ms windows every 20 ms. The floor, 12 doublings of energy, is about -83 dBFS of white noise: below any
# microphone's own noise, so digital silence and a quiet room look nearly the same; the ceiling is a full-scale tone.
RECIPE = {
    "kind": "logmel",
    "rate": 16000,
    "window": 480,
    "hop": 320,
    "bins": 32,
    "low": 80,
    "high": 7600,
    "frames": 60,
    "emphasis": 0,
    "scale": 8,
    "offset": -224,
}
# Of each part: how many windows, and a number of its own to draw them by.
WINDOWS = {
    "base": (200_000, 0),
    "digits": (24_000, 2),
    "kept": (10_000, 3),
    "judged": (8_000, 4),
    "speech": (40_000, 5),
}


def material():
    """(clips to train on, clips to judge by). Synthesized voices are for training only: people are what counts."""
    spoken = real_words() + running_speech()
    training = [clip for clip in spoken if not held_out(clip.speaker)]
    return training + spliced(training) + synthesized(), [clip for clip in spoken if held_out(clip.speaker)]


class _Talk(Studio):
    """Draws no keywords."""

    def draw(self, kind, rng):
        return super().draw("sentence" if rng.random() < 0.75 else "unknown", rng)


_studio = None  # inherited by the processes that make windows; too large to be sent to each


def _shard(job):
    count, seed = job
    return windows(_studio, logmel, RECIPE, count, np.random.default_rng(seed))


def cached_windows(name, studio, count, seed, shard=2_000):
    """(windows, labels, speakers), made by two processes when the cache does not hold them for this recipe, count and
    seed (a list of integers)."""
    path = CACHE / f"{name}.npz"
    code = "".join(
        (Path(__file__).parent / f"{part}.py").read_text() for part in ("scenes", "splice", "augment", "recordings")
    )
    key = json.dumps([RECIPE, count, seed, studio.clips, zlib.crc32(code.encode())])
    if path.exists():
        stored = np.load(path)
        if str(stored["key"]) == key:
            return tuple(stored[part] for part in ("taken", "labels", "speakers"))
    global _studio
    _studio = studio
    jobs = [(min(shard, count - start), [*seed, start]) for start in range(0, count, shard)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        shards = list(tqdm(pool.imap(_shard, jobs), name, len(jobs), unit=f" x {shard} windows", disable=None))
    taken, labels, speakers = (np.concatenate(part) for part in zip(*shards, strict=True))
    CACHE.mkdir(parents=True, exist_ok=True)
    np.savez(path, taken=taken, labels=labels, speakers=speakers, key=key)
    return taken, labels, speakers


def windows_of(part, seed):
    """(windows, labels, speakers) of a part, see above; "judged" is the people held out, with everything else they say."""
    training, kept = material()
    noise = noises(part == "judged")
    clips = {"base": training, "digits": None, "speech": training, "kept": kept, "judged": kept}[part] or digits()
    if part in ("kept", "digits"):
        clips = [clip for clip in clips if clip.keyword]
    if part == "speech":
        clips = [clip for clip in training if not clip.keyword]
    count, number = WINDOWS[part]
    studio = (_Talk if part == "speech" else Studio)(clips, noise)
    studio.clips = len(clips)
    parts = cached_windows(f"keyword-{part}", studio, count, [seed, number])
    if part in ("base", "judged", "speech"):
        return parts
    spoken = parts[2] != ""
    return tuple(array[spoken] for array in parts)
