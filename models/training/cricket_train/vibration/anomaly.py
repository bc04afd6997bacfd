"""Makes models/vibration: an autoencoder of sound machines, and what the device's decision needs to know."""

import json
import os
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from ..bar import bar
from ..cards import golden
from ..paths import CACHE
from .data import RECIPE, TRAINING_SEED, healthy, validation
from .decision import DECISION

MACHINES, PART, JUDGED = 2000, 50, 60
EPOCHS = 40
# The project's kernel needs half of it; `cricket model inspect` says how much exactly.
ARENA = 1024


def _part(number):
    return healthy(PART, seed=TRAINING_SEED + number)


def machines():
    """int8 [windows, dims] of MACHINES sound machines to train on, and JUDGED others to judge by; kept below build/."""
    tag = json.dumps([MACHINES, PART, JUDGED, RECIPE], sort_keys=True)
    kept = CACHE / "vibration.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            if pickle.load(file) == tag:
                return pickle.load(file)
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        parts = bar(pool.map(_part, range(MACHINES // PART)), "sound machines", MACHINES // PART)
        training = np.concatenate(list(parts))
        made = training, list(bar(pool.map(validation, range(JUDGED)), "machines to judge by", JUDGED))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(tag, file)
        pickle.dump(made, file)
    return made


def _missed(features, rebuilt):
    """RMS in bytes of what is not rebuilt."""
    return round(float(np.sqrt(((features.astype(float) - rebuilt) ** 2).mean())), 2)


def make(run, seed):
    """Trains, converts and judges: (.tflite, card)."""
    features, others = machines()
    # TensorFlow's threads do not survive the fork of the pool: after it
    from .judge import recordings, simulated
    from .network import CODE, HIDDEN, SCALE, Rebuilder, convert, train

    model = train(features, EPOCHS, seed, run)
    tflite = convert(model, features)
    rebuild = Rebuilder(tflite)
    apart = np.concatenate([sound[0] for sound, _, _ in others])
    precise = model.predict(apart.astype(np.float32) / SCALE, verbose=0) * SCALE
    judged = {
        "rebuilt_rms_bytes": {"float": _missed(apart, precise), "int8": _missed(apart, rebuild(apart))},
        "simulated": simulated(rebuild, others),
    }
    real = recordings(rebuild)
    if real is not None:
        judged["cwru"] = real
    examples = features[:: len(features) // 4][:4]
    dims = features.shape[1]
    return tflite, {
        "name": "vibration-autoencoder",
        "version": "0.2.0",
        "kind": "vibration",
        "labels": [],
        "recipe": RECIPE,
        "decision": DECISION,
        "arena": ARENA,
        "operators": ["FULLY_CONNECTED"],
        "agent": "0.1.0",
        "provenance": {
            "network": f"dense {dims}-{HIDDEN}-{CODE}-{HIDDEN}-{dims}, int8",
            "training": f"{MACHINES} sound machines of the project's own physical simulation; no recordings. Apache-2.0.",
            "judging": "simulated machines with other seeds; Case Western Reserve University bearing data, loads 0 and 1 hp, drive "
            "end, 12 kHz, which nothing was trained on.",
            "made_by": "models/training (cricket-train vibration)",
        },
        "accuracy": judged,
        "golden": golden(zip(examples, rebuild(examples))),
    }
