"""What a sound machine gives to its sensor: shaft, mains, rotor slots, flow, rolling contacts, gears, vanes."""

import numpy as np
from scipy.signal import oaconvolve

from .machine import RATE
from .signals import chorus, coloured, impulse_response, slow, unit


def sound(rng, machine, turn, t, load):
    """The sound machine's acceleration at unit level: its sources, each of unit power before it is mixed. `turn`: the shaft's
    angle in radians."""
    count = len(t)
    top = np.diff(turn).max()
    ball, cage = machine.bearing.bpfo * turn, machine.bearing.ftf * turn
    uneven = machine.unevenness
    line = 2 * np.pi * machine.mains * t * (1 + rng.normal(0, 0.0005)) + rng.uniform(0, 6.28)
    sources = {
        "shaft": chorus(machine.shaft_tones, turn),
        "mains": chorus(machine.mains_tones, 2 * line),
    }
    slots = np.zeros(count)
    for (amplitude, start), (k, side) in zip(machine.slot_tones, ((k, s) for k in (1, 2) for s in (-2, -1, 0, 1, 2))):
        angle = k * machine.slots * turn + 2 * side * line + start
        if k * machine.slots * top + 4 * np.pi * abs(side) * machine.mains / RATE < 0.48 * 2 * np.pi:
            slots += amplitude * np.cos(angle)
    sources["slots"] = slots

    flow = coloured(rng, machine, count)
    flow = 0.5 * unit(flow) + 0.5 * unit(oaconvolve(flow, impulse_response(machine, "flow"))[:count])
    modulation = 1 + machine.breath * slow(rng, count, 0.7)
    modulation += uneven["flow shaft"] * np.cos(turn + 2) + uneven["flow balls"] * np.cos(ball + 1)
    if machine.vanes:
        modulation += 0.25 * machine.mix["vanes"] * np.cos(machine.vanes * turn)
    sources["flow"] = flow * np.maximum(modulation, 0.1)

    # rolling contacts of a sound bearing: many tiny strikes, stronger and weaker as the shaft turns
    strikes = rng.poisson(900 / RATE, count) * rng.lognormal(0, 0.5, count) * rng.choice([-1.0, 1.0], count)
    load_on_it = 1 + uneven["rolling balls"] * np.cos(ball) + uneven["rolling shaft"] * np.cos(turn)
    load_on_it += uneven["rolling cage"] * np.cos(cage)
    load_on_it += uneven["rolling inner"] * (1 + 0.5 * np.cos(turn)) * np.cos(machine.bearing.bpfi * turn)
    strikes *= np.maximum(load_on_it + machine.breath * slow(rng, count, 0.7), 0.02)
    sources["rolling"] = oaconvolve(strikes, impulse_response(machine, "rolling"))[:count]

    if machine.gear_teeth:
        mesh = chorus(machine.gear_tones, machine.gear_teeth * turn)
        mesh *= 1 + 0.15 * np.cos(turn) + 0.15 * np.cos(machine.gear_ratio * turn) + 0.05 * slow(rng, count, 0.2)
        through = oaconvolve(mesh, impulse_response(machine, "gear"))[:count]
        sources["gear"] = unit(mesh) + unit(through)
    if machine.vanes:
        sources["vanes"] = np.cos(machine.vanes * turn) + 0.4 * np.cos(2 * machine.vanes * turn + 1)

    out = np.zeros(count)
    for name, signal in sources.items():
        grows = {"shaft": 0.1, "mains": 0.6, "slots": 0.5, "flow": 0.3, "rolling": 0.3, "gear": 0.8, "vanes": 0.3}[name]
        gain = np.exp(machine.response * grows * load)
        out += np.sqrt(machine.mix[name]) * gain * unit(signal)
    return out
