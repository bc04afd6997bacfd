"""Makes the keyword model: speech, scenes, training, export, examination, card. About an hour on two cores."""

import argparse
import json
import multiprocessing
import zlib
from pathlib import Path

import numpy as np

from . import network as keyword_model
from ..cards import golden, write_card
from ..native import logmel
from ..paths import CACHE, MODELS
from .recordings import digits, held_out, noises, real_words, running_speech, synthesized
from .scenes import Studio, windows
from .splice import spliced_no
from .streaming import Examination, Listener
from .vocabulary import LABELS

VERSION = "1"
SEED = 20261122
# One second of 30 ms windows every 20 ms. The floor, 12 doublings of energy, is about -83 dBFS of white noise: below
# any microphone's own noise, so digital silence and a quiet room look nearly the same; the ceiling is a full-scale
# tone.
RECIPE = {
    "kind": "logmel",
    "rate": 16000,
    "window": 480,
    "hop": 320,
    "bins": 32,
    "low": 80,
    "high": 7600,
    "frames": 49,
    "emphasis": 0,
    "scale": 8,
    "offset": -224,
}
# Five runs a second. With this stride and smoothing the reference recordings are heard rightly, at every phase of the
# runs, with any threshold from 0.6 to 0.75; false events fall by half from one to the other, and few words are lost.
DECISION = {"stride": 10, "smoothing": 3, "threshold": 0.7, "refractory": 1.0}
ARENA = 16384  # `cricket model inspect` says what is needed
SHARES = [0.14, 0.34, 0.13, 0.13, 0.13, 0.13]  # of the labels in a batch
WINDOWS, VALIDATION_WINDOWS = 160_000, 6_000
EPOCHS, STEPS, RATE = 24, 500, 3e-3

PROVENANCE = {
    "training": [
        {
            "data": "speech synthesized by espeak-ng, flite and festival (kal, ked, slt, rms, awb and formant voices)",
            "licence": "made by this project",
        },
        {
            "data": "Speech Commands v0.02, training and validation speakers, and its background noise (Google)",
            "licence": "CC BY 4.0",
        },
        {"data": "Picovoice speech-to-intent-benchmark, running speech as negatives", "licence": "Apache-2.0"},
    ],
    "held_out": "whole speakers: none of those that `accuracy` is measured on was heard in training",
    "made_by": "models/training (python -m training keyword)",
}


def material():
    """Training and validation clips. Synthesized voices are for training only: people are what counts."""
    spoken = real_words() + running_speech()
    training = [clip for clip in spoken if not held_out(clip.speaker)]
    training += spliced_no(training) + synthesized()
    return training, [clip for clip in spoken if held_out(clip.speaker)]


_studio = None  # inherited by the processes that make windows; too large to be sent to each


def _shard(job):
    count, seed = job
    return windows(_studio, logmel, RECIPE, count, np.random.default_rng(seed))


def cached_windows(name, clips, noise, count, seed, shard=10_000):
    """(windows, labels, speakers), made by two processes when the cache does not hold them for this recipe, count and
    seed."""
    path = CACHE / f"{name}.npz"
    code = "".join(
        (Path(__file__).parent / f"{part}.py").read_text() for part in ("scenes", "splice", "augment", "recordings")
    )
    key = json.dumps([RECIPE, count, seed, len(clips), zlib.crc32(code.encode())])
    if path.exists():
        stored = np.load(path)
        if str(stored["key"]) == key:
            return tuple(stored[part] for part in ("taken", "labels", "speakers"))
    global _studio
    _studio = Studio(clips, noise)
    jobs = [(min(shard, count - start), [seed, start]) for start in range(0, count, shard)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        shards = pool.map(_shard, jobs, chunksize=1)
    taken, labels, speakers = (np.concatenate(part) for part in zip(*shards, strict=True))
    CACHE.mkdir(parents=True, exist_ok=True)
    np.savez(path, taken=taken, labels=labels, speakers=speakers, key=key)
    return taken, labels, speakers


def examine(data, clips):
    """Examination of a .tflite on the clips kept from training."""
    listener = Listener(keyword_model.Runner(data), logmel, RECIPE)
    words = {"digits": digits()}
    for clip in clips:
        if clip.word != "sentence":
            words.setdefault(clip.word if clip.keyword else "unknown", []).append(clip)
    noise = [samples[: 16000 * 20] for samples in noises(True)] + [np.zeros(16000 * 10, np.float32)]
    return Examination(listener, words, [clip for clip in clips if clip.word == "sentence"], noise)


def golden_vectors(data, taken, labels, count=4):
    """Windows of different labels with the reference kernels' scores."""
    run = keyword_model.Runner(data)
    chosen = [int(np.flatnonzero(labels == kind)[0]) for kind in (2, 3, 4, 5)[:count]]
    return golden([(taken[index], run(taken[index])) for index in chosen])


def publish(exported, judged, validation):
    """Puts a .tflite and its card with measured accuracy into models/keyword; SystemExit if it does not hear the
    reference recordings rightly."""
    folder = MODELS / "keyword"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.tflite").write_bytes(exported)

    run = keyword_model.Runner(exported)
    named = np.array([int(run(window).argmax()) for window in judged[0][:3000]])
    windows_right = float((named == judged[1][:3000]).mean())
    results = examine(exported, validation).results(DECISION)
    accuracy = {
        "windows": round(windows_right, 4),
        "words": results["words"],
        "false_per_hour_of_speech": round(results["speech"], 1),
        "false_per_hour_of_noise": round(results["noise"], 1),
    }
    print(json.dumps(accuracy, indent=1))
    write_card(
        folder,
        {
            "name": "keyword",
            "version": VERSION,
            "kind": "keyword",
            "labels": LABELS,
            "recipe": RECIPE,
            "decision": DECISION,
            "arena": ARENA,
            "operators": keyword_model.operators(exported),
            "agent": "0.1.0",
            "provenance": PROVENANCE,
            "accuracy": accuracy,
            "golden": golden_vectors(exported, *judged),
        },
    )
    if results["wrong"]:
        raise SystemExit("the reference recordings are not all heard rightly:\n" + "\n".join(results["wrong"]))
    print(f"{folder / 'model.tflite'}: {len(exported)} bytes")


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m training keyword", description=__doc__)
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--continue", dest="further", action="store_true", help="train the last weights further")
    start.add_argument("--export", action="store_true", help="convert and examine the last weights again")
    chosen = parser.parse_args(arguments)

    keyword_model.set_seed(SEED)
    training, validation = material()
    print(f"{len(training)} clips to train on, {len(validation)} kept for validation", flush=True)
    data = cached_windows("keyword-training", training, noises(False), WINDOWS, SEED)
    judged = cached_windows("keyword-validation", validation, noises(True), VALIDATION_WINDOWS, SEED + 1)
    print("windows of each label:", dict(zip(LABELS, np.bincount(data[1]).tolist(), strict=True)), flush=True)

    weights = CACHE / "keyword.weights.h5"
    model = keyword_model.build(RECIPE["frames"], RECIPE["bins"], len(LABELS))
    if chosen.export or chosen.further:
        model.load_weights(weights)
    if not chosen.export:
        epochs, rate = (EPOCHS // 3, RATE / 2) if chosen.further else (EPOCHS, RATE)
        keyword_model.train(model, data[:2], judged[:2], epochs, STEPS, SHARES, SEED, weights, rate)

    typical = np.random.default_rng(SEED).choice(len(data[0]), 400, replace=False)
    exported = keyword_model.to_int8(model, data[0][typical])
    publish(exported, judged[:2], validation)
