"""Makes models/demo/words.wav and machine.wav, which `make sim` plays, with the models that are in models/."""

import argparse
import importlib

KINDS = {"keyword": "words.wav", "vibration": "machine.wav"}


def main(arguments):
    parser = argparse.ArgumentParser(prog="cricket-train demo", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=KINDS, help="one of the two (default: both)")
    chosen = parser.parse_args(arguments)
    for kind in [chosen.kind] if chosen.kind else KINDS:
        importlib.import_module(f".{kind}.demo", __package__).main()
