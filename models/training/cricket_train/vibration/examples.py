"""What the fault classifier learns from: simulated machines, each known from a sound run and then met again in other states.

The device knows the nominal speed and the bearing's nominal orders: the machine's own differ from them. It knows the machine
from its first minutes: whoever repaired or changed it since has altered more than the fault (`altered`)."""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from .. import native
from ..bar import bar
from ..paths import PROJECT
from .data import ORDERS, RECIPE
from .faults import SHAFT_FAULTS
from .machine import RATE, altered, draw_machine
from .simulate import sensed, start

LABELS = ["normal", "inner", "outer", "ball", "imbalance", "misalignment", "looseness"]
# Runs of one machine: bearings have more ways to be broken than shafts.
STATES = ["normal"] * 2 + ["inner", "outer", "ball"] * 3 + list(SHAFT_FAULTS)
BASELINE_TURNS, TURNS = 100, 66
LEAST, MOST = 0.2, 8.0  # severities
TRAINING_SEED, HELD_OUT_SEED = 4_000_000, 5_000_000


def simulator():
    """A digest of all that decides what is simulated."""
    files = [*sorted(Path(__file__).parent.glob("*.py")), *sorted((PROJECT / "firmware/native/dsp").glob("*.[ch]"))]
    used = ("examples", "faults", "machine", "signals", "simulate", "sound")
    sources = [file.read_bytes() for file in files if file.suffix != ".py" or file.stem in used]
    return hashlib.sha256(b"".join(sources)).hexdigest()[:16]


def nominal(rng, machine):
    """What its owner writes into the device about a machine."""
    near = lambda value, error: float(value * (1 + rng.uniform(-error, error)))  # noqa: E731
    bearing = machine.bearing
    orders = {name: near(getattr(bearing, name), 0.004) for name in ("bpfo", "bpfi", "bsf", "ftf")}
    return {"shaft": near(machine.shaft, 0.015), **orders}


def meet(seed, number):
    """One machine: (features int8 [windows, n], baseline float [n], label index [windows], run [windows], severity [windows])."""
    rng = np.random.default_rng([seed, number])
    machine = draw_machine(rng)
    known = nominal(rng, machine)
    seconds = lambda turns: turns / machine.shaft + 2 * RECIPE["hop"] / RATE  # noqa: E731
    observe = lambda samples: native.orders(samples, ORDERS, known, RECIPE["hop"])  # noqa: E731
    baseline = observe(sensed(start(machine, seconds(BASELINE_TURNS), rng), rng))
    same = start(machine, seconds(TURNS), rng, load=rng.uniform(-1, 2.5))
    other = start(altered(machine, rng, rng.uniform(0, 0.7)), seconds(TURNS), rng, load=rng.uniform(-1, 2.5))
    features, labels, runs, severities = [], [], [], []
    for run, state in enumerate(STATES):
        severity = 0.0
        if state == "normal":
            samples = sensed((same, other)[run], rng)
        else:
            severity = float(np.exp(rng.uniform(np.log(LEAST), np.log(MOST))))
            spall = float(np.exp(rng.uniform(np.log(0.01), np.log(0.3))))
            samples = sensed(other if rng.random() < 0.7 else same, rng, state, severity, spall)
        windows = observe(samples)
        features.append(windows)
        labels += [LABELS.index(state)] * len(windows)
        runs += [number * len(STATES) + run] * len(windows)
        severities += [severity] * len(windows)
    return np.concatenate(features), baseline.astype(np.float32).mean(0), np.array(labels), np.array(runs), np.array(severities)


def _meet(arguments):
    return meet(*arguments)


def encounters(seed, count, workers=2):
    """All of `count` machines: features int8 [n, d], baselines float [n, d], labels, runs, severities [n], machines [n]."""
    with ProcessPoolExecutor(workers) as pool:
        jobs = pool.map(_meet, ((seed, number) for number in range(count)), chunksize=8)
        met = list(bar(jobs, "machines", count))
    features, baselines, labels, runs, severities = zip(*met)
    sizes = [len(part) for part in features]
    return {
        "features": np.concatenate(features),
        "baselines": np.repeat(np.array(baselines), sizes, axis=0),
        "labels": np.concatenate(labels),
        "runs": np.concatenate(runs),
        "severities": np.concatenate(severities),
        "machines": np.repeat(np.arange(count), sizes),
    }


def inputs(features, baselines):
    """int8 [n, 2 d], what the model is given: the features, and how far each is from the machine's own mean."""
    moved = features.astype(np.float32) - baselines
    moved = np.floor(moved + 0.5).clip(-128, 127).astype(np.int8)
    return np.concatenate([features, moved], 1)
