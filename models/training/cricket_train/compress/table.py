"""What the methods came to, as Markdown and as a picture, and what follows from it. Every number is that of the run."""

import math

import matplotlib.pyplot as plt

from ..charts import BLUE, GREEN, GREY, INK, save
from ..interval import wilson

PLAIN = "int8, per channel"


def percent(row):
    return 100 * row["right"] / row["total"]


def compared(row, other):
    """How a row's answers differ from another's, window by window: (points, whether more than chance would, McNemar at 5 %)."""
    gained = sum(a and not b for a, b in zip(row["hits"], other["hits"], strict=True))
    lost = sum(b and not a for a, b in zip(row["hits"], other["hits"], strict=True))
    return percent(row) - percent(other), abs(gained - lost) > 1.96 * math.sqrt(gained + lost)


def markdown(rows):
    lines = [
        "| method | bytes | gzip | MACs | arena | Cortex-M4 | rv32imc | weights that are 0 | windows, held-out speakers | 95 % interval | against float32 |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, row in rows.items():
        measured, counts = row["cost"], row["cost"]["instructions"]
        low, high = wilson(row["right"], row["total"])
        points, real = compared(row, rows["float32"]) if "float32" in rows else (0, False)
        cells = [
            name,
            *(f"{measured[key]:,}" for key in ("bytes", "gzip", "macs", "arena")),
            *(f"{counts[board]:,}" if board in counts else "-" for board in ("mps2-an386", "riscv-virt")),
            f"{100 * row['zeros']:.0f} %",
            f"{percent(row):.2f} %",
            f"{100 * low:.1f} to {100 * high:.1f}",
            "" if name == "float32" else f"{points:+.2f}{'' if real else ' (chance)'}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _said(points, real):
    return f"{points:+.2f} points, {'more than' if real else 'no more than'} chance gives"


def _saving(row, other):
    return 100 * (1 - row["cost"]["gzip"] / other["cost"]["gzip"])


def choice(rows, given_weights=False):
    """The reasons, a sentence a method, and what is shipped for them."""
    said, plain, first = [], rows[PLAIN], rows["float32"]
    points, real = compared(plain, first)
    smaller = first["cost"]["bytes"] / plain["cost"]["bytes"]
    said.append(
        f"**int8 with a scale a channel** is {smaller:.1f} times smaller than float32 and answers differently by {_said(points, real)}."
    )
    per_tensor = rows.get("int8, per tensor")
    if per_tensor:
        saved = plain["cost"]["bytes"] - per_tensor["cost"]["bytes"]
        said.append(f"One scale a tensor saves {saved:,} bytes for {_said(*compared(per_tensor, plain))}.")
    keeps = PLAIN
    control = rows.get("trained further (control)")
    aware = rows.get("quantization-aware")
    if aware and control:
        points, real = compared(aware, control)
        said.append(f"**Quantization-aware training** against as much training without it: {_said(points, real)}.")
        more, sure = compared(aware, plain)
        if min(points, more) > 0 and real and sure:
            keeps = "quantization-aware training"
    for name in ("pruned 50 %", "pruned 75 %"):
        if name in rows and control:
            said.append(
                f"**{name.capitalize()}** against the control: {_said(*compared(rows[name], control))}; a download compressed by gzip is "
                f"{_saving(rows[name], control):.0f} % smaller, while flash, arena and instructions stay as they are: the kernel has no sparse format."
            )
    distilled = rows.get("distilled")
    taught = False
    if distilled:
        points, real = compared(distilled, plain)
        unfair = "; no comparison: the others began from a network that was trained far longer" if given_weights else ""
        said.append(f"**Distillation** against training on labels alone, both in int8 per channel: {_said(points, real)}{unfair}.")
        taught = points > 0 and real and not given_weights
    end = "int8 with a scale a channel, after training" if keeps == PLAIN else f"int8 by {keeps}"
    said.append(f"So the choice is {end}, {'learned from a teacher' if taught else 'learned from labels'}, and not pruned: zeros would buy nothing on the device.")
    return "\n".join(f"- {sentence}" for sentence in said)


def section(rows, told):
    return f"""
One architecture (`{told["text"]}`), {told["steps"]:,} batches of {told["batch"]} from nothing{" (the distilled network and its teacher; the others begin from weights that were given)" if told["given"] else ""}, {told["further"]:,} more for those that train on; judged on
{rows["float32"]["total"]:,} windows of {told["speakers"]} speakers left out. "Chance": the windows answered differently from float32 speak for neither
(McNemar's test at 5 %).

{markdown(rows)}

{choice(rows, told["given"])}

![accuracy and size of the methods](compress.png)
"""


def plot(rows, path):
    """Accuracy with intervals beside what has to be stored and what has to be computed."""
    names = list(rows)[::-1]
    figure, panels = plt.subplots(1, 3, figsize=(13, 0.9 + 0.36 * len(names)), sharey=True)
    places = range(len(names))
    values = [percent(rows[name]) for name in names]
    bounds = [[100 * bound for bound in wilson(rows[name]["right"], rows[name]["total"])] for name in names]
    errors = [[value - low for value, (low, _) in zip(values, bounds, strict=True)], [high - value for value, (_, high) in zip(values, bounds, strict=True)]]
    panels[0].errorbar(values, places, xerr=errors, fmt="o", color=BLUE, ecolor=INK, elinewidth=0.9, capsize=2)
    panels[0].set(title="accuracy on speakers left out, %")
    panels[0].set_yticks(places, names)
    for key, colour, offset in (("bytes", BLUE, 0.19), ("gzip", GREY, -0.19)):
        panels[1].barh([place + offset for place in places], [rows[name]["cost"][key] / 1024 for name in names], 0.36, color=colour, label=key)
    panels[1].set(title="KB of file")
    panels[1].legend()
    for board, colour, offset in (("mps2-an386", GREEN, 0.19), ("riscv-virt", BLUE, -0.19)):
        counts = [rows[name]["cost"]["instructions"].get(board, 0) / 1e6 for name in names]
        panels[2].barh([place + offset for place in places], counts, 0.36, color=colour, label=board)
    panels[2].set(title="million instructions a run")
    panels[2].set_xscale("log")
    panels[2].legend()
    save(figure, path)
