"""The device's own signal processing, for training: the C of firmware/native/dsp as a shared library.

A model learns from the bytes that its input tensor will hold on the device. Recipes are those of a model's card
(`model.json`); see logmel.h and spectrum.h for what the numbers mean and for their limits.
"""

import ctypes
import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
SOURCES = ROOT / "firmware" / "native" / "dsp"
UNITS = ["sine", "fixed", "fft", "recipe", "framer", "moments", "envelope", "filter", "logmel", "spectrum", "orders"]

LOGMEL_FIELDS = ["rate", "window", "hop", "bins", "low", "high", "frames", "emphasis", "scale", "offset"]
SPECTRUM_FIELDS = ["rate", "window", "hop", "bands", "low", "high", "spacing", "level", "scale", "offset"]
ENVELOPE_FIELDS = ["bands", "low", "high", "top", "scale", "offset"]
BEARING_FIELDS = ["bpfo", "bpfi", "bsf", "ftf"]
ORDERS_SIZE = 124
ORDERS_WORK = 1024
SPACINGS = ["linear", "log", "mel"]
LEVELS = ["absolute", "relative"]
MOST_FRAMES = 4096


class RecipeError(ValueError):
    """A recipe that the C refuses; `code` says why, in kebab case."""

    def __init__(self, code: str, text: str):
        super().__init__(f"{code}: {text}")
        self.code = code


def _fixed(value: float, one: int) -> int:
    return int(np.floor(value * one + 0.5))


def _load() -> ctypes.CDLL:
    """Compiles the C unless build/ has it already, by the hash of its sources, and loads it."""
    command = [os.environ.get("CC", "cc"), "-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    digest = hashlib.sha256(" ".join(command).encode())
    for path in sorted(SOURCES.glob("*.[ch]")):
        digest.update(path.read_bytes())
    library = ROOT / "build" / "dsp" / f"libdsp-{digest.hexdigest()[:16]}.so"
    if not library.exists():
        library.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=library.parent) as folder:
            made = Path(folder) / library.name
            subprocess.run([*command, "-o", made, *(SOURCES / f"{unit}.c" for unit in UNITS)], check=True)
            os.replace(made, library)
    c = ctypes.CDLL(str(library))
    size, pointer, signed = ctypes.c_size_t, ctypes.c_void_p, ctypes.c_int
    for name in ("logmel", "spectrum"):
        for function, result, arguments in (
            ("check", signed, [pointer]),
            ("bytes", size, [pointer]),
            ("init", pointer, [pointer, size, pointer]),
            ("push", size, [pointer, pointer, size]),
            ("need", size, [pointer]),
            ("read", size, [pointer, pointer, size]),
        ):
            bound = getattr(c, f"{name}_{function}")
            bound.restype, bound.argtypes = result, arguments
    c.spectrum_logs.restype, c.spectrum_logs.argtypes = size, [pointer, pointer, size]
    c.spectrum_moments.restype, c.spectrum_moments.argtypes = _Moments, [pointer]
    for function, result, arguments in (
        ("check", signed, [pointer]),
        ("bytes", size, [pointer]),
        ("init", pointer, [pointer, size, pointer]),
        ("push", None, [pointer, pointer, size]),
        ("ready", signed, [pointer]),
        ("measure", None, [pointer, pointer]),
        ("read", size, [pointer, pointer, size]),
    ):
        bound = getattr(c, f"orders_{function}")
        bound.restype, bound.argtypes = result, arguments
    c.recipe_code.restype = c.recipe_text.restype = ctypes.c_char_p
    return c


class _Moments(ctypes.Structure):
    _fields_ = [("rms", ctypes.c_uint32), ("kurtosis", ctypes.c_uint32), ("crest", ctypes.c_uint32)]


_c = _load()


class _State:
    """An object of the C in memory of its own."""

    def __init__(self, name: str, fields: list[int]):
        recipe = (ctypes.c_int32 * len(fields))(*fields)
        self._name = name
        problem = self._call("check", recipe)
        if problem:
            raise RecipeError(_c.recipe_code(problem).decode(), _c.recipe_text(problem).decode())
        self.bytes = self._call("bytes", recipe)
        self._memory = (ctypes.c_uint64 * (self.bytes // 8))()
        self._at = self._call("init", self._memory, self.bytes, recipe)

    def _call(self, function: str, *arguments):
        return getattr(_c, f"{self._name}_{function}")(*arguments)

    def push(self, samples: np.ndarray) -> int:
        """Takes int16 samples; how many frames or windows they completed."""
        samples = np.ascontiguousarray(samples, dtype=np.int16)
        return self._call("push", self._at, samples.ctypes.data, samples.size)

    def need(self) -> int:
        """Samples still to come before the next frame or window is complete."""
        return self._call("need", self._at)

    def _read(self, count: int) -> np.ndarray:
        to = np.empty(count, np.int8)
        self._call("read", self._at, to.ctypes.data, to.size)
        return to


class LogMel(_State):
    """A stream of sound: push samples, read the newest frames."""

    def __init__(self, recipe: dict):
        values = {"emphasis": 0, **recipe}
        ones = {"emphasis": 1 << 15, "scale": 1 << 16, "offset": 1 << 16}
        super().__init__("logmel", [_fixed(values[name], ones.get(name, 1)) for name in LOGMEL_FIELDS])
        self.shape = (recipe["frames"], recipe["bins"])

    def read(self) -> np.ndarray:
        """int8 [frames, bins], oldest first."""
        return self._read(self.shape[0] * self.shape[1]).reshape(self.shape)


class Spectrum(_State):
    """A stream of acceleration: push samples, read the last window's features and statistics."""

    def __init__(self, recipe: dict):
        envelope = recipe.get("envelope")
        named = {
            **recipe,
            "spacing": SPACINGS.index(recipe.get("spacing", "linear")),
            "level": LEVELS.index(recipe.get("level", "absolute")),
        }
        fields = [_fixed(named[name], 65536 if name in ("scale", "offset") else 1) for name in SPECTRUM_FIELDS]
        for name in ENVELOPE_FIELDS:
            fields.append(_fixed(envelope[name], 65536 if name in ("scale", "offset") else 1) if envelope else 0)
        super().__init__("spectrum", fields)
        self.dims = recipe["bands"] + (envelope["bands"] if envelope else 0)

    def read(self) -> np.ndarray:
        """int8 [bands + envelope bands]."""
        return self._read(self.dims)

    def logs(self) -> np.ndarray:
        """The same before normalising, scaling and rounding: log2 energies, float [bands + envelope bands]."""
        to = np.empty(self.dims, np.int16)
        self._call("logs", self._at, to.ctypes.data, to.size)
        return to / 256.0

    def moments(self) -> tuple[float, float, float]:
        """RMS (counts), kurtosis (3 for Gaussian noise) and crest factor."""
        m = self._call("moments", self._at)
        return m.rms / 4096, m.kurtosis / 65536, m.crest / 65536


class Orders(_State):
    """A stream of acceleration: push samples, measure and read windows of some 32 turns of a machine's shaft.

    machine: `shaft` in Hz, nominal, and the bearing's orders `bpfo`, `bpfi`, `bsf`, `ftf`.
    """

    def __init__(self, recipe: dict, machine: dict):
        fields = [recipe["rate"], *recipe["edges"], _fixed(recipe["scale"], 65536)]
        fields += [_fixed(machine[name], 65536) for name in ("shaft", *BEARING_FIELDS)]
        super().__init__("orders", fields)
        self._work = (ctypes.c_int32 * ORDERS_WORK)()

    def ready(self) -> bool:
        return bool(self._call("ready", self._at))

    def read(self) -> np.ndarray:
        """int8 [ORDERS_SIZE] of the window that ends now; to be called when it is ready."""
        self._call("measure", self._at, self._work)
        return self._read(ORDERS_SIZE)


def orders(samples: np.ndarray, recipe: dict, machine: dict, step: int) -> np.ndarray:
    """int8 [windows, ORDERS_SIZE]: what a device reads of a recording, which looks after every `step` samples, the hop of its
    spectrum."""
    samples = np.ascontiguousarray(samples, dtype=np.int16)
    state, windows = Orders(recipe, machine), []
    for at in range(0, samples.size - step + 1, step):
        state.push(samples[at : at + step])
        if state.ready():
            windows.append(state.read())
    return np.array(windows, np.int8).reshape(len(windows), ORDERS_SIZE)


def logmel(samples: np.ndarray, recipe: dict) -> np.ndarray:
    """All frames of a clip: int8 [frames completed, bins], oldest first, whatever the recipe says of frames."""
    samples = np.ascontiguousarray(samples, dtype=np.int16)
    total = max(0, (samples.size - recipe["window"]) // recipe["hop"] + 1)
    if total == 0:
        LogMel(recipe)
        return np.empty((0, recipe["bins"]), np.int8)
    if total <= MOST_FRAMES:
        mel = LogMel({**recipe, "frames": total})
        mel.push(samples)
        return mel.read()
    chunk = recipe["hop"] * MOST_FRAMES
    overlap = recipe["window"] - recipe["hop"]
    starts = range(0, recipe["hop"] * total, chunk)
    return np.concatenate([logmel(samples[start : start + chunk + overlap], recipe) for start in starts])


def spectrum(samples: np.ndarray, recipe: dict) -> tuple[np.ndarray, np.ndarray]:
    """All windows of a recording: features int8 [windows, dims], stats float [windows, 3] = RMS, kurtosis, crest."""
    features, stats, _ = spectrum_logs(samples, recipe)
    return features, stats


def spectrum_logs(samples: np.ndarray, recipe: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """As spectrum(), and the log2 energies before normalising, float [windows, dims]."""
    samples = np.ascontiguousarray(samples, dtype=np.int16)
    state = Spectrum(recipe)
    features, stats, logs = [], [], []
    at = 0
    while samples.size - at >= (need := state.need()):
        state.push(samples[at : at + need])
        at += need
        features.append(state.read())
        stats.append(state.moments())
        logs.append(state.logs())
    count = len(features)
    return (
        np.array(features, np.int8).reshape(count, state.dims),
        np.array(stats, float).reshape(count, 3),
        np.array(logs, float).reshape(count, state.dims),
    )
