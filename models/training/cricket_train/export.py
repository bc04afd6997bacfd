"""Puts what a run made into models/: model.tflite, its card with the measured cost, and its page.

A run folder that holds model.tflite and card.json is exported whole; one with folders of such pairs (vibration makes two
models), each of them.
"""

import argparse
import json
import shutil
from pathlib import Path

from . import cost
from .cards import read_card, write_card
from .errors import Failure
from .paths import MODELS, RUNS


def packages(run):
    """Folders of a run that hold a model with its card. @raises Failure no-run, no-model"""
    if not run.is_dir():
        raise Failure("no-run", f"{run}: there is no such run; `ls {RUNS}` shows those there are", usage=True)
    found = [card.parent for card in sorted(run.rglob("card.json")) if (card.parent / "model.tflite").is_file()]
    if not found:
        raise Failure("no-model", f"{run} holds no model.tflite with a card.json: the run has not come to its end")
    return found


def ship(made, to=MODELS):
    """One package into models/KIND. Its old card's evaluation is gone: it was another model's."""
    card = json.loads((made / "card.json").read_text())
    measured = cost.measure(made / "model.tflite")
    if measured["arena"] > card["arena"]:
        raise Failure("arena-too-small", f"the card sets {card['arena']} bytes aside, the kernel needs {measured['arena']}")
    folder = to / card["kind"]
    folder.mkdir(parents=True, exist_ok=True)
    same = (folder / "model.tflite").is_file() and (folder / "model.tflite").read_bytes() == (made / "model.tflite").read_bytes()
    if same and "evaluation" not in card and "evaluation" in (old := read_card(folder)):
        card["evaluation"] = old["evaluation"]
    shutil.copyfile(made / "model.tflite", folder / "model.tflite")
    write_card(folder, {**{key: value for key, value in card.items() if key != "schema"}, "cost": measured})
    return folder


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="cricket-train export", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", help="the run's folder, or its name in models/training/runs")
    parser.add_argument("--to", type=Path, default=MODELS, metavar="FOLDER", help="instead of models/")
    chosen = parser.parse_args(arguments)
    run = Path(chosen.run)
    for made in packages(run if run.is_dir() else RUNS / chosen.run):
        print(ship(made, chosen.to))
