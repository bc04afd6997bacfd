"""The candidates that no other one beats in accuracy, flash and instructions at once: as a table and as a plot."""

import matplotlib.pyplot as plt

from ..charts import BLUE, GREY, ORANGE, save
from ..interval import wilson


def rows(trials):
    """What is told of each trained trial, best accuracy first."""
    told = []
    for trial in trials:
        judged, measured = trial.user_attrs["accuracy"], trial.user_attrs["cost"]
        told.append(
            {
                "trial": trial.number,
                "architecture": trial.user_attrs["architecture"],
                "text": trial.user_attrs["text"],
                "balanced": judged["balanced"],
                "right": judged["right"],
                "total": judged["total"],
                "cost": measured,
            }
        )
    return sorted(told, key=lambda row: -row["balanced"])


def front(candidates):
    """The rows that no other row beats: as accurate, as small and as fast, and better in one."""
    merits = [
        (row["balanced"], -row["cost"]["bytes"], -row["cost"]["instructions"].get("riscv-virt", row["cost"]["macs"]))
        for row in candidates
    ]
    beaten = [any(other != own and all(a >= b for a, b in zip(other, own, strict=True)) for other in merits) for own in merits]
    return [row for row, out in zip(candidates, beaten, strict=True) if not out]


def table(best, columns=("mps2-an386", "riscv-virt")):
    """Markdown."""
    head = "| trial | stem, blocks | accuracy | windows, 95 % interval | bytes | arena | MACs | Cortex-M4 | rv32imc |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|"]
    for row in best:
        low, high = wilson(row["right"], row["total"])
        measured = row["cost"]
        counts = [measured["instructions"].get(board) for board in columns]
        cells = [
            str(row["trial"]),
            f"`{row['text']}`",
            f"{100 * row['balanced']:.1f} %",
            f"{100 * row['right'] / row['total']:.1f} % ({100 * low:.1f} to {100 * high:.1f})",
            *(f"{measured[key]:,}" for key in ("bytes", "arena", "macs")),
            *("-" if count is None else f"{count:,}" for count in counts),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def section(front, told):
    """Markdown for docs/models.md: what was looked for, and the front."""
    allowed = told["budget"]
    best = front[0]
    return f"""
{told["trained"] + told["rejected"]} candidates were drawn (Optuna, multi-objective TPE: accuracy up, flash and instructions down). {told["rejected"]} broke
the budget as the kernel measured them (the .tflite at most {allowed["flash"]:,} bytes, the arena {allowed["arena"]:,} bytes, one inference
{allowed["m4"]:,} instructions on the Cortex-M4 and {allowed["rv32"]:,} on rv32imc) and were never trained; {told["trained"]} were trained for
{told["steps"]} batches of 128 and judged as int8 files on {best["total"]:,} windows of speakers left out. Such short trainings rank
architectures; the shipped model is trained far longer, and its accuracy stands in its card.

The Pareto front. Accuracy is the mean of the classes' shares. `32x3 /28x5` is a stem of 32 filters over three frames and all
bins, then a residual block of 28 channels over five frames; `/` halves time, `12x5x5` is a stem over five bins, `sep` makes
the blocks' convolutions separable.

{table(front)}

![accuracy against flash, instructions and arena](search.png)
"""


def plot(trained, front, budget, path):
    """Accuracy against what it costs; the front is joined, the budget's end is a line."""
    panels = (
        ("bytes of flash", lambda row: row["cost"]["bytes"], budget.flash),
        ("instructions on rv32imc, millions", lambda row: row["cost"]["instructions"].get("riscv-virt", 0) / 1e6, budget.rv32 / 1e6),
        ("bytes of arena", lambda row: row["cost"]["arena"], budget.arena),
    )
    best = {row["trial"] for row in front}
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4), sharey=True)
    for panel, (title, value, limit) in zip(axes, panels, strict=True):
        others = [row for row in trained if row["trial"] not in best]
        panel.scatter([value(row) for row in others], [100 * row["balanced"] for row in others], color=GREY, s=16, label="beaten")
        panel.scatter([value(row) for row in front], [100 * row["balanced"] for row in front], color=BLUE, s=28, label="Pareto front")
        steps, highest = [], 0
        for row in sorted(front, key=value):
            if row["balanced"] > highest:
                highest = row["balanced"]
                steps.append((value(row), 100 * highest))
                panel.annotate(row["trial"], steps[-1], textcoords="offset points", xytext=(4, 5), fontsize=7)
        panel.plot(*zip(*steps, strict=True), color=BLUE, linewidth=1, drawstyle="steps-post")
        panel.axvline(limit, color=ORANGE, linestyle="--", linewidth=1, label="budget")
        panel.set(xlabel=title)
        panel.set_xlim(left=0)
    axes[0].set(ylabel="accuracy of the int8 file, %", title="candidates after a short training")
    axes[0].legend(loc="lower right")
    save(figure, path)
