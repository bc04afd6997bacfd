"""Speech from three synthesizers, so that words that few people have recorded for us are still said by many voices.

espeak-ng is a formant synthesizer: it sounds of metal, but has accents, speakers, speed, pitch and intonation by the
hundred. flite and festival join or model recordings of seven people: more natural, fewer. Every clip is one word, or a
sentence, without noise, trimmed to the speech, 16 kHz. Which voice says what is drawn from a fixed seed, so a second
run finds its clips in the cache."""

import json
import random
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from ..paths import CACHE
from .vocabulary import KEYWORDS, SENTENCES, UNKNOWN

RATE = 16000

ACCENTS = [
    "en-gb",
    "en-us",
    "en-us",
    "en-us",
    "en-gb-scotland",
    "en-gb-x-gbclan",
    "en-gb-x-rp",
    "en-gb-x-gbcwmd",
    "en-029",
    "en-us-nyc",
]
# The variants that sound like people; robots, whispers and effects are left out.
SPEAKERS = """
m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt4 Alex Alicia Andrea Andy Annie adam antonio aunty belinda
benjamin boris caleb david Denis Diogo ed edward gene gustave Henrique Hugo john Lee linda marcelo Marco mike michael
norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 travis victor zac anika grandma grandpa
""".split()
FLITE = ["awb", "rms", "slt", "kal16", "kal"]
FESTIVAL = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]
# How a word is closed decides its melody.
ENDINGS = ["", "", ".", "!", "?", ","]


def trimmed(samples, rate):
    """The speech of a noiseless clip as float32 at 16 kHz, peak 0.5, with 10 ms of margin; None if it holds none."""
    if samples.ndim > 1:
        samples = samples[:, 0]
    if rate != RATE:
        common = np.gcd(rate, RATE)
        samples = resample_poly(samples, RATE // common, rate // common)
    peak = np.abs(samples).max() if len(samples) else 0
    if peak < 1e-3:
        return None
    loud = np.flatnonzero(np.abs(samples) > 0.02 * peak)
    margin = RATE // 100
    first, last = max(loud[0] - margin, 0), loud[-1] + margin
    return (samples[first:last] * (0.5 / peak)).astype(np.float32)


def _espeak(text, rng):
    speaker = rng.choice(SPEAKERS)
    command = ["espeak-ng", "--stdout", "-v", f"{rng.choice(ACCENTS)}+{speaker}"]
    command += ["-s", str(rng.randint(115, 230)), "-p", str(rng.randint(15, 85)), text]
    return f"espeak-{speaker}", command


def _flite(text, rng):
    voice = rng.choice(FLITE)
    mean = {"slt": 180, "awb": 120, "rms": 105, "kal16": 105, "kal": 105}[voice] * rng.uniform(0.8, 1.3)
    command = ["flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(0.7, 1.5):.2f}"]
    command += ["--setf", f"int_f0_target_mean={mean:.0f}", "--setf", f"int_f0_target_stddev={rng.uniform(8, 40):.0f}"]
    return f"flite-{voice}", [*command, "-t", text, "-o", "/dev/stdout"]


def _festival_script(requests, folder):
    """One Scheme program for all requests of a voice: festival takes longer to start than to speak."""
    lines = []
    for request in requests:
        rng = random.Random(request["name"])
        lines.append(f"(voice_{request['voice']})")
        if request["voice"].endswith("diphone"):
            mean = rng.uniform(85, 190)
            lines.append(
                f"(set! int_lr_params '((target_f0_mean {mean:.0f}) (target_f0_std {rng.uniform(8, 35):.0f})"
                " (model_f0_mean 170) (model_f0_std 34)))"
            )
        lines.append(f"(Parameter.set 'Duration_Stretch {rng.uniform(0.7, 1.4):.2f})")
        target = folder / f"{request['name']}.wav"
        lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{request["text"]}")) "{target}" \'riff)')
    return "\n".join(lines)


def _requests(counts):
    """What is to be said: {"name", "word", "engine", "text"}. `counts` gives clips a word for (keyword, unknown,
    sentence)."""
    requests = []
    for kind, texts in (("keyword", KEYWORDS), ("unknown", UNKNOWN), ("sentence", SENTENCES)):
        for index, text in enumerate(texts):
            for engine, count in counts[kind].items():
                for take in range(count):
                    stem = text if kind != "sentence" else f"sentence{index:03d}"
                    name = f"{engine}_{stem}_{take:04d}"
                    rng = random.Random(name)
                    said = text + (rng.choice(ENDINGS) if kind != "sentence" else "")
                    requests.append({"name": name, "word": stem, "kind": kind, "engine": engine, "text": said})
    return requests


COUNTS = {
    "keyword": {"espeak": 500, "flite": 120, "festival": 45},
    "unknown": {"espeak": 20, "flite": 6, "festival": 3},
    "sentence": {"espeak": 6, "flite": 2, "festival": 1},
}


def synthesize(folder=CACHE / "synth", counts=COUNTS):
    """Makes what is missing in the cache; returns [{"name", "word", "kind", "voice", "path"}] of everything in it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    requests = _requests(counts)
    index_path = folder / "index.json"
    wanted = sorted(request["name"] for request in requests)
    if index_path.exists():
        index = json.loads(index_path.read_text())
        if index["wanted"] == wanted:
            return [clip | {"path": folder / f"{clip['name']}.wav"} for clip in index["clips"]]

    def store(request, samples, rate):
        speech = trimmed(samples, rate)
        if speech is None:
            return None
        soundfile.write(folder / f"{request['name']}.wav", speech, RATE, subtype="PCM_16")
        return {key: request[key] for key in ("name", "word", "kind", "voice")}

    def speak(request):
        rng = random.Random(request["name"])
        request["voice"], command = (_espeak if request["engine"] == "espeak" else _flite)(request["text"], rng)
        sound = subprocess.run(command, capture_output=True, check=True).stdout
        samples, rate = _wav(sound)
        return store(request, samples, rate)

    with ThreadPoolExecutor(2) as pool:
        clips = list(pool.map(speak, [r for r in requests if r["engine"] != "festival"]))

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        batch = [r for r in requests if r["engine"] == "festival"]
        for request in batch:
            request["voice"] = random.Random(request["name"]).choice(FESTIVAL)
        batch.sort(key=lambda r: r["voice"])
        script = scratch / "speak.scm"
        script.write_text(_festival_script(batch, scratch))
        subprocess.run(["festival", "-b", str(script)], check=True, capture_output=True)
        for request in batch:
            samples, rate = soundfile.read(scratch / f"{request['name']}.wav")
            request["voice"] = f"festival-{request['voice']}"
            clips.append(store(request, samples, rate))

    clips = [clip for clip in clips if clip]
    index_path.write_text(json.dumps({"wanted": wanted, "clips": clips}))
    return [clip | {"path": folder / f"{clip['name']}.wav"} for clip in clips]


def say(text, engine, rng):
    """One clip by a voice of "espeak" or "flite" that the random.Random draws."""
    _, command = (_espeak if engine == "espeak" else _flite)(text, rng)
    return trimmed(*_wav(subprocess.run(command, capture_output=True, check=True).stdout))


def _wav(data):
    """Samples in [-1, 1] and rate of a 16-bit WAV that came through a pipe, whose header gives no true length."""
    rate = int.from_bytes(data[24:28], "little")
    start = data.index(b"data") + 8
    body = data[start : start + (len(data) - start) // 2 * 2]
    return np.frombuffer(body, "<i2").astype(np.float32) / 32768, rate
