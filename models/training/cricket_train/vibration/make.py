"""Makes models/vibration: an autoencoder of sound machines, and what the device's decision needs to know."""

import argparse
import json
import os
import pickle
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from ..cards import golden, write_card
from ..paths import CACHE, MODELS
from .data import RECIPE, TRAINING_SEED, healthy, validation
from .decision import DECISION

FOLDER = MODELS / "vibration"
MACHINES, PART, JUDGED = 2000, 1000, 60
EPOCHS = 40
# The project's kernel needs half of it; `cricket model inspect` says how much exactly.
ARENA = 1024


def _part(number):
    return healthy(PART, seed=TRAINING_SEED + number)


def features_of_machines():
    """int8 [windows, dims] of MACHINES sound machines to train on, and JUDGED others to judge by; kept below build/."""
    tag = json.dumps([MACHINES, JUDGED, RECIPE], sort_keys=True)
    kept = CACHE / "vibration.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            if pickle.load(file) == tag:
                return pickle.load(file)
    with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        made = np.concatenate(list(pool.map(_part, range(MACHINES // PART)))), list(pool.map(validation, range(JUDGED)))
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(tag, file)
        pickle.dump(made, file)
    return made


def main(arguments):
    parser = argparse.ArgumentParser(prog="python -m training vibration", description=__doc__)
    parser.add_argument("--judge", action="store_true", help="measure the model that is there again, without training")
    chosen = parser.parse_args(arguments)

    features, others = features_of_machines()
    # TensorFlow's threads do not survive the fork of the pool: after it
    from .judge import recordings, simulated
    from .network import CODE, HIDDEN, Rebuilder, convert, train

    file = FOLDER / "model.tflite"
    tflite = file.read_bytes() if chosen.judge else convert(train(features, EPOCHS), features)
    rebuild = Rebuilder(tflite)
    examples = features[:: len(features) // 4][:4]
    missed = (features[-5000:].astype(float) - rebuild(features[-5000:])) ** 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_bytes(tflite)
    judged = {"rebuilt_rms_bytes": round(float(np.sqrt(missed.mean())), 1), "simulated": simulated(rebuild, others)}
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
