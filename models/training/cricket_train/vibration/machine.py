"""A physical simulation of rotating machines as an accelerometer on their housing feels them.

The hard idea: what distinguishes machines is not their sources (a shaft, the mains, gears, rolling contacts, flow) but the
structure between the sources and the sensor. So every machine draws its own set of resonances, each source excites them
with gains of its own, and a fault is one more source: strikes at an order of the shaft that the bearing's geometry gives,
jittered by slip, weighted by the load zone, through the same resonances.

Formulas: bearing orders and load zone after Harris, "Rolling Bearing Analysis"; strikes with slip after Randall and Antoni,
"Rolling element bearing diagnostics - a tutorial", MSSP 25 (2011). Frequencies in Hz, accelerations in g, times in s.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import oaconvolve

RATE = 12000
FULL_SCALE_G = 16.0
FAULTS = ("outer", "inner", "ball", "cage")


@dataclass(frozen=True)
class Bearing:
    """Orders are events per turn of the shaft, for a fixed outer and a turning inner ring."""

    balls: int
    ratio: float  # ball diameter / pitch diameter, times cos(contact angle)
    load_angle: float  # half width of the load zone, as Harris's epsilon (0.5 = half of the ring)

    @property
    def ftf(self):
        return 0.5 * (1 - self.ratio)

    @property
    def bpfo(self):
        return self.balls * self.ftf

    @property
    def bpfi(self):
        return self.balls * (1 - self.ftf)

    @property
    def bsf(self):
        return (1 - self.ratio**2) / (2 * self.ratio)

    def load(self, angle):
        """Load carried at `angle` (radians from the load's direction), 0..1: Harris's (1 - (1 - cos) / 2e)^1.5."""
        return np.maximum(0.0, 1 - (1 - np.cos(angle)) / (2 * self.load_angle)) ** 1.5


@dataclass(frozen=True)
class Machine:
    """Everything about one machine that does not change while it runs; draw it with `draw_machine`."""

    shaft: float  # Hz
    mains: float  # Hz
    bearing: Bearing
    level: float  # g, rms of the healthy machine
    modes: np.ndarray  # [n, 2]: Hz, damping ratio
    paths: dict  # source -> gain of each mode
    shaft_tones: np.ndarray  # amplitude and phase of each harmonic, [n, 2]
    mains_tones: np.ndarray  # the same for the multiples of twice the mains frequency
    slots: int  # rotor bars: tones at slots * shaft +- 2k * mains
    slot_tones: np.ndarray
    gear_teeth: int  # 0 = no gear
    gear_ratio: float
    gear_tones: np.ndarray
    vanes: int  # 0 = none
    slope: np.ndarray  # flow noise, dB at 8 octave points
    mix: dict  # share of each source in the healthy signal's power
    wobble: float  # relative deviation of the speed
    breath: float  # relative deviation of the noise's level
    noise: float  # g, sensor noise
    offset: float  # g, what gravity and the sensor's bias add
    knocks: float  # strikes from outside per second
    response: float  # how strongly load moves the sources


def _tones(rng, count, decay, spread):
    amplitude = np.arange(1, count + 1, dtype=float) ** -decay * rng.lognormal(0, spread, count)
    return np.stack([amplitude, rng.uniform(0, 2 * np.pi, count)], 1)


def draw_machine(rng):
    """A random machine: motors, pumps, fans and gearboxes of 10 to 60 turns a second, on random mountings."""
    n = rng.integers(5, 14)
    frequencies = np.exp(rng.uniform(np.log(250), np.log(6500), n))
    modes = np.stack([frequencies, np.exp(rng.uniform(np.log(0.006), np.log(0.08), n))], 1)
    tilt = rng.normal(0, 0.5)

    def path(high):
        return rng.normal(0, 1, n) * rng.lognormal(0, 0.7, n) * (frequencies / 2000) ** (tilt + high)

    geared = rng.random() < 0.35
    vaned = rng.random() < 0.4
    weights = {
        "shaft": rng.lognormal(-0.5, 1.0),
        "mains": rng.lognormal(-1.0, 1.2),
        "slots": rng.lognormal(-0.8, 1.2),
        "flow": rng.lognormal(0.3, 0.9),
        "rolling": rng.lognormal(-0.3, 0.9),
        "gear": rng.lognormal(0.3, 0.9) if geared else 0.0,
        "vanes": rng.lognormal(-0.3, 0.9) if vaned else 0.0,
    }
    total = sum(weights.values())
    return Machine(
        shaft=rng.uniform(10, 60),
        mains=float(rng.choice([50.0, 60.0])),
        bearing=Bearing(int(rng.integers(7, 16)), rng.uniform(0.14, 0.34), rng.uniform(0.3, 0.6)),
        level=float(np.exp(rng.uniform(np.log(0.02), np.log(1.2)))),
        modes=modes,
        paths={"flow": path(0.0), "rolling": path(0.2), "gear": path(0.0), "fault": path(0.5), "knock": path(-0.2)},
        shaft_tones=_tones(rng, 10, rng.uniform(0.3, 1.5), 0.8),
        mains_tones=_tones(rng, 6, rng.uniform(0.3, 1.5), 0.9),
        slots=int(rng.integers(16, 60)),
        slot_tones=_tones(rng, 10, 0.4, 0.8),
        gear_teeth=int(rng.integers(13, 60)) if geared else 0,
        gear_ratio=rng.uniform(0.2, 0.9),
        gear_tones=_tones(rng, 5, rng.uniform(0.5, 1.5), 0.6),
        vanes=int(rng.integers(3, 12)) if vaned else 0,
        slope=rng.normal(0, 6, 8) + rng.uniform(-4, 2) * np.arange(8),
        mix={name: weight / total for name, weight in weights.items()},
        wobble=float(np.exp(rng.uniform(np.log(0.0005), np.log(0.008)))),
        breath=rng.uniform(0.01, 0.10),
        noise=float(np.exp(rng.uniform(np.log(0.0002), np.log(0.004)))),
        offset=rng.normal(0, 0.5),
        knocks=float(rng.choice([0.0, 0.0, 0.02, 0.1])),
        response=rng.lognormal(0, 0.4),
    )


def _slow(rng, count, seconds):
    """A random walk pulled back to zero, of unit deviation, with that correlation time."""
    step = RATE // 100
    points = count // step + 3
    pull = np.exp(-step / RATE / seconds)
    walk = np.empty(points)
    walk[0] = rng.normal()
    kicks = rng.normal(0, np.sqrt(1 - pull * pull), points)
    for i in range(1, points):
        walk[i] = pull * walk[i - 1] + kicks[i]
    return np.interp(np.arange(count), np.arange(points) * step, walk)


def _impulse_response(machine, source):
    """Acceleration of the housing after a strike at that source: a sum of damped modes, unit energy."""
    frequency, damping = machine.modes.T
    t = np.arange(int(0.06 * RATE)) / RATE
    omega = 2 * np.pi * frequency[:, None]
    kept = np.where(frequency < 0.48 * RATE, machine.paths[source], 0.0)[:, None]
    response = (kept * np.exp(-damping[:, None] * omega * t) * np.sin(omega * t)).sum(0)
    return response / np.sqrt((response**2).sum() + 1e-12)


def _unit(signal):
    return signal / (signal.std() + 1e-12)


def _coloured(rng, machine, count):
    spectrum = np.fft.rfft(rng.normal(0, 1, count))
    f = np.fft.rfftfreq(count, 1 / RATE)
    octave = np.log2(np.maximum(f, 20) / 47)
    spectrum *= 10 ** (np.interp(octave, np.arange(8), machine.slope) / 20)
    return np.fft.irfft(spectrum, count)


def _chorus(tones, phase):
    """The sum of the harmonics of a rotating phase that stay under the Nyquist frequency."""
    speed = np.diff(phase).max() / (2 * np.pi)
    out = np.zeros(len(phase))
    for k, (amplitude, start) in enumerate(tones, 1):
        if k * speed < 0.48:
            out += amplitude * np.cos(k * phase + start)
    return out


def _healthy(rng, machine, turn, t, load):
    """The healthy machine's sources, each of unit power before it is mixed. `turn`: the shaft's angle in radians."""
    count = len(t)
    line = 2 * np.pi * machine.mains * t * (1 + rng.normal(0, 0.0005)) + rng.uniform(0, 6.28)
    sources = {
        "shaft": _chorus(machine.shaft_tones, turn),
        "mains": _chorus(machine.mains_tones, 2 * line),
    }
    slots = np.zeros(count)
    for (amplitude, start), (k, side) in zip(machine.slot_tones, ((k, s) for k in (1, 2) for s in (-2, -1, 0, 1, 2))):
        angle = k * machine.slots * turn + 2 * side * line + start
        if (np.abs(np.diff(angle)).max() if count > 1 else 0) < 0.48 * 2 * np.pi:
            slots += amplitude * np.cos(angle)
    sources["slots"] = slots

    flow = _coloured(rng, machine, count)
    flow = 0.5 * _unit(flow) + 0.5 * _unit(oaconvolve(flow, _impulse_response(machine, "flow"))[:count])
    modulation = 1 + machine.breath * _slow(rng, count, 0.7)
    if machine.vanes:
        modulation += 0.25 * machine.mix["vanes"] * np.cos(machine.vanes * turn)
    sources["flow"] = flow * np.maximum(modulation, 0.1)

    # rolling contacts of a sound bearing: many tiny strikes, a little stronger as each ball passes through the load zone
    strikes = rng.poisson(900 / RATE, count) * rng.lognormal(0, 0.5, count) * rng.choice([-1.0, 1.0], count)
    compliance = 0.15 * np.cos(machine.bearing.bpfo * turn) + 0.08 * np.cos(turn)
    strikes *= 1 + compliance + machine.breath * _slow(rng, count, 0.7)
    sources["rolling"] = oaconvolve(strikes, _impulse_response(machine, "rolling"))[:count]

    if machine.gear_teeth:
        mesh = _chorus(machine.gear_tones, machine.gear_teeth * turn)
        mesh *= 1 + 0.15 * np.cos(turn) + 0.15 * np.cos(machine.gear_ratio * turn) + 0.05 * _slow(rng, count, 0.2)
        through = oaconvolve(mesh, _impulse_response(machine, "gear"))[:count]
        sources["gear"] = _unit(mesh) + _unit(through)
    if machine.vanes:
        sources["vanes"] = np.cos(machine.vanes * turn) + 0.4 * np.cos(2 * machine.vanes * turn + 1)

    out = np.zeros(count)
    for name, signal in sources.items():
        grows = {"shaft": 0.1, "mains": 0.6, "slots": 0.5, "flow": 0.3, "rolling": 0.3, "gear": 0.8, "vanes": 0.3}[name]
        gain = np.exp(machine.response * grows * load)
        out += np.sqrt(machine.mix[name]) * gain * _unit(signal)
    return out


def _strike_times(rng, turn, order, slip):
    """Sample numbers at which an event of that order happens: equal steps of angle, whose error accumulates (slip)."""
    revolutions = (turn[-1] - turn[0]) / (2 * np.pi)
    steps = rng.normal(1 / order, slip / order, int(revolutions * order * 1.1) + 4)
    angles = turn[0] + 2 * np.pi * (np.cumsum(steps) - rng.uniform(0, 1 / order))
    angles = angles[(angles > turn[0]) & (angles < turn[-1])]
    return np.interp(angles, turn, np.arange(len(turn)))


def _fault(rng, machine, turn, kind, spall):
    """What a fault of that kind adds, of unit power. `spall` is its length in ball passes, 0.01..0.2: it sets how wide a
    strike is and how far the ball's leaving follows its entering."""
    bearing = machine.bearing
    count = len(turn)
    order = {"outer": bearing.bpfo, "inner": bearing.bpfi, "ball": 2 * bearing.bsf, "cage": bearing.ftf}[kind]
    times = _strike_times(rng, turn, order * (1 - rng.uniform(0, 0.015)), rng.uniform(0.002, 0.015))
    at = np.interp(times, np.arange(count), turn)
    start = rng.uniform(0, 2 * np.pi)
    if kind == "inner":
        weight = bearing.load(at + start)
    elif kind == "ball":
        weight = bearing.load(bearing.ftf * at + start) * np.where(np.arange(len(at)) % 2, 1.0, rng.uniform(0.3, 1.0))
    else:
        weight = np.ones(len(at))
    weight = (weight + 0.03) * rng.lognormal(0, 0.25, len(at))
    train = np.zeros(count + 1)
    passing = spall / (order * np.diff(turn).mean() / (2 * np.pi))
    for shift, part in ((0.0, 0.4), (passing, 1.0)):
        where = times + shift
        kept = where < count - 1
        whole = where[kept].astype(int)
        rest = where[kept] - whole
        np.add.at(train, whole, part * weight[kept] * (1 - rest))
        np.add.at(train, whole + 1, part * weight[kept] * rest)
    width = int(np.clip(passing * 0.3, 1, 12))
    pulse = np.hanning(width + 2)[1:-1]
    out = oaconvolve(oaconvolve(train[:count], pulse)[:count], _impulse_response(machine, "fault"))[:count]
    # a worn surface is rough as well as pitted: noise that comes and goes with the same load
    envelope = oaconvolve(train[:count], np.exp(-np.arange(240) / 60))[:count]
    rough = oaconvolve(rng.normal(0, 1, count) * envelope, _impulse_response(machine, "rolling"))[:count]
    return _unit(_unit(out) + rng.uniform(0.1, 0.5) * _unit(rough))


def run(machine, seconds, rng, load=0.0, fault=None, severity=0.0, spall=0.05):
    """Acceleration over `seconds`, int16 at FULL_SCALE_G, RATE samples a second.

    load: -1..1, how far from its usual load the machine runs; it slows the shaft and moves the sources' shares.
    fault: one of FAULTS or None; severity: the fault's rms relative to the healthy machine's, a number or one a sample.
    """
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    speed = machine.shaft * (1 - 0.012 * load) * (1 + machine.wobble * _slow(rng, count, 0.5))
    turn = 2 * np.pi * np.cumsum(speed) / RATE + rng.uniform(0, 2 * np.pi)
    signal = machine.level * _healthy(rng, machine, turn, t, load)
    if fault:
        signal += machine.level * np.asarray(severity) * _fault(rng, machine, turn, fault, spall)
    if machine.knocks:
        knocks = (rng.random(count) < machine.knocks / RATE) * rng.lognormal(0, 0.5, count) * 20
        signal += machine.level * oaconvolve(knocks, _impulse_response(machine, "knock"))[:count]
    signal += machine.offset + rng.normal(0, machine.noise, count)
    return np.clip(np.round(signal * (32768 / FULL_SCALE_G)), -32768, 32767).astype(np.int16)
