"""The pictures of a run folder."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from .interval import wilson  # noqa: E402

INK, BLUE, ORANGE, GREEN, GREY = "#1c2733", "#2463a8", "#d9772b", "#3f8f5b", "#9aa5b1"
plt.rcParams.update(
    {
        "figure.dpi": 120,
        "font.size": 9,
        "axes.edgecolor": GREY,
        "axes.labelcolor": INK,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlesize": 10,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": "#e6eaee",
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
    }
)


def save(figure, path):
    figure.savefig(path, bbox_inches="tight", facecolor="white")
    plt.close(figure)


def curves(epochs, path):
    """`epochs` as curves.json has them: a panel a quantity, training and validation in one."""
    names = list(dict.fromkeys(key.removeprefix("val_") for values in epochs.values() for key in values))
    figure, panels = plt.subplots(1, len(names), figsize=(4.2 * len(names), 3.2), squeeze=False)
    for panel, name in zip(panels[0], names, strict=True):
        for key, label, colour in ((name, "training", BLUE), (f"val_{name}", "validation", ORANGE)):
            points = [(int(epoch), values[key]) for epoch, values in epochs.items() if key in values]
            if points:
                panel.plot(*zip(*points, strict=True), color=colour, label=label, marker="o", markersize=2.5)
        panel.set(title=name, xlabel="epoch")
        panel.legend()
    save(figure, path)


def draw_confusion(panel, labels, matrix):
    counts = np.array(matrix, float)
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    panel.imshow(np.sqrt(shares), cmap="Blues", vmin=0, vmax=1)
    panel.set_xticks(range(len(labels)), labels, rotation=90)
    panel.set_yticks(range(len(labels)), labels)
    panel.grid(False)
    panel.set(xlabel="named", ylabel="said", title="confusion")
    size = 7 if len(labels) <= 24 else 5
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if shares[row, column] > 0.35 else INK
        panel.text(column, row, f"{counts[row, column]:.0f}", ha="center", va="center", color=colour, fontsize=size)


def confusion(labels, matrix, path):
    side = 2 + 0.34 * len(labels)
    figure, panel = plt.subplots(figsize=(side, side))
    draw_confusion(panel, labels, matrix)
    save(figure, path)


def draw_shares(panel, shares, title):
    """Bars of right / total with 95 % intervals, the worst at the bottom."""
    rows = sorted(shares.items(), key=lambda item: item[1][0] / max(1, item[1][1]))
    values = np.array([right / max(1, total) for _, (right, total) in rows])
    bounds = np.array([wilson(right, total) for _, (right, total) in rows]).T
    panel.barh(range(len(rows)), values, color=BLUE, height=0.62)
    error = np.maximum(0, np.abs(bounds - values))
    panel.errorbar(values, range(len(rows)), xerr=error, fmt="none", ecolor=INK, elinewidth=0.9, capsize=2)
    panel.set_yticks(range(len(rows)), [f"{name}  {right}/{total}" for name, (right, total) in rows], fontsize=7)
    panel.set(xlim=(0, 1.02), title=title, xlabel="named rightly, with 95 % intervals")
    panel.set_ylim(-0.7, len(rows) - 0.3)


MOST_SPEAKERS = 40


def _text(value):
    if isinstance(value, float):
        return f"{value:.4g}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _facts(values):
    facts = dict(values.get("figures", {}))
    cost = dict(values.get("cost") or {})
    for board, count in cost.pop("instructions", {}).items():
        facts[f"instructions on {board}"] = count
    facts.update(cost)
    return [[name.replace("_", " "), _text(value)] for name, value in facts.items() if not isinstance(value, (dict, list))]


def report(values, path):
    """One page of what Run.report was given."""
    shares = [(values.get(key), f"by {title}") for key, title in (("classes", "class"), ("speakers", "speaker"))]
    shares = [(table, title) for table, title in shares if table]
    facts = _facts(values)
    most = max([min(len(table), MOST_SPEAKERS) for table, _ in shares] + [len(facts), 8])
    columns = len(shares) + (1 if facts else 0)
    figure, panels = plt.subplots(1, max(1, columns), figsize=(4.6 * max(1, columns), 1.4 + 0.19 * most), squeeze=False)
    for panel, (table, title) in zip(panels[0], shares, strict=False):
        if len(table) > MOST_SPEAKERS:
            worst = sorted(table.items(), key=lambda item: item[1][0] / max(1, item[1][1]))[:MOST_SPEAKERS]
            title, table = f"{title}: the {MOST_SPEAKERS} worst of {len(table)}", dict(worst)
        draw_shares(panel, table, title)
    if facts:
        panel = panels[0][-1]
        panel.axis("off")
        table = panel.table(facts, cellLoc="left", edges="horizontal", loc="upper left", colWidths=[0.68, 0.32])
        table.auto_set_font_size(False)
        table.set_fontsize(8)
        for cell in table.get_celld().values():
            cell.set_edgecolor(GREY)
    figure.suptitle(values.get("title", ""), x=0.01, ha="left", weight="bold", fontsize=13)
    figure.tight_layout()
    save(figure, path)
