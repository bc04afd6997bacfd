"""Judges a model by the device's own pipeline (`cricket eval`) on recordings that it was not trained on, and writes what came
out into its card and page.

Without a folder, on what the recordings hold back: of words and running speech the speakers that training leaves out, of
noise the last fifth of each file, of machines all of them. With a folder, on that; --name says under which name.
"""

import argparse
import json
import os
import statistics
import subprocess
from pathlib import Path

from .cards import read_card, write_card
from .errors import Failure
from .interval import wilson
from .options import settle
from .paths import CACHE, DATA, MODELS, PROJECT

NAMES = {"words": "Words by people left out", "speech": "Running speech by people left out", "noise": "Noise left out"}


def _cricket(*words):
    """What `cricket eval` says in JSON; its bar stays on stderr. @raises Failure eval-failed"""
    ran = subprocess.run(["node", "tools/bin/cricket.js", "eval", *map(str, words), "--json"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    if ran.returncode:
        raise Failure("eval-failed", f"cricket eval {' '.join(map(str, words))} ended with {ran.returncode}; its message is above")
    return json.loads(ran.stdout)


def words(said):
    """What a card keeps of `eval keyword`: all figures, and of speakers the spread."""
    people = sorted(said["speakers"].items(), key=lambda item: item[1]["accuracy"])
    kept = {key: said[key] for key in ("files", "accuracy", "wrong", "unknown", "known", "others", "labels", "confusion")}
    kept["interval"] = list(wilson(round(said["accuracy"] * said["files"]), said["files"]))
    if people:
        name, worst = people[0]
        kept["speakers"] = {
            "count": len(people),
            "median": statistics.median(row["accuracy"] for _, row in people),
            "worst": {"name": name, "right": worst["right"], "files": worst["files"]},
        }
    return kept


def stream(said):
    """What a card keeps of `eval keyword --stream`."""
    return {key: said[key] for key in ("files", "count", "hours", "per_hour", "upper")}


def machines(said):
    """What a card keeps of `eval vibration`."""
    return {key: said[key] for key in ("auc", "auc_recordings", "recordings", "windows", "alarms", "counts", "confusion", "limits")}


def _folder(name, files):
    """A folder with links to files."""
    folder = CACHE / "held-out" / name
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for path in files:
        (folder / path.name).symlink_to(path.resolve())
    if not any(folder.iterdir()):
        raise Failure("no-data", f"{DATA} holds no {name} of people left out")
    return folder


def _held_out():
    """(name, folder, whether nothing is to be named in it) of what training leaves out."""
    import soundfile

    from .keyword.recordings import RATE, held_out, noises

    by = lambda path: held_out(path.stem.split("_")[1])  # noqa: E731
    yield "words", _folder("words", [path for path in sorted((DATA / "words").glob("*.flac")) if by(path)]), False
    spoken = [path for path in sorted((DATA / "speech").glob("*.flac")) if held_out(path.stem)]
    yield "speech", _folder("speech", spoken), True
    noise = CACHE / "held-out" / "noise"
    noise.mkdir(parents=True, exist_ok=True)
    for index, samples in enumerate(noises(True)):
        soundfile.write(noise / f"noise_{index}.wav", samples, RATE, subtype="PCM_16")
    yield "noise", noise, True


def _sets(chosen):
    """(name, folder, what of cricket eval to call, how to keep what it says)."""
    if chosen.kind == "vibration":
        yield chosen.name or "Bearings of Case Western Reserve University", chosen.folder or DATA / "vibration", [], machines
    elif chosen.folder:
        how = (["--stream"], stream) if chosen.stream else ([], words)
        yield chosen.name or chosen.folder.name, chosen.folder, *how
    else:
        for name, folder, is_stream in _held_out():
            yield NAMES[name], folder, *((["--stream"], stream) if is_stream else ([], words))


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="cricket-train evaluate", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("kind", choices=("keyword", "vibration"), help="which pipeline")
    add("folder", nargs="?", type=Path, help="recordings, as `cricket eval` takes them (default: what training leaves out)")
    add("--name", help="of the data, in the card (default: the folder's)")
    add("--note", help="a sentence for the page: whose recordings these are, what of them was trained on")
    add("--stream", action="store_true", help="nothing is to be named in the folder's recordings: count false accepts an hour")
    add("--model", type=Path, metavar="FOLDER", help="model package to judge (default: models/KIND)")
    add("--data", metavar="PATH", help="recordings (default: $CRICKET_SHARED/data, else ../shared/data)")
    add("--dry", action="store_true", help="print what came out and leave the card alone")
    chosen = parser.parse_args(arguments)
    if chosen.folder is None:
        settle(chosen)
    elif not chosen.folder.is_dir():
        raise Failure("no-folder", f"{chosen.folder}: there is no such folder", usage=True)
    package = (chosen.model or MODELS / chosen.kind).resolve()
    card, found = read_card(package), {}
    for name, folder, options, keep in _sets(chosen):
        model = ["--model", package] if chosen.model else []
        said = keep(_cricket(chosen.kind, folder.resolve(), *options, *model))
        shown = os.path.relpath(folder.resolve(), PROJECT)
        command = " ".join(["npx cricket eval", chosen.kind, shown, *options])
        found[name] = {"command": command, **({"note": chosen.note} if chosen.note else {}), **said}
    print(json.dumps(found, indent=1))
    if not chosen.dry:
        write_card(package, {**card, "evaluation": {**card.get("evaluation", {}), **found}})
