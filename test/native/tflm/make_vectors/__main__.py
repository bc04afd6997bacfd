"""Makes vectors/<operator>.json: models of one operator each, with inputs and what TFLite Micro makes of them.

    pip install tflite-micro
    cd test/native/tflm && python -m make_vectors [family ...] && npm run format

Models are written by hand rather than converted, so that each has exactly the parameters under test. Their random
numbers are seeded: the same versions give the same files. The format is told in vectors/README.md.
"""

import importlib
import importlib.metadata
import pathlib
import sys

from . import record

FAMILIES = ("shapes", "elementwise", "recurrent", "signals", "queues", "variables", "weighted", "reductions", "wiring", "graphs")


def main():
    made_with = f"tflite-micro {importlib.metadata.version('tflite-micro')} (PyPI)"
    for family in sys.argv[1:] or FAMILIES:
        for make in importlib.import_module(f".{family}", __package__).MAKERS:
            record.seed(f"{family} {make.__name__}")
            make()
        record.write(pathlib.Path(__file__).parent.parent / "vectors", made_with)


main()
