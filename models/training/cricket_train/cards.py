"""The card beside a model: everything that a device must know to run it, and a person to trust it (model.json); and the page
that says the same in words (README.md)."""

import base64
import json
from pathlib import Path

SCHEMA = 1
REQUIRED = {
    "name": str,
    "version": str,
    "kind": str,
    "labels": list,
    "recipe": dict,
    "decision": dict,
    "arena": int,
    "operators": list,
    "agent": str,
    "provenance": dict,
    "accuracy": dict,
    "golden": list,
}
# For people. `summary`: what it hears, a paragraph. `thresholds`: how each number of `decision` was chosen, by its name.
# `limits`: sentences. `cost`: as cost.measure gives it. `evaluation`: what `cricket eval` said, by the name of the data.
# `architecture`: the network in words or numbers. `reproduce`: commands.
OPTIONAL = {
    "summary": str,
    "architecture": (dict, str),
    "thresholds": dict,
    "cost": dict,
    "evaluation": dict,
    "limits": list,
    "reproduce": list,
}
KINDS = ("keyword", "vibration", "fault")


def golden(pairs):
    """[(input, output)] int8 arrays, for one inference each, as they stand in a card: base64 of the tensors' bytes."""
    encode = lambda tensor: base64.b64encode(tensor.astype("int8").tobytes()).decode("ascii")  # noqa: E731
    return [{"input": encode(given), "output": encode(expected)} for given, expected in pairs]


def check(card, where):
    """ValueError names what is amiss: a key that is missing, of another type, or that nobody reads."""
    for key, kind in (REQUIRED | OPTIONAL).items():
        if (key in REQUIRED or key in card) and not isinstance(card.get(key), kind):
            raise ValueError(f"card of {where}: `{key}` must be a {kind}, it is {card.get(key)!r:.60}")
    extra = set(card) - set(REQUIRED) - set(OPTIONAL) - {"schema"}
    if extra:
        raise ValueError(f"card of {where}: nobody reads {sorted(extra)}")
    if card["kind"] not in KINDS:
        raise ValueError(f"card of {where}: kind is {card['kind']!r}, not one of {KINDS}")


def read_card(folder):
    return json.loads((Path(folder) / "model.json").read_text())


def write_card(folder, card):
    """Writes folder/model.json and folder/README.md. The card has all REQUIRED keys, and of others OPTIONAL ones alone."""
    from .page import page

    check(card, folder)
    keys = [key for key in (*REQUIRED, *OPTIONAL) if key in card and key != "golden"]
    ordered = {"schema": SCHEMA} | {key: card[key] for key in [*keys, "golden"]}
    path = Path(folder) / "model.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ordered, indent="\t", ensure_ascii=False) + "\n")
    (path.parent / "README.md").write_text(page(ordered))
    return path
