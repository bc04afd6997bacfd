"""Makes models/demo/machine.wav: a simulated machine that training has not seen runs well for 14 s, then its bearing's inner
race begins to spall; and config.json, what its owner would write into the device, so that the fault gets its name."""

import json

import numpy as np
import soundfile

from ..paths import MODELS
from .machine import RATE, draw_machine
from .simulate import run

SEED = [3_000_000, 21]
SOUND_S, WHOLE_S = 14, 24
# of the fault, relative to the machine: it doubles every 2 s from when it is just there
FIRST, DOUBLING_S = 0.12, 2.0


def demo():
    """The machine and int16 samples at RATE."""
    rng = np.random.default_rng(SEED)
    machine = draw_machine(rng)
    t = np.arange(WHOLE_S * RATE) / RATE
    severity = np.where(t < SOUND_S, 0.0, FIRST * 2 ** ((t - SOUND_S) / DOUBLING_S))
    return machine, run(machine, WHOLE_S, rng, fault="inner", severity=severity)


def main():
    machine, samples = demo()
    folder = MODELS / "demo"
    folder.mkdir(exist_ok=True)
    path = folder / "machine.wav"
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    bearing = {name: round(getattr(machine.bearing, name), 3) for name in ("bpfo", "bpfi", "bsf", "ftf")}
    configuration = {"name": "demo", "vibration": {"shaft": round(machine.shaft, 1), "bearing": bearing}}
    (folder / "config.json").write_text(json.dumps(configuration, indent="\t") + "\n")
    print(f"{path}: {path.stat().st_size} bytes; {json.dumps(configuration)}")


if __name__ == "__main__":
    main()
