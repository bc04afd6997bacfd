"""What a fault adds to a machine's vibration.

A bearing's fault is one more source: strikes at an order of the shaft that the geometry gives, jittered by slip, weighted by
the load zone, through the machine's own resonances. Strikes with slip after Randall and Antoni, "Rolling element bearing
diagnostics - a tutorial", MSSP 25 (2011); entry and exit of a spall after Sawalhi and Randall, MSSP 25 (2011). Faults differ
in all that makes them hard to name: how often a ball misses the pit, how rough the surface is besides, how deep the load
modulates. Shaft faults after ISO 13373-3 and Mobius' common chart: imbalance at 1x, misalignment at 2x beside 1x and 3x,
looseness at many harmonics and half orders, truncated and with rattle."""

import numpy as np
from scipy.signal import oaconvolve

from .machine import RATE
from .signals import chorus, impulse_response, slow, unit

BEARING_FAULTS = ("outer", "inner", "ball", "cage")
SHAFT_FAULTS = ("imbalance", "misalignment", "looseness")
FAULTS = BEARING_FAULTS + SHAFT_FAULTS


def _strike_times(rng, turn, order, slip):
    """Sample numbers at which an event of that order happens: equal steps of angle, whose error accumulates (slip)."""
    revolutions = (turn[-1] - turn[0]) / (2 * np.pi)
    steps = rng.normal(1 / order, slip / order, int(revolutions * order * 1.1) + 4)
    angles = turn[0] + 2 * np.pi * (np.cumsum(steps) - rng.uniform(0, 1 / order))
    angles = angles[(angles > turn[0]) & (angles < turn[-1])]
    return np.interp(angles, turn, np.arange(len(turn)))


def _weights(rng, machine, kind, at):
    """How hard each strike is; `at` is the shaft's angle at each."""
    bearing = machine.bearing
    start = rng.uniform(0, 2 * np.pi)
    least = np.exp(rng.uniform(np.log(0.02), np.log(0.5)))  # preload, and what the unloaded side still carries
    if kind == "inner":
        weight = bearing.load(at + start) + least
    elif kind == "ball":
        weight = bearing.load(bearing.ftf * at + start) + least
        weight *= np.where(np.arange(len(at)) % 2, 1.0, rng.uniform(0.0, 1.0))  # one ring is struck harder than the other
    else:
        weight = 1 + rng.uniform(0, 0.5) * np.cos(at + start)  # imbalance turns the load a little
    return np.maximum(weight, 0.01) * rng.lognormal(0, rng.uniform(0.1, 0.7), len(at))


def _contact(rng, kind, times, count):
    """Which strikes happen: a ball rolls on any great circle, so its pit meets the rings for a while and then does not."""
    missed = rng.uniform(0, 0.15)
    hit = rng.random(len(times)) > missed
    if kind == "ball" and rng.random() < 0.7:
        wandering = slow(rng, count, np.exp(rng.uniform(np.log(0.05), np.log(2.0))))
        hit &= wandering[times.astype(int)] > rng.uniform(-2.0, 0.7)
    return hit


def _wandering(rng, count):
    """How much of a wandering ball's pit lies on its track, 0..1, for a while and then not."""
    walk = slow(rng, count, np.exp(rng.uniform(np.log(0.05), np.log(2.0))))
    return np.clip(0.5 + walk - rng.uniform(-1.5, 0.7), 0.05, 1.0)


def _rumble(rng, machine, turn, kind):
    """Strikes at no steady step, of a surface that is spoilt all over or of a ball whose axis turns from one to the next: of
    their order nothing is left, and what is loaded more still strikes harder."""
    bearing, count = machine.bearing, len(turn)
    rate = np.diff(turn).mean() / (2 * np.pi) * np.exp(rng.uniform(np.log(2), np.log(40)))
    strikes = rng.poisson(rate, count) * rng.lognormal(0, rng.uniform(0.3, 1.2), count) * rng.choice([-1.0, 1.0], count)
    turns = {"outer": 0.0, "inner": 1.0, "ball": bearing.ftf}[kind]
    if turns:
        strikes *= bearing.load(turns * turn + rng.uniform(0, 6.28)) + np.exp(rng.uniform(np.log(0.05), np.log(2.0)))
    if kind == "ball":
        strikes *= _wandering(rng, count)
    return unit(oaconvolve(strikes, impulse_response(machine, "fault"))[:count])


def _ball_fault(rng, machine, turn, spall):
    """A pitted ball, anything from clean strikes twice a turn of its own to a rumble without any order: its axis wanders, and
    most of the pitted balls of Smith and Randall, MSSP 64 (2015), show hardly a line of their own. It dents the rings that it
    rolls on: their families often stand beside its own, weak for how much the whole has grown."""
    smeared = rng.uniform(0, 1)
    out = np.sqrt(1 - smeared) * _strikes(rng, machine, turn, "ball", spall)
    out += np.sqrt(smeared) * _rumble(rng, machine, turn, "ball")
    for ring in ("inner", "outer"):
        if rng.random() < 0.6:
            dent = np.exp(rng.uniform(np.log(0.03), np.log(0.5)))
            out += dent * _strikes(rng, machine, turn, ring, spall)
    return unit(out)


def _ring_fault(rng, machine, turn, kind, spall):
    """A pitted ring strikes whenever a ball passes: its family is as strong as the whole has grown. Seldom it is spoilt all
    over (brinelled), so that much of the growth has no order; what breaks off marks the other ring a little."""
    out = _strikes(rng, machine, turn, kind, spall)
    if rng.random() < 0.25:
        out += np.exp(rng.uniform(np.log(0.3), np.log(2.0))) * _rumble(rng, machine, turn, kind)
    if rng.random() < 0.5:
        other = "outer" if kind == "inner" else "inner"
        out += np.exp(rng.uniform(np.log(0.02), np.log(0.25))) * _strikes(rng, machine, turn, other, spall)
    return unit(out)


def _strikes(rng, machine, turn, kind, spall):
    bearing, count = machine.bearing, len(turn)
    order = {"outer": bearing.bpfo, "inner": bearing.bpfi, "ball": 2 * bearing.bsf, "cage": bearing.ftf}[kind]
    slip = np.exp(rng.uniform(np.log(0.002), np.log(0.04 if kind == "ball" else 0.02)))
    times = _strike_times(rng, turn, order * (1 - rng.uniform(0, 0.015)), slip)
    at = np.interp(times, np.arange(count), turn)
    weight = _weights(rng, machine, kind, at) * _contact(rng, kind, times, count)
    train = np.zeros(count + 1)
    passing = spall / (order * np.diff(turn).mean() / (2 * np.pi))
    for shift, part in ((0.0, rng.uniform(0.0, 0.8)), (passing, 1.0)):
        where = times + shift
        kept = where < count - 1
        whole = where[kept].astype(int)
        rest = where[kept] - whole
        np.add.at(train, whole, part * weight[kept] * (1 - rest))
        np.add.at(train, whole + 1, part * weight[kept] * rest)
    width = int(np.clip(passing * 0.3, 1, 12))
    pulse = np.hanning(width + 2)[1:-1]
    out = oaconvolve(oaconvolve(train[:count], pulse)[:count], impulse_response(machine, "fault"))[:count]
    # a worn surface is rough as well as pitted: noise that comes and goes with the same load
    decay = np.exp(rng.uniform(np.log(15), np.log(300)))
    envelope = oaconvolve(train[:count], np.exp(-np.arange(1200) / decay))[:count]
    rough = oaconvolve(rng.normal(0, 1, count) * envelope, impulse_response(machine, "rolling"))[:count]
    return unit(unit(out) + np.exp(rng.uniform(np.log(0.05), np.log(2.0))) * unit(rough))


def _tones(rng, amplitudes):
    return np.stack([np.asarray(amplitudes, float), rng.uniform(0, 2 * np.pi, len(amplitudes))], 1)


def _misalignment(rng, turn):
    first, third, fourth = rng.uniform(0.1, 0.9), rng.uniform(0.05, 0.6), rng.uniform(0, 0.3)
    return chorus(_tones(rng, [first, 1.0, third, fourth]), turn)


def _looseness(rng, machine, turn):
    count = len(turn)
    harmonics = np.arange(1, 11.0) ** -rng.uniform(0.0, 0.9) * rng.lognormal(0, 0.4, 10)
    signal = unit(chorus(_tones(rng, harmonics), turn))
    if rng.random() < 0.6:
        halves = np.zeros(20)
        halves[::2] = np.arange(0.5, 10.5) ** -rng.uniform(0.0, 0.9) * rng.lognormal(0, 0.4, 10)
        signal += rng.uniform(0.15, 0.8) * unit(chorus(_tones(rng, halves), turn / 2))
    signal = np.minimum(signal, rng.uniform(0.7, 2.5) * signal.std())  # what is loose is stopped on one side
    rattle = np.maximum(np.cos(turn + rng.uniform(0, 6.28)), 0) ** rng.uniform(1, 8)
    rattle = oaconvolve(rng.normal(0, 1, count) * rattle, impulse_response(machine, "knock"))[:count]
    return unit(signal) + np.exp(rng.uniform(np.log(0.03), np.log(0.6))) * unit(rattle)


def fault(rng, machine, turn, kind, spall=0.05):
    """Acceleration that a fault of that kind adds, of unit power. turn: the shaft's angle in radians, one a sample. spall: its
    length in ball passes, 0.01..0.2; it sets how wide a strike is and how far the ball's leaving follows its entering."""
    if kind == "ball":
        return _ball_fault(rng, machine, turn, spall)
    if kind in ("inner", "outer"):
        return _ring_fault(rng, machine, turn, kind, spall)
    if kind in BEARING_FAULTS:
        return _strikes(rng, machine, turn, kind, spall)
    if kind == "imbalance":
        return unit(chorus(_tones(rng, [1.0, rng.uniform(0, 0.15), rng.uniform(0, 0.08)]), turn))
    return unit(_misalignment(rng, turn) if kind == "misalignment" else _looseness(rng, machine, turn))
