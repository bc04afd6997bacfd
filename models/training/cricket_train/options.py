"""Options that the sub-commands share."""

import os

from .errors import Failure
from .paths import DATA


def common(parser, seed):
    """Adds --seed, --data and --run."""
    parser.add_argument("--seed", type=int, default=seed, metavar="N", help="of everything that is drawn (default: %(default)s)")
    parser.add_argument("--data", metavar="PATH", help="recordings (default: $CRICKET_SHARED/data, else ../shared/data)")
    parser.add_argument("--run", metavar="NAME", help="name of the run's folder (default: the model and the time)")


def settle(chosen):
    """The options, when there are recordings where they say. @raises Failure no-data"""
    if not DATA.is_dir():
        raise Failure("no-data", f"no recordings in {DATA}: give their folder by --data PATH or $CRICKET_SHARED")
    if chosen.data and os.path.realpath(chosen.data) != os.path.realpath(DATA):
        raise Failure("data-late", "--data must come through `cricket-train`, which settles it before anything is loaded")
    return chosen
