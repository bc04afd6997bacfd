"""Rotating machines as an accelerometer on their housing feels them: what one is made of, and how they differ.

The hard idea: what distinguishes machines is not their sources (a shaft, the mains, gears, rolling contacts, flow) but the
structure between the sources and the sensor. So every machine draws its own set of resonances, each source excites them
with gains of its own, and a fault is one more source: strikes at an order of the shaft that the bearing's geometry gives,
jittered by slip, weighted by the load zone, through the same resonances.

Bearing orders and load zone after Harris, "Rolling Bearing Analysis". Frequencies in Hz, accelerations in g, times in s.
"""

from dataclasses import dataclass, replace

import numpy as np

RATE = 12000
FULL_SCALE_G = 16.0
# A sound bearing gives way as balls pass, a shaft that is not quite true or a foot that is not quite tight loads it unevenly:
# neither is a fault of the bearing, and both beat at its orders.
# Rings that are not quite round beat as balls pass over them (Tandon and Choudhury, Tribology International 32, 1999).
UNEVEN = ("rolling balls", "rolling shaft", "rolling cage", "rolling inner", "flow shaft", "flow balls")


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
    unevenness: dict  # how deep turning parts modulate noise: order ("balls", "shaft", "cage") and what of -> depth
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
        unevenness={name: rng.exponential(0.1) for name in UNEVEN},
        response=rng.lognormal(0, 0.4),
    )


def altered(machine, rng, strength):
    """The machine after hands were on it: a bearing changed, bolts tightened anew, the sensor elsewhere. strength 0..1."""
    scatter = lambda values, deviation: values * rng.lognormal(0, deviation * strength, np.shape(values))  # noqa: E731
    mix = {name: float(scatter(share, 0.5)) for name, share in machine.mix.items()}
    total = sum(mix.values())
    tones = machine.shaft_tones.copy()
    tones[:, 0] = scatter(tones[:, 0], 0.7)
    modes = machine.modes.copy()
    modes[:, 0] *= 1 + rng.normal(0, 0.04 * strength, len(modes))
    return replace(
        machine,
        mix={name: share / total for name, share in mix.items()},
        shaft_tones=tones,
        modes=modes,
        paths={name: scatter(gains, 0.5) for name, gains in machine.paths.items()},
        slope=machine.slope + rng.normal(0, 3 * strength, len(machine.slope)),
        level=float(scatter(machine.level, 0.4)),
        noise=float(scatter(machine.noise, 0.5)),
        unevenness={name: depth + rng.exponential(0.2 * strength) for name, depth in machine.unevenness.items()},
        offset=machine.offset + rng.normal(0, 0.1 * strength),
    )
