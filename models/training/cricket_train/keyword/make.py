"""Makes the keyword model: speech, windows, the network that ships, its decision, its card.

Three models come of a run. The *development* model has not heard the people held out, nor any speaker of the digits' data
set: it is judged by them, and its decision is chosen on it. Four *folds* go on from it with three speakers of the digits
each, and are judged by the fourth. The *shipped* model goes on with all of them; what it does on people whom nobody here
has heard is what the others have shown.
"""

import argparse

import numpy as np

from ..cards import golden
from ..interval import poisson_per_hour, wilson
from ..options import common, settle
from ..run import Run
from . import decide
from .data import RECIPE, windows_of
from .judging import listening
from .network import Architecture, Runner, build, operators, to_float32, to_int8
from .recordings import digits, held_out, real_words
from .train import fit, scored
from .vocabulary import KEYWORDS, LABELS

VERSION = "2"
SEED = 20261122
# From the search (docs/models.md): the most accurate one within 64 KB.
SHIPPED = Architecture((16, 5, 5, 2, 4), ((44, 1, 5), (52, 2, 5)))
STEPS, SPEECH_STEPS, FURTHER_STEPS = 16_000, 5_000, 2_500
SPEAKERS = ("george", "jackson", "lucas", "nicolas")
ARENA = 16384  # `cricket model inspect` says what is needed

PROVENANCE = {
    "training": [
        {
            "data": "Speech Commands v0.02 (Google), part of its training and validation speakers, and its background noise",
            "licence": "CC BY 4.0",
        },
        {"data": "Free Spoken Digit Dataset, speakers george, jackson, lucas and nicolas", "licence": "CC BY-SA 4.0"},
        {"data": "Picovoice speech-to-intent-benchmark, running speech as negatives", "licence": "Apache-2.0"},
        {
            "data": "speech synthesized by espeak-ng, flite and festival (20 people's voices and formant voices)",
            "licence": "made by this project",
        },
    ],
    "held_out": "whole speakers: nobody that `accuracy` is measured on was heard by the model that is measured",
    "made_by": "models/training (cricket-train keyword)",
}


def trained(part, run, data, steps, seed, judged, **more):
    """A model, its progress in the run's folder as curves, or as it was left there by a run that was broken off."""
    weights = run.folder / f"{part}.weights.h5"
    if weights.exists():
        model = build(SHIPPED, RECIPE["frames"], RECIPE["bins"], len(LABELS))
        model.load_weights(weights)
        return model

    def judge(model):
        right = scored(model, judged[0]).argmax(1) == judged[1]
        return {"accuracy": float(right.mean()), "keywords": float(right[judged[1] > 1].mean())}

    run.say(f"{part}: {len(data[1])} windows, {steps} steps")
    tell = lambda step, figures: run.curve(step, **figures) if part == "base" else run.say(f"  {step}: {figures}")  # noqa: E731
    model = fit(SHIPPED, data, judge, steps=steps, seed=seed, progress=tell, **more)
    model.save_weights(weights)
    return model


def train_all(run, seed, scale):
    """({"development", "shipped" and each speaker: model}, typical windows, windows to judge by)."""
    base, judged = windows_of("base", seed), windows_of("judged", seed)
    spoken, kept, speech = windows_of("digits", seed), windows_of("kept", seed), windows_of("speech", seed)
    typical = base[0][np.random.default_rng(seed).choice(len(base[0]), 500, replace=False)]
    first = trained("base", run, base[:2], STEPS // scale, seed, judged)
    heard = joined(base[:2], speech[:2])
    on = lambda part, data, steps, model, rate: trained(  # noqa: E731
        part, run, data, steps // scale, seed, judged, start=model.get_weights(), rate=rate
    )
    models = {"development": on("development", heard, SPEECH_STEPS, first, 2e-3)}
    everything = joined(heard, spoken[:2], kept[:2])
    models["shipped"] = on("shipped", everything, FURTHER_STEPS, models["development"], 1.5e-3)
    for speaker in SPEAKERS:
        others = spoken[2] != speaker
        data = joined(heard, (spoken[0][others], spoken[1][others]))
        models[speaker] = on(f"fold-{speaker}", data, FURTHER_STEPS, models["development"], 1.5e-3)
    return models, typical, judged


def joined(*parts):
    return tuple(np.concatenate(arrays) for arrays in zip(*parts, strict=True))


def scores_of(data):
    """A run for decide.py: the .tflite itself, int8 windows to scores."""
    runner = Runner(data)
    return lambda windows: (runner(windows).astype(np.float32) + 128) / 256


def golden_vectors(data, windows, labels):
    """Windows of four labels with the kernel's scores."""
    chosen = [int(np.flatnonzero(labels == kind)[0]) for kind in (0, 1, 2, LABELS.index("yes"))]
    return golden(list(zip(windows[chosen], Runner(data)(windows[chosen]), strict=True)))


def share(flags):
    low, high = wilson(sum(flags), len(flags))
    return {"right": sum(flags), "of": len(flags), "low": round(low, 4), "high": round(high, 4)}


def main(arguments):
    parser = argparse.ArgumentParser(prog="cricket-train keyword", description=__doc__)
    common(parser, seed=SEED)
    parser.add_argument("--quick", action="store_true", help="a hundredth of the steps: does it all hang together?")
    chosen = settle(parser.parse_args(arguments))
    run = Run("keyword", vars(chosen), name=chosen.run)
    scale = 100 if chosen.quick else 1

    base, judged = windows_of("base", chosen.seed), windows_of("judged", chosen.seed)
    spoken, kept = windows_of("digits", chosen.seed), windows_of("kept", chosen.seed)

    model = trained("development", run, SHIPPED, base[:2], STEPS // scale, chosen.seed, judged)
    model.save_weights(run.folder / "development.weights.h5")
    typical = base[0][np.random.default_rng(chosen.seed).choice(len(base[0]), 500, replace=False)]
    exported = to_int8(model, typical)
    run.keep("development.tflite", exported)

    clips = [clip for clip in real_words() if held_out(clip.speaker)]
    judgement = decide.Judgement(scores_of(exported), clips + digits(10), listening())
    decision, sweep = decide.choose(judgement)
    run.keep("sweep.json", sweep)
    run.say(f"decision: {decision}")
    result = judgement.of(decision)
    accuracy = {
        "windows": windows_right(exported, model, judged),
        "people_held_out": words_right(result["heard"], "real"),
        "digits_never_heard": words_right(result["heard"], "digits"),
        "other_words_given_a_keyword": share([bool(found) for clip, found in result["heard"] if not clip.keyword]),
        "false_accepts_per_hour": dict(
            zip(("rate", "upper_95"), poisson_per_hour(round(result["false_per_hour"] * judgement.hours), judgement.hours))
        )
        | {"hours": round(judgement.hours, 2)},
    }
    run.confusion(LABELS, decide.confusion(judgement, decision))

    further = FURTHER_STEPS // scale
    start = model.get_weights()
    more = {"rate": 1e-3, "start": start}
    for speaker in SPEAKERS:
        others = spoken[2] != speaker
        part = joined(base[:2], (spoken[0][others], spoken[1][others]))
        fold = trained(f"fold-{speaker}", run, SHIPPED, part, further, chosen.seed, judged, **more)
        data = run.keep(f"fold-{speaker}.tflite", to_int8(fold, typical)).read_bytes()
        theirs = decide.Judgement(scores_of(data), [clip for clip in digits() if clip.speaker == speaker], [])
        accuracy.setdefault("digits_by_speaker_left_out", {})[speaker] = words_right(theirs.of(decision)["heard"], "digits")
        run.say(f"  {speaker}: {accuracy['digits_by_speaker_left_out'][speaker]}")

    everything = joined(base[:2], spoken[:2], kept[:2])
    shipped = trained("shipped", run, SHIPPED, everything, further, chosen.seed, judged, **more)
    shipped.save_weights(run.folder / "shipped.weights.h5")
    data = to_int8(shipped, typical)
    run.keep("model.tflite", data)
    run.keep("float32.tflite", to_float32(model))
    run.report({"title": "keyword", "figures": flat(accuracy), "classes": by_word(result["heard"])})
    run.finish(
        {
            "name": "keyword",
            "version": VERSION,
            "kind": "keyword",
            "labels": LABELS,
            "recipe": RECIPE,
            "decision": decision,
            "arena": ARENA,
            "operators": operators(data),
            "agent": "0.1.0",
            "provenance": PROVENANCE,
            "accuracy": accuracy,
            "golden": golden_vectors(data, *judged[:2]),
        }
    )


def windows_right(exported, model, judged):
    """Windows of the people held out that the float network and the int8 one name rightly."""
    whole = scored(model, judged[0]).argmax(1) == judged[1]
    small = Runner(exported)(judged[0]).argmax(1) == judged[1]
    return {"float32": round(float(whole.mean()), 4), "int8": round(float(small.mean()), 4), "windows": len(judged[1])}


def words_right(heard, source):
    known = [(clip, found) for clip, found in heard if clip.keyword and clip.source == source]
    return share([set(found) == {clip.word} for clip, found in known]) | {
        "wrong": sum(any(label != clip.word for label in found) for clip, found in known),
        "unknown": sum(not found for _, found in known),
    }


def by_word(heard):
    counts = {word: [0, 0] for word in (*KEYWORDS, "unknown")}
    for clip, found in heard:
        count = counts[clip.word if clip.keyword else "unknown"]
        count[0] += set(found) == ({clip.word} if clip.keyword else set())
        count[1] += 1
    return {word: count for word, count in counts.items() if count[1]}


def flat(figures, before=""):
    """{"a b": value} of nested figures, as the report's page lists them."""
    out = {}
    for key, value in figures.items():
        name = f"{before} {key}".strip().replace("_", " ")
        out |= flat(value, name) if isinstance(value, dict) else {name: value}
    return out


