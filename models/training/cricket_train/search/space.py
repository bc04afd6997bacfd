"""The architectures that the search can draw: a stem, two or three stages of depthwise-separable blocks, each at half the
resolution of the one before."""

from ..keyword.network import Architecture

DEFAULT = Architecture()


def draw(trial):
    """An Architecture from an Optuna trial."""
    stem = (
        trial.suggest_categorical("stem", [16, 24, 32, 40]),
        trial.suggest_categorical("stem_high", [3, 5, 7, 9]),
        trial.suggest_categorical("stem_wide", [3, 5, 7]),
    )
    blocks = []
    for stage, channels, most in (("first", [32, 40, 48, 56, 64], 3), ("second", [64, 80, 96, 112, 128], 4)):
        width = trial.suggest_categorical(f"{stage}_channels", channels)
        high = trial.suggest_categorical(f"{stage}_high", [3, 5])
        for block in range(trial.suggest_int(f"{stage}_blocks", 1, most)):
            blocks.append((width, 2 if block == 0 else 1, high))
    if trial.suggest_categorical("third", [False, True]):
        blocks.append((blocks[-1][0], 2, 3))
    return Architecture(stem, tuple(blocks), trial.suggest_categorical("shortcuts", [False, True]))


# What is known to work, so that a search never ends with less: Architecture()'s own numbers, without and with shortcuts.
KNOWN = [
    {
        "stem": 24,
        "stem_high": 5,
        "stem_wide": 5,
        "first_channels": 48,
        "first_high": 3,
        "first_blocks": 2,
        "second_channels": 96,
        "second_high": 3,
        "second_blocks": 2,
        "third": False,
        "shortcuts": shortcuts,
    }
    for shortcuts in (False, True)
]


def text(architecture):
    """An architecture in a few characters: 24 5x5 / 48 48 / 96 96 is a stem of 24 filters 5x5, blocks 48 48 / 96 96 (/: half the
    resolution; h5: kernels 5 high; +: shortcuts)."""
    filters, high, wide = architecture.stem
    blocks = "".join(
        f"{' / ' if stride != 1 else ' '}{channels}{f'h{high}' if high != 3 else ''}"
        for channels, stride, high in architecture.blocks
    )
    return f"{filters} {high}x{wide}{blocks}{' +' if architecture.shortcuts else ''}"
