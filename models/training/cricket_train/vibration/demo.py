"""Makes models/demo/machine.wav: a simulated machine that training has not seen runs well for 14 s, then its bearing's inner
race begins to spall. `python -m training.demo_machine` in the folder models/."""

import numpy as np
import soundfile

from .machine import RATE, draw_machine, run
from ..paths import MODELS

SEED = [3_000_000, 21]
SOUND_S, WHOLE_S = 14, 24
# of the fault, relative to the machine: it doubles every 2 s from when it is just there
FIRST, DOUBLING_S = 0.12, 2.0


def demo():
    """int16 samples at RATE."""
    rng = np.random.default_rng(SEED)
    machine = draw_machine(rng)
    t = np.arange(WHOLE_S * RATE) / RATE
    severity = np.where(t < SOUND_S, 0.0, FIRST * 2 ** ((t - SOUND_S) / DOUBLING_S))
    return run(machine, WHOLE_S, rng, fault="inner", severity=severity)


if __name__ == "__main__":
    path = MODELS / "demo" / "machine.wav"
    path.parent.mkdir(exist_ok=True)
    soundfile.write(path, demo(), RATE, subtype="PCM_16")
    print(f"{path}: {path.stat().st_size} bytes")
