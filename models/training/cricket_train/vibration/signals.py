"""What machines' signals are made of: slow change, damped modes, coloured noise, harmonics."""

import numpy as np
from scipy.fft import next_fast_len

from .machine import RATE


def slow(rng, count, seconds):
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


def impulse_response(machine, source):
    """Acceleration of the housing after a strike at that source: a sum of damped modes, unit energy."""
    frequency, damping = machine.modes.T
    t = np.arange(int(0.06 * RATE)) / RATE
    omega = 2 * np.pi * frequency[:, None]
    kept = np.where(frequency < 0.48 * RATE, machine.paths[source], 0.0)[:, None]
    response = (kept * np.exp(-damping[:, None] * omega * t) * np.sin(omega * t)).sum(0)
    return response / np.sqrt((response**2).sum() + 1e-12)


def unit(signal):
    return signal / (signal.std() + 1e-12)


def coloured(rng, machine, count):
    length = next_fast_len(count)
    spectrum = np.fft.rfft(rng.normal(0, 1, length))
    f = np.fft.rfftfreq(length, 1 / RATE)
    octave = np.log2(np.maximum(f, 20) / 47)
    spectrum *= 10 ** (np.interp(octave, np.arange(8), machine.slope) / 20)
    return np.fft.irfft(spectrum, length)[:count]


def chorus(tones, phase):
    """The sum of the harmonics of a rotating phase that stay under the Nyquist frequency."""
    speed = np.diff(phase).max() / (2 * np.pi)
    turning = np.exp(1j * phase).astype(np.complex64)
    out = np.zeros_like(turning)
    for k, (amplitude, start) in reversed([*enumerate(tones, 1)]):  # Horner's rule
        if k * speed < 0.48:
            out += np.complex64(amplitude * np.exp(1j * start))
        out *= turning
    return out.real.astype(float)
