"""Hours in which nothing is to be named: everyday sentences and words in a row, spoken by all synthesizers in rooms and over
noise, none of the texts heard in training; and noise alone. As WAV files, so that the device itself can listen to them:

    cricket eval keyword build/training/listening --stream
"""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import soundfile
from tqdm import tqdm

from ..paths import CACHE
from .augment import RATE, colour, noise, room
from .recordings import noises
from .synthesize import say
from .vocabulary import KEYWORDS, dictionary_words

SENTENCES = [
    "the quick brown fox jumps over the lazy dog",
    "please bring me a large coffee with milk",
    "the motor in the second hall is running hot",
    "could you tell me where the railway station is",
    "my brother bought a yellow bicycle last summer",
    "the weather will be cloudy with a little rain",
    "open the window before you leave the room",
    "she has been waiting for the train since morning",
    "measure the temperature of the bearing every hour",
    "the children were playing in the garden",
    "it takes about twenty minutes to reach the river",
    "put the letters in the drawer under the printer",
    "what time does the next bus leave for the airport",
    "a large espresso with cream and brown sugar",
    "the battery of the sensor should last for ten years",
    "hardly anybody believed that the machine would work",
    "can I have a medium latte with extra foam",
    "he painted the front door green and the fence white",
    "our neighbours are travelling across the mountains",
    "remember to call your mother after dinner",
    "the signal was weak but the message arrived",
    "let me think about that for a minute",
    "the library is closed because of the holiday",
    "we heard music from the apartment upstairs",
    "you should have told me that much earlier",
    "there was a strange noise behind the pump this morning",
    "the old ladder is still leaning against the wall",
    "several engineers looked at the drawing for an hour",
    "her daughter wants to become a doctor in the city",
    "the price of bread has risen again this winter",
    "they are building a bridge near the harbour",
    "somebody has forgotten an umbrella in the hall",
    "the valve must be opened slowly and with care",
    "I would rather walk than take the bus today",
    "the cat was sleeping under the kitchen table",
    "we will need more paper for the printer soon",
    "the teacher asked the students to be quiet",
    "most of the water is lost through the old pipe",
    "a small bird was singing in the apple tree",
    "the meeting has been moved to Wednesday afternoon",
    "his answer was short and rather surprising",
    "all visitors have to wear a helmet and gloves",
    "the concert begins at the usual time",
    "that film was much longer than the book",
    "the machine makes a humming sound when it is warm",
    "please write your name and address in capital letters",
    "they found the missing key under the carpet",
    "the doctor told him to drink more water",
    "this road leads to a village by the lake",
    "the engine was cold and would hardly start",
    "there is fresh fruit in the basket",
    "the postman came earlier than usual",
    "she learned to play the violin as a child",
    "the lamp above the table is broken",
    "many thanks for the invitation to your birthday party",
    "the vibration increased during the last weeks",
    "he carried the heavy boxes across the yard",
    "in autumn the leaves turn yellow and red",
    "that was the best soup I have ever eaten",
    "the museum opens later in the winter months",
]
assert not {word for text in SENTENCES for word in text.split()} & set(KEYWORDS)
HOURS_OF_SPEECH, HOURS_OF_NOISE = 2.0, 0.5
PART = 300  # seconds a file


def listening(folder=CACHE / "listening", seed=4711):
    """The files, made where they are missing: speech_*.wav and noise_*.wav, 16-bit at 16 kHz."""
    speech = round(HOURS_OF_SPEECH * 3600 / PART)
    names = [folder / f"speech_{index:02d}.wav" for index in range(speech)]
    names += [folder / f"noise_{index:02d}.wav" for index in range(round(HOURS_OF_NOISE * 3600 / PART))]
    folder.mkdir(parents=True, exist_ok=True)
    for index, path in enumerate(tqdm(names, "hours to listen to", unit="file", disable=None)):
        if not path.exists():
            sound = _speech([seed, index]) if path.name.startswith("speech") else _noise([seed, index])
            soundfile.write(path, np.clip(sound, -1, 1), RATE, subtype="PCM_16")
    return names


def _speech(seed):
    """PART seconds of sentences with breaths between, or, every second time, pauses of up to 3 s; each sentence by another
    voice and in a scene of its own."""
    longest = 3.0 if seed[-1] % 2 else 1.2
    texts, rng = random.Random(str(seed)), np.random.default_rng(seed)
    plain = dictionary_words(4000, seed=seed[0])
    track = np.zeros(0, np.float32)
    while len(track) < PART * RATE:
        wanted = []
        for _ in range(8):
            text = texts.choice(SENTENCES) if texts.random() < 0.7 else " ".join(texts.choices(plain, k=texts.randint(4, 10)))
            wanted.append((text, texts.choice(["espeak", "flite"]), random.Random(texts.random())))
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda request: say(*request), wanted))
        for voice in said:
            voice = np.concatenate([voice, np.zeros(int(rng.uniform(0.1, longest) * RATE), np.float32)])
            if rng.random() < 0.5:
                voice = colour(voice, rng)
            if rng.random() < 0.5:
                voice = room(voice, rng)
            voice *= rng.uniform(0.05, 0.6) / (np.abs(voice).max() + 1e-6)
            power = np.sqrt((voice**2).mean())
            track = np.concatenate([track, voice + noise(len(voice), noises(True), rng) * power * 10 ** (-rng.uniform(5, 40) / 20)])
    return track[: PART * RATE]


def _noise(seed):
    rng = np.random.default_rng(seed)
    parts = [noise(10 * RATE, noises(True), rng) * 10 ** (-rng.uniform(12, 60) / 20) for _ in range(PART // 10)]
    return np.concatenate(parts) * 0.5
