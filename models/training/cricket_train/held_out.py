"""Recordings that a model of a run has not heard, as folders that `cricket eval` takes: links to the recordings, or cuts."""

import json

from .errors import Failure
from .paths import CACHE, DATA

FOLDER = CACHE / "held-out"


def _emptied(name):
    folder = FOLDER / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def _linked(name, files):
    folder = _emptied(name)
    for path in files:
        (folder / path.name).symlink_to(path.resolve())
    if not files:
        raise Failure("no-data", f"{DATA} holds no {name} of people left out")
    return folder


def words():
    """Words by the people that development leaves out."""
    from .keyword.recordings import held_out

    return _linked("words", [path for path in sorted((DATA / "words").glob("*.flac")) if held_out(path.stem.split("_")[1])])


def listening():
    """Hours of running speech and noise in which nothing is to be named, synthesized; no text of it is in training."""
    from .keyword.judging import listening

    return listening()[0].parent


def digits(speaker):
    """All digits that one person says."""
    return _linked(f"digits-{speaker}", sorted((DATA / "digits").glob(f"*_{speaker}_*.wav")))


def package(run, name):
    """A run's NAME.tflite with the run's card, as a model package. @raises Failure no-run"""
    model, card = run / f"{name}.tflite", run / "card.json"
    if not (model.is_file() and card.is_file()):
        raise Failure("no-run", f"{run} has no {name}.tflite with a card.json: give a run of `cricket-train keyword` that has ended")
    folder = _emptied(f"model-{name}")
    (folder / "model.tflite").symlink_to(model.resolve())
    (folder / "model.json").write_text(json.dumps({"schema": 1, **json.loads(card.read_text())}))
    return folder
