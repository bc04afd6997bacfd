"""A bar for long work."""

import sys

from tqdm import tqdm


def bar(things, what, total=None):
    """`things`, with a bar on stderr, when that is a terminal, that is gone when they are all through."""
    return tqdm(things, what, total, file=sys.stderr, disable=not sys.stderr.isatty(), leave=False, dynamic_ncols=True)
