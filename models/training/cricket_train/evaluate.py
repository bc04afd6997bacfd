"""Judges models by the device's own pipeline (`cricket eval`) on recordings that they were not trained on, and writes what came
out into the card and page.

keyword: without a folder, with the models of a run. The shipped model has heard everybody; so words by the people
left out judge the development model, and the digits of each speaker the fold that has not heard that speaker. Hours of speech
and noise without a keyword judge the shipped model, and so does a folder, when one is given. vibration: nothing is trained on recordings, so the shipped models on all of them.
"""

import argparse
import collections
import json
import os
import statistics
import subprocess
from pathlib import Path

from . import held_out
from .cards import read_card, write_card
from .errors import Failure
from .options import settle
from .paths import DATA, MODELS, PROJECT, RUNS

DEVELOPMENT = "Of the model before it was trained on with the people left out: the model that ships has heard them."
HOURS = "Of the model that ships. Sentences without keywords by all synthesized voices, in rooms and noise; no text of them is in training."
FOLDS = "Each speaker by a model that was trained on with the other three only: the model that ships has heard all four."


def _cricket(*words):
    """What `cricket eval` says in JSON; its bar stays on stderr. @raises Failure eval-failed"""
    command = ["node", "tools/bin/cricket.js", "eval", *map(str, words), "--json"]
    ran = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        raise Failure("eval-failed", f"cricket eval {' '.join(map(str, words))} ended with {ran.returncode}; its message is above")
    return json.loads(ran.stdout)


def _counted(results):
    counts = collections.Counter(result["verdict"] for result in results)
    return {"files": len(results), **{verdict: counts[verdict] for verdict in ("right", "wrong", "unknown")}}


def _grouped(results, key):
    groups = collections.defaultdict(list)
    for result in results:
        if result.get(key):
            groups[result[key]].append(result)
    return dict(sorted(groups.items()))


def words(labels, *said):
    """What a card keeps of `eval keyword`, of several calls together: counts by label, the spread over speakers, confusion."""
    results = [result for one in said for result in one["results"]]
    keywords = set(labels) - {"silence", "unknown"}
    others = [result for result in results if result["label"] not in keywords and result["label"] != "silence"]
    all_of_them = _counted(results)
    share = lambda verdict: all_of_them[verdict] / max(1, all_of_them["files"])  # noqa: E731
    people = {who: _counted(theirs) for who, theirs in _grouped(results, "speaker").items()}
    kept = {
        "files": len(results),
        "accuracy": share("right"),
        "wrong": share("wrong"),
        "unknown": share("unknown"),
        "known": _counted([result for result in results if result["label"] in keywords]),
        "others": {"files": len(others), "named": sum(result["verdict"] == "wrong" for result in others)},
        "labels": {label: _counted(own) for label, own in _grouped(results, "label").items()},
        "confusion": {
            label: dict(sorted(collections.Counter(result["heard"] for result in own).items()))
            for label, own in _grouped(results, "label").items()
        },
    }
    if people:
        rates = {who: count["right"] / count["files"] for who, count in people.items()}
        worst = min(rates, key=rates.get)
        kept["speakers"] = {"count": len(people), "median": statistics.median(rates.values()), "worst": {"name": worst, **people[worst]}}
    return kept


def stream(said):
    """What a card keeps of `eval keyword --stream`."""
    return {key: said[key] for key in ("files", "count", "hours", "per_hour", "upper")}


def machines(said):
    """What a card keeps of `eval vibration`."""
    return {key: said[key] for key in ("auc", "auc_recordings", "recordings", "windows", "alarms", "counts", "confusion", "limits")}


def _newest_run():
    runs = sorted(RUNS.glob("keyword-*/card.json"), key=lambda path: path.stat().st_mtime)
    if not runs:
        raise Failure("no-run", f"no finished run of `cricket-train keyword` in {RUNS}: make one, or give a folder of other recordings")
    return runs[-1].parent


def of_run(run, labels):
    """{name: what the card keeps} of a keyword run's models, each on what it has not heard."""
    development = held_out.package(run, "development")
    shipped = _cricket("keyword", held_out.listening(), "--stream", "--model", held_out.package(run, "model"))
    found = {
        "Words by people left out": {"note": DEVELOPMENT, **words(labels, _cricket("keyword", held_out.words(), "--model", development))},
        "Hours of speech and noise": {"note": HOURS, **stream(shipped)},
    }
    speakers = [path.stem.removeprefix("fold-") for path in sorted(run.glob("fold-*.tflite"))]
    if speakers:
        folds = [
            _cricket("keyword", held_out.digits(who), "--model", held_out.package(run, f"fold-{who}")) for who in speakers
        ]
        found["Digits by speakers left out"] = {"note": FOLDS, **words(labels, *folds)}
    return {name: {"command": "cricket-train evaluate keyword", **said} for name, said in found.items()}


def of_folder(chosen, folder, labels, package):
    """{name: what the card keeps} of the shipped model on a folder of recordings."""
    options = ["--stream"] if chosen.stream else []
    said = _cricket(chosen.kind, folder.resolve(), *options, *(["--model", package] if chosen.model else []))
    kept = machines(said) if chosen.kind == "vibration" else stream(said) if chosen.stream else words(labels, said)
    shown = " ".join(["npx cricket eval", chosen.kind, os.path.relpath(folder.resolve(), PROJECT), *options])
    note = {"note": chosen.note} if chosen.note else {}
    name = chosen.name or ("Bearings of Case Western Reserve University" if folder == DATA / "vibration" else folder.name)
    return {name: {"command": shown, **note, **kept}}


def _arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="cricket-train evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("kind", choices=("keyword", "vibration"), help="which pipeline")
    add("folder", nargs="?", type=Path, help="recordings, as `cricket eval` takes them (default: what was left out, see above)")
    add("--run", help="keyword run whose models are judged: its folder or name (default: the newest that has ended)")
    add("--name", help="of the folder's data in the card (default: the folder's own)")
    add("--note", help="a sentence for the page: whose recordings these are, what of them was trained on")
    add("--stream", action="store_true", help="nothing is to be named in the folder's recordings: count false accepts an hour")
    add("--model", type=Path, metavar="FOLDER", help="model package to judge (default: models/KIND)")
    add("--data", metavar="PATH", help="recordings (default: $CRICKET_SHARED/data, else ../shared/data)")
    add("--dry", action="store_true", help="print what came out and leave the card alone")
    chosen = parser.parse_args(arguments)
    if chosen.folder is not None and not chosen.folder.is_dir():
        raise Failure("no-folder", f"{chosen.folder}: there is no such folder", usage=True)
    return settle(chosen) if chosen.folder is None else chosen


def main(arguments):
    chosen = _arguments(arguments)
    package = (chosen.model or MODELS / chosen.kind).resolve()
    card = read_card(package)
    if chosen.kind == "keyword" and chosen.folder is None:
        run = _newest_run() if chosen.run is None else Path(chosen.run) if Path(chosen.run).is_dir() else RUNS / chosen.run
        found = of_run(run, card["labels"])
    else:
        found = of_folder(chosen, chosen.folder or DATA / "vibration", card["labels"], package)
    print(json.dumps(found, indent=1))
    if chosen.dry:
        return
    # the vibration pipeline runs two models: what it is worth belongs on the pages of both
    both = [MODELS / "fault"] if chosen.kind == "vibration" and not chosen.model else []
    for folder in (package, *both):
        card = read_card(folder)
        write_card(folder, {**card, "evaluation": {**card.get("evaluation", {}), **found}})
