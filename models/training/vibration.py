"""Makes models/vibration: an autoencoder of sound machines, and what the device's decision needs to know."""

import json
import os
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from .cards import golden, write_card
from .paths import CACHE, MODELS
from .vibration_data import RECIPE, TRAINING_SEED, healthy
from .vibration_decision import DECISION

FOLDER = MODELS / "vibration"
MACHINES, PART = 4000, 100
EPOCHS = 40
# What the project's kernel needs; `cricket model inspect` says it.
ARENA = 4096


def _part(number):
    return healthy(PART, seed=TRAINING_SEED + number)


def training_features():
    """int8 [windows, dims] of MACHINES sound machines; kept below build/ for the recipe that made them."""
    tag = f"{MACHINES} {json.dumps(RECIPE, sort_keys=True)}"
    kept = CACHE / "vibration.npz"
    if kept.exists():
        with np.load(kept) as file:
            if str(file["tag"]) == tag:
                return file["features"]
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        features = np.concatenate(list(pool.map(_part, range(MACHINES // PART))))
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(kept, tag=tag, features=features)
    return features


def main(_arguments):
    features = training_features()
    # after the pool: TensorFlow's threads do not survive a fork
    from .vibration_judge import recordings, simulated
    from .vibration_model import CODE, HIDDEN, Rebuilder, convert, train

    tflite = convert(train(features, EPOCHS), features)
    rebuild = Rebuilder(tflite)
    examples = features[:: len(features) // 4][:4]
    missed = (features[-5000:].astype(float) - rebuild(features[-5000:])) ** 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "model.tflite").write_bytes(tflite)
    judged = {"rebuilt_rms_bytes": round(float(np.sqrt(missed.mean())), 1), "simulated": simulated(rebuild)}
    real = recordings(rebuild)
    if real is not None:
        judged["cwru"] = real
    write_card(
        FOLDER,
        {
            "name": "vibration-autoencoder",
            "version": "0.1.0",
            "kind": "vibration",
            "labels": [],
            "recipe": RECIPE,
            "decision": DECISION,
            "arena": ARENA,
            "operators": ["FULLY_CONNECTED"],
            "agent": "0.1.0",
            "provenance": {
                "network": f"dense {features.shape[1]}-{HIDDEN}-{CODE}-{HIDDEN}-{features.shape[1]}, int8, made by models/training/vibration.py",
                "training": f"{MACHINES} sound machines of the project's own physical simulation (models/training/machine.py); no recordings. Apache-2.0.",
                "judging": "simulated machines with other seeds; Case Western Reserve University bearing data, loads 0 and 1 hp, drive end, 12 kHz, which nothing was trained on.",
            },
            "accuracy": judged,
            "golden": golden(zip(examples, rebuild(examples))),
        },
    )
    print(json.dumps(judged, indent=1))
