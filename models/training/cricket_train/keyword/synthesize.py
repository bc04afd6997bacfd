"""Speech from three synthesizers, so that words that few people have recorded for us are still said by many voices.

espeak-ng is a formant synthesizer: it sounds of metal, but has accents, speakers, speed, pitch and intonation by the
hundred. flite and festival join or model recordings of people: more natural, fewer. Festival's voices of other languages
(eleven more people, four of them women, one a child) say the keywords in respellings, so with an accent. Every clip is
one word, or a sentence, without noise, trimmed to the speech, 16 kHz. Which voice says what is drawn from a fixed seed, so
a second run finds its clips in the cache."""

import json
import random
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly
from tqdm import tqdm

from ..paths import CACHE
from .vocabulary import KEYWORDS, SPELLING, UNKNOWN, dictionary_words, sentences

RATE = 16000

ACCENTS = ["en-gb", "en-us", "en-us", "en-us", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-rp", "en-gb-x-gbcwmd", "en-029"]
ACCENTS += ["en-us-nyc"]
# The variants that sound like people; robots, whispers and effects are left out.
SPEAKERS = """
m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f4 f5 klatt klatt2 klatt4 Alex Alicia Andrea Andy Annie adam antonio aunty belinda
benjamin boris caleb david Denis Diogo ed edward gene gustave Henrique Hugo john Lee linda marcelo Marco mike michael
norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 travis victor zac anika grandma grandpa
""".split()
FLITE = ["awb", "rms", "slt", "kal16", "kal"]
ENGLISH = ["kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts"]
# voice -> the language that it was made for
BORROWED = {
    "czech_dita": "czech",
    "czech_krb": "czech",
    "czech_machac": "czech",
    "czech_ph": "czech",
    "lp_diphone": "italian",
    "pc_diphone": "italian",
    "suo_fi_lj_diphone": "finnish",
    "hy_fi_mv_diphone": "finnish",
    "upc_ca_ona_hts": "catalan",
    "msu_ru_nsh_clunits": "russian",
    "hindi_NSK_diphone": "hindi",
    "telugu_NSK_diphone": "telugu",
}
# How a word is closed decides its melody.
ENDINGS = ["", "", ".", "!", "?", ","]

# Clips by kind of text and synthesizer: of every keyword, of every unknown word, of all dictionary words and sentences.
KEYWORD_CLIPS = {"espeak": 330, "flite": 110, "festival": 40, "borrowed": 5 * len(BORROWED)}
UNKNOWN_CLIPS = {"espeak": 9, "flite": 4, "festival": 2}
DICTIONARY_WORDS = {"espeak": 2400, "flite": 1300, "festival": 500}
SENTENCES = {"espeak": 1000, "flite": 600, "festival": 200}


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
        lines.append(f"(voice_{request['speaker']})")
        if request["speaker"] in ("kal_diphone", "ked_diphone"):
            mean = rng.uniform(85, 190)
            lines.append(
                f"(set! int_lr_params '((target_f0_mean {mean:.0f}) (target_f0_std {rng.uniform(8, 35):.0f})"
                " (model_f0_mean 170) (model_f0_std 34)))"
            )
        lines.append(f"(Parameter.set 'Duration_Stretch {rng.uniform(0.7, 1.4):.2f})")
        target = folder / f"{request['name']}.wav"
        lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{request["text"]}")) "{target}" \'riff)')
    return "\n".join(lines)


def _requests():
    """What is to be said: {"name", "word", "kind", "engine", "text", "speaker" where it is known}."""
    requests = []

    def ask(kind, engine, stem, take, text, **more):
        name = f"{engine}_{stem}_{take:04d}"
        requests.append({"name": name, "word": stem, "kind": kind, "engine": engine, "text": text, **more})

    for kind, texts, clips in (("keyword", KEYWORDS, KEYWORD_CLIPS), ("unknown", sorted(set(UNKNOWN)), UNKNOWN_CLIPS)):
        for text in texts:
            for engine, count in clips.items():
                for take in range(count):
                    if engine == "borrowed":
                        voice = list(BORROWED)[take % len(BORROWED)]
                        ask(kind, engine, text, take, SPELLING[BORROWED[voice]][text], speaker=voice)
                    else:
                        ending = random.Random(f"{engine}{text}{take}").choice(ENDINGS)
                        ask(kind, engine, text, take, text + ending)
    words = iter(dictionary_words(sum(DICTIONARY_WORDS.values())))
    for engine, count in DICTIONARY_WORDS.items():
        for take in range(count):
            word = next(words)
            ask("unknown", engine, word, take, word)
    pieces = iter(sentences(sum(SENTENCES.values())))
    for engine, count in SENTENCES.items():
        for take in range(count):
            ask("sentence", engine, "sentence", take, next(pieces))
    return requests


def synthesize(folder=CACHE / "synth20"):
    """Makes what is missing in the cache; returns [{"name", "word", "kind", "voice", "path"}] of everything in it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    requests = _requests()
    index_path = folder / "index.json"
    wanted = sorted(request["name"] for request in requests)
    if index_path.exists():
        index = json.loads(index_path.read_text())
        if index["wanted"] == wanted:
            return [clip | {"path": folder / f"{clip['name']}.wav"} for clip in index["clips"]]

    def store(request, samples, rate):
        speech = trimmed(samples, rate)
        if speech is None or (request["kind"] == "keyword" and len(speech) > 1.3 * RATE):
            return None
        soundfile.write(folder / f"{request['name']}.wav", speech, RATE, subtype="PCM_16")
        return {key: request[key] for key in ("name", "word", "kind", "voice")}

    def speak(request):
        rng = random.Random(request["name"])
        request["voice"], command = (_espeak if request["engine"] == "espeak" else _flite)(request["text"], rng)
        if (folder / f"{request['name']}.wav").exists():  # of a run that was broken off
            return {key: request[key] for key in ("name", "word", "kind", "voice")}
        sound = subprocess.run(command, capture_output=True, check=True).stdout
        samples, rate = _wav(sound)
        return store(request, samples, rate)

    quick = [r for r in requests if r["engine"] in ("espeak", "flite")]
    with ThreadPoolExecutor(2) as pool:
        clips = list(tqdm(pool.map(speak, quick), "espeak-ng, flite", len(quick), unit="clip", disable=None))
    slow = [r for r in requests if r["engine"] not in ("espeak", "flite")]
    clips += [store(request, *sound) for request, sound in _festival(slow)]

    clips = [clip for clip in clips if clip]
    index_path.write_text(json.dumps({"wanted": wanted, "clips": clips}))
    return [clip | {"path": folder / f"{clip['name']}.wav"} for clip in clips]


def _festival(requests):
    """(request, (samples, rate)) of each: a process a voice, since a voice leaves its settings behind for the next. Where a
    voice breaks off, a process a clip, and what it cannot say is left out."""
    for request in requests:
        request.setdefault("speaker", random.Random(request["name"]).choice(ENGLISH))
        request["voice"] = f"festival-{request['speaker']}"
    voices = sorted({request["speaker"] for request in requests})
    for voice in tqdm(voices, "festival", unit="voice", disable=None):
        batch = [request for request in requests if request["speaker"] == voice]
        with tempfile.TemporaryDirectory() as scratch:
            scratch = Path(scratch)
            if not _run_festival(batch, scratch):
                for request in batch:
                    _run_festival([request], scratch)
            for request in batch:
                path = scratch / f"{request['name']}.wav"
                if path.exists() and path.stat().st_size > 1000:
                    yield request, soundfile.read(path)


def _run_festival(requests, folder):
    script = folder / "speak.scm"
    script.write_text(_festival_script(requests, folder))
    return subprocess.run(["festival", "-b", str(script)], capture_output=True).returncode == 0


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
