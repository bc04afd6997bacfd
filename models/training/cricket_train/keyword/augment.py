"""What happens to a voice on its way from a mouth to the samples: another throat, another pace, a room, a microphone,
noise.

Everything takes a numpy Generator, and float32 samples at 16 kHz.
"""

import numpy as np
from scipy.signal import oaconvolve, resample_poly

RATE = 16000


def play_faster(samples, factor):
    """`factor` times as fast: pitch and formants go up together."""
    up = 40
    down = max(int(round(up * factor)), 1)
    return resample_poly(samples, up, down).astype(np.float32) if down != up else samples


def shift_formants(samples, factor):
    """The spectral envelope moved up by `factor` under an unmoved pitch, as by a vocal tract that much shorter. Per
    frame of 32 ms the envelope is the first 40 cepstral coefficients; the spectrum is multiplied by moved over
    unmoved."""
    size, hop, kept = 512, 128, 40
    count = max(len(samples) - size, 0) // hop + 2
    padded = np.zeros((count - 1) * hop + size, np.float32)
    padded[: min(len(samples), len(padded))] = samples[: len(padded)]
    window = np.hanning(size + 1)[:size].astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop] * window
    spectrum = np.fft.rfft(frames)
    magnitude = np.log(np.abs(spectrum) + 1e-4)
    cepstrum = np.fft.irfft(magnitude)
    cepstrum[:, kept : size - kept + 1] = 0
    envelope = np.fft.rfft(cepstrum).real
    position = np.clip(np.arange(size // 2 + 1) / factor, 0, size // 2)
    low = np.minimum(position.astype(int), size // 2 - 1)
    moved = envelope[:, low] + (envelope[:, low + 1] - envelope[:, low]) * (position - low)
    changed = np.fft.irfft(spectrum * np.exp(np.clip(moved - envelope, -4, 4))) * window
    out = np.zeros(len(padded), np.float32)
    for index in range(len(changed)):
        out[index * hop : index * hop + size] += changed[index]
    return out[: len(samples)] / 1.5


def stretch(samples, pace):
    """Each of len(pace) equal parts of the sound made that many times as long at the same pitch, by waveform-similarity
    overlap-add (Verhelst and Roelands 1993): 40 ms Hann pieces, each taken within 7.5 ms of its due place where it
    continues the one before best. Returns the sound and a function from old to new places."""
    size, hop, reach = 640, 320, 120
    marks = np.linspace(0, len(samples), len(pace) + 1)
    new_marks = np.concatenate([[0], np.cumsum(np.diff(marks) * pace)])
    moved = lambda place: int(np.interp(place, marks, new_marks))  # noqa: E731
    count = int(new_marks[-1]) // hop
    if count < 2:
        return samples, int
    source = np.concatenate([np.zeros(reach, np.float32), samples, np.zeros(size + hop + 2 * reach, np.float32)])
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    places = np.interp(np.arange(count) * hop, new_marks, marks).astype(int)
    out = np.zeros((count + 1) * hop + size, np.float32)
    at = reach
    for index, place in enumerate(places):
        if index:
            natural = source[at + hop : at + hop + size]
            area = source[place : place + size + 2 * reach]
            if len(natural) < size or len(area) < size + 2 * reach:
                break
            likeness = np.correlate(area[::2], natural[::2])
            power = np.concatenate([[0], np.cumsum(area[::2] ** 2)])
            likeness /= np.sqrt(power[size // 2 :] - power[: -(size // 2)] + 1e-6)
            at = place + int(likeness.argmax()) * 2
        out[index * hop : index * hop + size] += source[at : at + size] * window
    return out[: count * hop], moved


def room(samples, rng):
    """Convolved with an exponentially decaying noise (reverberation time 0.05-0.6 s) after the direct sound."""
    decay = rng.uniform(0.05, 0.6)
    length = int(min(decay, 0.4) * RATE)
    time = np.arange(length) / RATE
    tail = rng.standard_normal(length) * np.exp(-6.9 * time / decay)
    tail[: int(rng.uniform(0.001, 0.012) * RATE)] = 0
    tail *= rng.uniform(0.1, 0.9) / (np.sqrt((tail**2).sum()) + 1e-9)
    tail[0] = 1
    return oaconvolve(samples, tail.astype(np.float32))[: len(samples)].astype(np.float32)


def colour(samples, rng):
    """A smooth random frequency response within +-10 dB, and sometimes a band limit, as of a cheap microphone or a
    call."""
    bins = 129
    anchors = rng.uniform(-10, 10, 7) * rng.uniform(0, 1)
    gain = np.interp(np.linspace(0, 6, bins), np.arange(7), anchors)
    frequency = np.linspace(0, RATE / 2, bins)
    limit = rng.random()
    if limit < 0.12:
        gain -= np.clip((frequency - rng.uniform(3000, 5500)) / 500, 0, 1) * 50
    elif limit < 0.24:  # a telephone's, and all that was ever sampled at 8 kHz
        gain -= np.clip((frequency - rng.uniform(3400, 3950)) / 150, 0, 1) * 60
    if rng.random() < 0.3:
        gain -= np.clip((rng.uniform(100, 350) - frequency) / 100, 0, 1) * 30
    taps = np.fft.fftshift(np.fft.irfft(10 ** (gain / 20))) * np.hanning(256)
    return oaconvolve(samples, taps.astype(np.float32), "same").astype(np.float32)


def noise(length, recorded, rng):
    """Unit-power noise: recorded (where there is any), of a random spectral slope, a hum, or a mixture; sometimes
    swelling."""
    kind = rng.random()
    if recorded and kind < 0.45:
        source = recorded[rng.integers(len(recorded))]
        start = rng.integers(len(source) - length)
        out = source[start : start + length].copy()
    else:
        spectrum = np.fft.rfft(rng.standard_normal(length))
        frequency = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20)
        out = np.fft.irfft(spectrum * frequency ** (-rng.uniform(-0.3, 1.1)), length)
        out /= np.sqrt((out**2).mean()) + 1e-9
        if kind > 0.85:
            time = np.arange(length) / RATE
            base = rng.uniform(45, 400)
            tones = sum(
                np.sin(2 * np.pi * base * k * time + rng.uniform(0, 6)) / k for k in range(1, rng.integers(2, 12))
            )
            out = out * rng.uniform(0.05, 1) + tones
    if rng.random() < 0.3:
        out = out * (
            1
            + rng.uniform(0, 0.9)
            * np.sin(2 * np.pi * rng.uniform(0.3, 5) * np.arange(length) / RATE + rng.uniform(0, 6))
        )
    out = out - out.mean()
    return (out / (np.sqrt((out**2).mean()) + 1e-9)).astype(np.float32)


def clicks(length, rng):
    """A few bursts of 0.2-15 ms."""
    out = np.zeros(length, np.float32)
    for _ in range(rng.integers(1, 4)):
        size = int(rng.uniform(0.0002, 0.015) * RATE) + 1
        start = rng.integers(0, length - size)
        out[start : start + size] += (
            rng.standard_normal(size) * np.exp(-3 * np.arange(size) / size) * rng.uniform(0.05, 0.9)
        )
    return out
