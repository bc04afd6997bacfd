"""The architectures that the search can draw: a stem over all bins or a narrow one, then residual blocks over time, plain or
separable."""

from ..keyword.network import Architecture

CHANNELS = {False: [16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 60], True: [24, 32, 40, 48, 56, 64, 80, 96]}


def draw(trial):
    """An Architecture from an Optuna trial."""
    choose = trial.suggest_categorical
    if choose("stem", ["all bins", "narrow"]) == "narrow":
        stem = (choose("narrow_filters", [6, 8, 12, 16, 24]), choose("narrow_high", [3, 5, 7]), choose("narrow_wide", [3, 5, 7]), 2, choose("narrow_skip", [2, 4]))
    else:
        stem = (choose("filters", [16, 24, 32, 40, 48]), choose("high", [1, 3, 5]), 0, choose("stem_stride", [1, 2]), 1)
    separable = choose("separable", [False, True])
    kind = "separable" if separable else "plain"
    blocks = []
    for index in range(trial.suggest_int(f"{kind}_blocks", 2, 4)):
        channels = choose(f"{kind}_channels_{index}", CHANNELS[separable])
        stride = 2 if index < 2 and stem[3] == 1 else choose(f"{kind}_stride_{index}", [1, 2])
        blocks.append((channels, stride, choose(f"{kind}_kernel_{index}", [3, 5, 7, 9])))
    return Architecture(stem, tuple(blocks), separable)


def _as_drawn(architecture):
    """The parameters by which `draw` gives an architecture."""
    filters, high, wide, stride, skip = architecture.stem
    kind = "separable" if architecture.separable else "plain"
    given = {"separable": architecture.separable, f"{kind}_blocks": len(architecture.blocks)}
    if wide:
        given |= {"stem": "narrow", "narrow_filters": filters, "narrow_high": high, "narrow_wide": wide, "narrow_skip": skip}
    else:
        given |= {"stem": "all bins", "filters": filters, "high": high, "stem_stride": stride}
    for index, (channels, step, kernel) in enumerate(architecture.blocks):
        given |= {f"{kind}_channels_{index}": channels, f"{kind}_stride_{index}": step, f"{kind}_kernel_{index}": kernel}
    return given


# Where the search begins, so that it never ends with less: one of each sort.
KNOWN = [
    _as_drawn(architecture)
    for architecture in (
        Architecture((16, 5, 5, 2, 4), ((44, 1, 5), (52, 2, 5))),
        Architecture((32, 3, 0, 1, 1), ((24, 2, 5), (32, 2, 5), (48, 2, 5))),
        Architecture((32, 3, 0, 1, 1), ((40, 2, 9), (48, 2, 9), (64, 2, 9)), True),
        Architecture((12, 5, 5, 2, 2), ((28, 2, 5), (40, 2, 5)), False),
        Architecture((8, 5, 5, 2, 2), ((40, 1, 7), (48, 2, 7), (64, 2, 7)), True),
    )
]


def text(architecture):
    """An architecture in a few characters. `32x3 /28x5 /40x5 56x5`: a stem of 32 filters over 3 frames and all bins, blocks of
    28, 40 and 56 channels over 5 frames, `/` where time is halved; `12x5x5`: a stem over 5 bins, every second or
    (`/4`) fourth; `sep`: separable."""
    filters, high, wide, stride, skip = architecture.stem
    stem = f"{'/' if stride == 2 else ''}{filters}x{high}" + (f"x{wide}" if wide else "") + (f"/{skip}" if skip > 2 else "")
    blocks = [f"{'/' if stride == 2 else ''}{channels}x{kernel}" for channels, stride, kernel in architecture.blocks]
    return " ".join([stem, *blocks, *(["sep"] if architecture.separable else [])])
