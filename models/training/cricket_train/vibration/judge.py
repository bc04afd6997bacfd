"""Measures model and decision: on simulated machines that training has not seen, and on recordings of real ones (Case Western
Reserve University's bearing data) that nothing is trained on."""

import json

import numpy as np
import soundfile

from .. import native
from ..paths import DATA
from .data import RECIPE
from .decision import DECISION, decide, values

COUNTS_PER_G = 32768 / 16
WINDOW_S = RECIPE["hop"] / RECIPE["rate"]


def _stream(rebuild, *parts):
    """States and scores of runs, each (features, stats), that follow one another; and the window at which the last begins."""
    features = np.concatenate([part[0] for part in parts])
    stats = np.concatenate([part[1] for part in parts])
    decided = decide(values(features, rebuild(features), stats), stats, RECIPE["bands"], COUNTS_PER_G)
    return [state for state, _ in decided], [score for _, score in decided], len(features) - len(parts[-1][0])


def _share(flags):
    return round(float(np.mean(flags)), 4)


def simulated(rebuild, machines):
    """Shares of `machines`, each from vibration_data.validation: false warnings and alarms, also after harmless changes, and
    faults found within 2 s."""
    within = int(2 / WINDOW_S)
    false = {"warning": [], "alarm": []}
    changed, found, scores = {}, {}, []
    for sound, changes, faults in machines:
        states, score, _ = _stream(rebuild, sound)
        scores += score[DECISION["learn"] :]
        false["warning"].append("warning" in states or "alarm" in states)
        false["alarm"].append("alarm" in states)
        learned = (sound[0][: DECISION["learn"] + 4], sound[1][: DECISION["learn"] + 4])
        for name, run in changes.items():
            states, _, _ = _stream(rebuild, learned, run)
            changed.setdefault(name, []).append("alarm" in states)
        for (kind, severity), run in faults.items():
            states, _, start = _stream(rebuild, learned, run)
            key = f"{kind} x{severity:g}"
            found.setdefault(key, []).append("alarm" in states[start : start + within])
    return {
        "machines": len(machines),
        "healthy_score": {"median": round(float(np.median(scores)), 2), "p99": round(float(np.percentile(scores, 99)), 2)},
        "false_in_24_s": {state: _share(flags) for state, flags in false.items()},
        "alarm_after_change": {name: _share(flags) for name, flags in changed.items()},
        "alarm_within_2_s": {name: _share(flags) for name, flags in found.items()},
    }


def recordings(rebuild, folder=DATA / "vibration"):
    """Each real fault after four times the healthy recording: seconds to the alarm, its score, the lowest score of all windows
    behind the change, and whether anything was said before. None if the data is not there."""
    index = folder / "index.json"
    if not index.exists():
        return None
    read = lambda name: soundfile.read(folder / name, dtype="int16")[0]  # noqa: E731
    healthy = np.tile(read("load0_normal_a.wav"), 4)
    result = {}
    for name, about in sorted(json.loads(index.read_text()).items()):
        if about["fault"] == "normal":
            continue
        run = native.spectrum(np.concatenate([healthy, read(name)]), RECIPE)
        states, scores, _ = _stream(rebuild, run)
        start = len(healthy) / RECIPE["rate"]
        ends = [(i * RECIPE["hop"] + RECIPE["window"]) / RECIPE["rate"] for i in range(len(states))]
        before = [state for state, end in zip(states, ends) if end <= start]
        alarm = next(((end - start, score) for state, score, end in zip(states, scores, ends) if state == "alarm"), None)
        result[name.removesuffix(".wav")] = {
            "alarm_after_s": round(alarm[0], 3) if alarm else None,
            "alarm_score": round(float(alarm[1]), 3) if alarm else None,
            "lowest_score": round(float(min(s for s, end in zip(scores, ends) if end - start > 2 * WINDOW_S)), 2),
            "false": before[-1] != "normal" or "warning" in before or "alarm" in before,
        }
    return result
