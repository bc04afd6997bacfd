"""Makes models/fault: the classifier that names what is wrong with a machine, and how its windows add up to a name."""

import json

import numpy as np

from ..cards import golden
from ..paths import CACHE
from .data import ORDERS
from .examples import HELD_OUT_SEED, LABELS, TRAINING_SEED, encounters, inputs, simulator

MACHINES, HELD_OUT = 700, 90
EPOCHS = 30
# The project's kernel needs less; `cricket model inspect` says how much exactly.
ARENA = 640
DECISION = {
    "learn": 6,  # windows that say what is usual
    # What a window's score rises when a fault is e times as likely as none, at most 3 times this. Chosen on simulated machines:
    # at 0.2 faults as strong as the machine give an alarm twice as often, and a machine under another load no more often.
    "vote": 0.2,
    "keep": 0.95,  # weight of the windows before when another comes: a fault stays what it is, so some twenty count
    "confidence": 0.5,  # smallest summed posterior of a name, among faults
}
# Bearings have more runs than shafts, and a window of a fault that is too weak to be felt is hardly one.
FELT = 0.5


def machines():
    """Machines to train on and others to judge by, as examples.encounters gives them."""
    return _kept(TRAINING_SEED, MACHINES), _kept(HELD_OUT_SEED, HELD_OUT)


def _kept(seed, count):
    """examples.encounters, kept below build/."""
    tag = json.dumps([seed, count, ORDERS, simulator()], sort_keys=True)
    kept = CACHE / f"fault-{seed}.npz"
    if kept.exists():
        stored = np.load(kept)
        if str(stored["tag"]) == tag:
            return {name: stored[name] for name in stored.files if name != "tag"}
    made = encounters(seed, count)
    kept.parent.mkdir(parents=True, exist_ok=True)
    np.savez(kept, tag=tag, **made)
    return made


def weights(met):
    """Of windows: all labels alike, and those of weak faults less."""
    labels = met["labels"]
    alike = 1 / np.bincount(labels)[labels]
    felt = np.where(labels == 0, 1.0, np.minimum(met["severities"] / FELT, 1.0))
    return alike * felt * len(labels) / (alike * felt).sum()


def logs_of(logits):
    """Logarithms of the posteriors."""
    logits = logits - logits.max(1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(1, keepdims=True))


def summed(logs, runs, keep=DECISION["keep"]):
    """The device's sums over the windows of each run: [runs, labels], and the first window of each."""
    starts = np.flatnonzero(np.r_[True, runs[1:] != runs[:-1]])
    sums = np.zeros((len(starts), logs.shape[1]))
    for index, (start, end) in enumerate(zip(starts, [*starts[1:], len(runs)])):
        for row in logs[start:end]:
            sums[index] = sums[index] * keep + row
    return sums, starts


def sharpness(sums, labels):
    """The factor before the softmax over faults at which held-out runs are as sure as they are right."""
    fault = labels > 0
    given = sums[fault][:, 1:]
    true = labels[fault] - 1
    factors = np.linspace(0.1, 1.5, 57)
    losses = [-logs_of(given * factor)[np.arange(len(true)), true].mean() for factor in factors]
    return round(float(factors[int(np.argmin(losses))]), 3)


def make(run, seed):
    """Trains, converts and judges: (.tflite, card)."""
    met, held = machines()
    # TensorFlow's threads do not survive the fork of the pool: after it
    from .classifier import HIDDEN, SCALE, convert, train
    from .network import Rebuilder
    from .named import judged

    x, against = inputs(met["features"], met["baselines"]), inputs(held["features"], held["baselines"])
    model = train(x, met["labels"], weights(met), (against, held["labels"]), EPOCHS, seed, run)
    tflite = convert(model, x)
    device = Rebuilder(tflite)
    logs = logs_of(device(against) * device.scale)
    precise = logs_of(model.predict(against.astype(np.float32) / SCALE, verbose=0))
    sums, starts = summed(logs, held["runs"])
    decision = DECISION | {"sharpness": sharpness(sums, held["labels"][starts]), "logit": round(float(device.scale), 6)}
    figures = judged(held, precise, logs, device, decision, run)
    examples = against[:: len(against) // 4][:4]
    sizes = "-".join(str(size) for size in (x.shape[1], *HIDDEN, len(LABELS)))
    return tflite, {
        "name": "fault-classifier",
        "version": "0.2.0",
        "kind": "fault",
        "labels": LABELS,
        "recipe": ORDERS,
        "decision": decision,
        "arena": ARENA,
        "operators": ["FULLY_CONNECTED"],
        "agent": "0.1.0",
        "provenance": {
            "network": f"dense {sizes}, int8, logits",
            "training": f"{MACHINES} machines of the project's own physical simulation, sound and broken; no recordings. Apache-2.0.",
            "judging": f"{HELD_OUT} simulated machines with other seeds; Case Western Reserve University bearing data, drive end, "
            "12 kHz, which nothing was trained on and no threshold was chosen by.",
            "looks": "The recordings were looked at thirteen times while the classifier was made, three of them at features "
            "alone. After the fifth the simulator was given what its sound bearings and pitted balls lacked (rings that are not "
            "round, dented rings); after the eighth, from the literature, balls whose axis wanders until their lines are gone, "
            "rings that are spoilt all over, and bearings whose other ring is marked too; then it was trained anew.",
            "made_by": "models/training (cricket-train vibration)",
        },
        "accuracy": figures,
        "golden": golden(zip(examples, device(examples))),
    }
