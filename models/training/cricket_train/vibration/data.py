"""Feature vectors of simulated machines. Real machines are for judging only and are never read here."""

import numpy as np

from .. import native
from .faults import BEARING_FAULTS
from .machine import RATE, draw_machine
from .simulate import run

# Windows of 171 ms, one after the other: a change is told within a few of them, and they need 13 KB. Bands stop at 5600 Hz,
# where sensors' anti-alias filters begin. 12 bytes a doubling of energy: +-10 octaves (32 dB) around the window's mean.
RECIPE = {
    "kind": "spectrum",
    "rate": RATE,
    "window": 2048,
    "hop": 2048,
    "bands": 48,
    "low": 20,
    "high": 5600,
    "spacing": "mel",
    "level": "relative",
    "scale": 12,
    "offset": 0,
    "envelope": {"bands": 32, "low": 1000, "high": 5400, "top": 500, "scale": 12, "offset": 100},
}

# What the fault classifier looks at, in orders of the shaft; a byte is a tenth of an octave.
ORDERS = {"kind": "orders", "rate": RATE, "edges": [700, 1600, 3000, 5400], "scale": 10}

TRAINING_SEED, VALIDATION_SEED = 1_000_000, 2_000_000


def healthy(machines, seed=TRAINING_SEED, seconds=3.0, runs=2):
    """int8 [windows, dims]: `machines` sound machines, each for `runs` times `seconds` at a load of its own."""
    windows = []
    for number in range(machines):
        rng = np.random.default_rng([seed, number])
        machine = draw_machine(rng)
        for _ in range(runs):
            features, _ = native.spectrum(run(machine, seconds, rng, load=rng.uniform(-1, 1)), RECIPE)
            windows.append(features)
    return np.concatenate(windows)


def validation(number):
    """One machine that training has not seen: (healthy, changed, faults). `healthy` is one long run; `changed` the same machine
    at another load, at another level and with more noise; `faults` {(kind, severity): run}. Runs are (features, statistics)."""
    rng = np.random.default_rng([VALIDATION_SEED, number])
    machine = draw_machine(rng)
    first = run(machine, 24, rng)
    part = first[: 5 * RATE].astype(float)
    whole = lambda signal: np.round(signal).clip(-32768, 32767).astype(np.int16)  # noqa: E731
    changed = {
        "load": run(machine, 5, rng, load=rng.choice([-1, 1])),
        "level": whole(part * rng.choice([0.7, 1.4])),
        "noise": whole(part + rng.normal(0, 0.1 * part.std(), len(part))),
    }
    faults = {
        (kind, severity): run(machine, 4, rng, fault=kind, severity=severity, spall=rng.uniform(0.01, 0.2))
        for kind in BEARING_FAULTS
        for severity in (0.3, 1.0, 2.0)
    }
    judge = lambda samples: native.spectrum(samples, RECIPE)  # noqa: E731
    return (
        judge(first),
        {name: judge(samples) for name, samples in changed.items()},
        {name: judge(samples) for name, samples in faults.items()},
    )
