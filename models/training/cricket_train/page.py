"""Writes the readable page of each model, models/*/README.md, anew from its card; with --check says which differ."""

import argparse
import base64
import json
import sys

from .cards import read_card
from .markdown import confusion, named, percent, plain, rated, table, tree
from .paths import MODELS

BOARDS = {"mps2-an386": "the Cortex-M4", "riscv-virt": "rv32imc"}


def _facts(card):
    rows = [["version", card["version"]], ["needs agent", card["agent"]], ["operators", ", ".join(card["operators"])]]
    if card["labels"]:
        rows.append(["labels", ", ".join(card["labels"])])
    rows.append(["features", ", ".join(f"{key} {_value(value)}" for key, value in card["recipe"].items())])
    if "architecture" in card:
        rows.append(["network", _value(card["architecture"])])
    cost = card.get("cost", {})
    if cost:
        rows.append(["size", f"{cost['bytes']:,} bytes ({cost['gzip']:,} compressed by gzip)"])
        rows.append(["arena", f"{cost['arena']:,} bytes; the device sets {card['arena']:,} aside"])
        rows.append(["multiplications", f"{cost['macs']:,} an inference"])
        rows += [[f"instructions on {BOARDS[board]}", f"{count:,} an inference"] for board, count in cost["instructions"].items()]
    else:
        rows.append(["arena", f"{card['arena']:,} bytes"])
    return table(["", ""], rows)


def _value(value):
    if isinstance(value, dict):
        return ", ".join(f"{named(key)} {_value(own)}" for key, own in value.items())
    return json.dumps(value) if isinstance(value, list) else plain(value)


def _sources(provenance):
    parts = []
    for key, value in provenance.items():
        if isinstance(value, list):
            lines = [f"- {source['data']} ({source['licence']})" if isinstance(source, dict) else f"- {source}" for source in value]
            parts.append(f"**{named(key).capitalize()}**\n\n" + "\n".join(lines))
        else:
            parts.append(f"**{named(key).capitalize()}**: {value}")
    return "\n\n".join(parts)


def _words(said):
    """A card's evaluation of recordings of words."""
    known, others = said["known"], said["others"]
    rows = [
        ["files named rightly", rated(round(said["accuracy"] * said["files"]), said["files"])],
        ["words of the model named rightly", rated(known["right"], known["files"])],
        ["named wrongly", percent(said["wrong"])],
        ["named unknown", percent(said["unknown"])],
    ]
    if others["files"]:
        rows.append(["other words given a keyword", rated(others["named"], others["files"])])
    parts = [table(["", "share (count; 95 % interval)"], rows)]
    people = said.get("speakers")
    if people and people["count"]:
        worst = people["worst"]
        parts.append(
            f"By speaker: {people['count']} people; the median of them {percent(people['median'])} right, the worst "
            f"({worst['name']}) {worst['right']} of {worst['files']}."
        )
    labels = [[label, rated(row["right"], row["files"]), row["wrong"], row["unknown"]] for label, row in said["labels"].items()]
    parts.append(table(["said", "right (95 % interval)", "wrong", "unknown"], labels, (2, 3)))
    parts.append(f"<details><summary>Confusion: what was said, what was named</summary>\n\n{confusion(said['confusion'])}\n\n</details>")
    return "\n\n".join(parts)


def _stream(said):
    return (
        f"{said['count']} false accepts in {said['hours']:.2f} hours of recordings in which nothing was to be named: "
        f"{said['per_hour']:.2f} an hour, at most {said['upper']:.2f} with 95 % confidence (Poisson)."
    )


def _machines(said):
    """A card's evaluation of recordings of machines."""
    auc = lambda value: "-" if value is None else f"{value:.4f}"  # noqa: E731
    rows = [["area under the ROC curve, windows", auc(said["auc"])], ["the same, recordings", auc(said["auc_recordings"])]]
    counts = said["counts"]
    parts = [table(["", ""], rows)]
    kinds = [kind for kind in counts["recordings"] if counts["recordings"][kind]["of"]]
    cells = [[kind, *(rated(counts[what][kind]["right"], counts[what][kind]["of"]) for what in ("recordings", "windows", "alarms"))] for kind in kinds]
    parts.append(table(["machine", "recordings named rightly", "windows named rightly", "recordings with an alarm"], cells))
    parts.append(confusion(said["confusion"], rows="is"))
    return "\n\n".join(parts)


def _evaluations(card):
    parts = []
    for name, said in card.get("evaluation", {}).items():
        show = _stream if "per_hour" in said else _machines if "auc" in said else _words
        note = f"{said['note']}\n\n" if said.get("note") else ""
        parts.append(f"### {name}\n\n{note}`{said['command']}`\n\n{show(said)}")
    return "\n\n".join(parts)


def _thresholds(card):
    why = card.get("thresholds", {})
    rows = [[f"`{name}`", _value(value), why.get(name, "")] for name, value in card["decision"].items()]
    rest = [f"{named(name).capitalize()}: {text}" for name, text in why.items() if name not in card["decision"]]
    return "\n\n".join([table(["", "value", "how it was chosen"], rows), *rest])


def _golden(card):
    sizes = {(len(base64.b64decode(vector["input"])), len(base64.b64decode(vector["output"]))) for vector in card["golden"]}
    shapes = " and ".join(f"{given} bytes in, {out} out" for given, out in sorted(sizes))
    return (
        f"{len(card['golden'])} inputs with the outputs that they must give ({shapes}), which a device replays before it trusts the "
        f"model: `npx cricket model verify models/{card['kind']}`."
    )


def page(card):
    """README.md of a card. Everything in it is in the card."""
    sections = [
        ("", _facts(card)),
        ("How good it is, on the device's own pipeline", _evaluations(card)),
        ("What training measured", tree(card["accuracy"], 3)),
        ("Decisions and thresholds", _thresholds(card)),
        ("Data and licences", _sources(card["provenance"])),
        ("Limits", "\n".join(f"- {limit}" for limit in card.get("limits", []))),
        ("Make it again", "\n".join(["```", *card["reproduce"], "```"]) if card.get("reproduce") else ""),
        ("Golden vectors", _golden(card)),
    ]
    note = "<!-- written from model.json by `cricket-train card`; do not edit by hand -->"
    parts = [note, f"# {card['name']}", card.get("summary", "")]
    parts += [f"## {title}\n\n{text}" if title else text for title, text in sections if text]
    return "\n\n".join(part for part in parts if part) + "\n"


def main(arguments):
    parser = argparse.ArgumentParser(prog="cricket-train card", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 when a page is not its card's")
    chosen = parser.parse_args(arguments)
    differ = []
    for path in sorted(MODELS.glob("*/model.json")):
        text, target = page(read_card(path.parent)), path.parent / "README.md"
        if chosen.check:
            if not target.exists() or target.read_text() != text:
                differ.append(target)
        else:
            target.write_text(text)
    for target in differ:
        print(f"error: {target} is not what its card says: run `cricket-train card` [page-differs]", file=sys.stderr)
    return 1 if differ else 0
