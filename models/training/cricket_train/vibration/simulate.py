"""A machine runs: its sources, perhaps a fault, blows from outside, the sensor's own noise, as int16."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import oaconvolve

from .faults import SHAFT_FAULTS, fault
from .machine import FULL_SCALE_G, RATE, Machine
from .signals import impulse_response, slow
from .sound import sound


@dataclass(frozen=True)
class Run:
    """A sound machine running, before it meets the sensor."""

    machine: Machine
    turn: np.ndarray  # the shaft's angle in radians, one a sample
    signal: np.ndarray  # g


def start(machine, seconds, rng, load=0.0):
    """load: -1..1, how far from its usual load the machine runs; it slows the shaft and moves the sources' shares."""
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    speed = machine.shaft * (1 - 0.012 * load) * (1 + machine.wobble * slow(rng, count, 0.5))
    turn = 2 * np.pi * np.cumsum(speed) / RATE + rng.uniform(0, 2 * np.pi)
    return Run(machine, turn, machine.level * sound(rng, machine, turn, t, load))


def sensed(run, rng, kind=None, severity=0.0, spall=0.05):
    """int16 at FULL_SCALE_G. severity: the fault's rms relative to the machine's, a number or one a sample; a fault of the
    shaft has at least 1.5 times the rms of the shaft's own tones, or it would be none."""
    machine, count = run.machine, len(run.turn)
    signal = run.signal
    if kind:
        severity = np.asarray(severity)
        if kind in SHAFT_FAULTS and severity.ndim == 0:
            severity = np.maximum(severity, 1.5 * np.sqrt(machine.mix["shaft"]))
        signal = signal + machine.level * severity * fault(rng, machine, run.turn, kind, spall)
    if machine.knocks:
        knocks = (rng.random(count) < machine.knocks / RATE) * rng.lognormal(0, 0.5, count) * 20
        signal = signal + machine.level * oaconvolve(knocks, impulse_response(machine, "knock"))[:count]
    signal = signal + machine.offset + rng.normal(0, machine.noise, count)
    return np.clip(np.round(signal * (32768 / FULL_SCALE_G)), -32768, 32767).astype(np.int16)


def run(machine, seconds, rng, load=0.0, fault=None, severity=0.0, spall=0.05):
    """Acceleration over `seconds` of a machine with or without a fault: see start and sensed."""
    return sensed(start(machine, seconds, rng, load), rng, fault, severity, spall)
