"""How rightly faults are named: on simulated machines held out, and on recordings of real bearings that nothing was trained on."""

import json

import numpy as np
import soundfile

from .. import native
from ..interval import wilson
from ..paths import DATA
from .data import ORDERS, RECIPE
from .examples import LABELS, inputs
from .naming import DECISION, logs_of, summed

# SKF 6205-2RS at the drive end, as the Case Western Reserve University Bearing Data Center gives it.
BEARING = {"bpfo": 3.585, "bpfi": 5.415, "bsf": 2.357, "ftf": 0.398}


def share(hits):
    """{"right", "of", "interval"}: the count, and Wilson's 95 % interval of the share."""
    right, total = int(np.sum(hits)), len(hits)
    return {"right": right, "of": total, "interval": [round(bound, 3) for bound in wilson(right, total)]}


def confusion(truth, said, labels):
    matrix = np.zeros((labels, labels), int)
    np.add.at(matrix, (truth, said), 1)
    return matrix.tolist()


def _faults_alone(sums):
    """What an alarm calls it: the best label but normal."""
    return sums[:, 1:].argmax(1) + 1


def _simulated(held, precise, logs, decision, run):
    labels, runs = held["labels"], held["runs"]
    sums, starts = summed(logs, runs, decision["keep"])
    truth, severity = labels[starts], held["severities"][starts]
    said = np.where(truth > 0, _faults_alone(sums), sums.argmax(1))
    if run:
        run.confusion(LABELS, confusion(truth, said, len(LABELS)))
    broken = truth > 0
    alone = logs_of(sums[:, 1:] * decision["sharpness"])
    sure = np.exp(alone.max(1)) >= decision["confidence"]
    by_severity = {}
    for least, most in ((0.2, 0.5), (0.5, 1), (1, 2), (2, 4), (4, 8)):
        inside = broken & (severity >= least) & (severity < most)
        by_severity[f"{least:g}..{most:g}"] = {
            LABELS[kind]: round(float((said == truth)[inside & (truth == kind)].mean()), 3) for kind in range(1, len(LABELS))
        }
    return {
        "machines": int(len(np.unique(held["machines"]))),
        "windows": {
            "float": round(float((precise.argmax(1) == labels).mean()), 4),
            "int8": round(float((logs.argmax(1) == labels).mean()), 4),
        },
        "faults_named": {LABELS[kind]: share((said == truth)[truth == kind]) for kind in range(1, len(LABELS))},
        "named_at_all": round(float(sure[broken].mean()), 3),
        "right_of_named": share((said == truth)[broken & sure]),
        "by_severity": by_severity,
        "confusion": {"labels": LABELS, "matrix": confusion(truth, sums.argmax(1), len(LABELS))},
    }


def recordings(device, decision=DECISION, folder=DATA / "vibration"):
    """Each real recording: its name, and the share of its windows that are named rightly; None if the data is not there.
    The baseline is the sound recording, played until it is learned; names are among faults, as after an alarm."""
    index = folder / "index.json"
    if not index.exists():
        return None
    about = json.loads(index.read_text())
    known = lambda name: {"shaft": about[name]["nominal_rpm"] / 60, **BEARING}  # noqa: E731
    read = lambda name: soundfile.read(folder / name, dtype="int16")[0]  # noqa: E731
    observe = lambda samples, name: native.orders(samples, ORDERS, known(name), RECIPE["hop"])  # noqa: E731
    sound = next(name for name in about if about[name]["fault"] == "normal")
    baseline = observe(np.tile(read(sound), 4), sound).astype(np.float32).mean(0)
    named, right, windows = {}, {}, {}
    for name in sorted(about):
        fault = about[name]["fault"]
        if fault == "normal":
            continue
        features = observe(read(name), name)
        logs = logs_of(device(inputs(features, np.tile(baseline, (len(features), 1)))) * device.scale)
        sums, _ = summed(logs, np.zeros(len(logs)), decision["keep"])
        said, each = LABELS[_faults_alone(sums)[0]], _faults_alone(logs) == LABELS.index(fault)
        named[name.removesuffix(".wav")] = {"named": said, "windows": [int(each.sum()), len(each)]}
        right.setdefault(fault, []).append(said == fault)
        windows.setdefault(fault, []).extend(each)
    return {
        "recordings": {fault: share(hits) for fault, hits in right.items()},
        "windows": {fault: share(hits) for fault, hits in windows.items()},
        "each": named,
    }


def judged(held, precise, logs, device, decision, run=None):
    """What a card says of the classifier. precise: logarithms of the posteriors of the float model; logs: of the int8 one."""
    figures = {"simulated": _simulated(held, precise, logs, decision, run)}
    real = recordings(device, decision)
    return figures | {"cwru": real} if real else figures
