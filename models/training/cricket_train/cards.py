"""The card beside a model: everything that a device must know to run it, and a person to trust it (model.json)."""

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
KINDS = ("keyword", "vibration", "fault")


def golden(pairs):
    """[(input, output)] int8 arrays, for one inference each, as they stand in a card: base64 of the tensors' bytes."""
    encode = lambda tensor: base64.b64encode(tensor.astype("int8").tobytes()).decode("ascii")  # noqa: E731
    return [{"input": encode(given), "output": encode(expected)} for given, expected in pairs]


def write_card(folder, card):
    """Writes folder/model.json. The card has all REQUIRED keys and no others; ValueError names what is amiss."""
    for key, kind in REQUIRED.items():
        if not isinstance(card.get(key), kind):
            raise ValueError(f"card of {folder}: `{key}` must be a {kind.__name__}, it is {card.get(key)!r:.60}")
    extra = set(card) - set(REQUIRED) - {"schema"}
    if extra:
        raise ValueError(f"card of {folder}: nobody reads {sorted(extra)}")
    if card["kind"] not in KINDS:
        raise ValueError(f"card of {folder}: kind is {card['kind']!r}, not one of {KINDS}")
    ordered = {"schema": SCHEMA} | {key: card[key] for key in REQUIRED}
    path = Path(folder) / "model.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ordered, indent="\t", ensure_ascii=False) + "\n")
    return path
