"""Makes the vibration models from simulated machines alone: models/vibration, which tells a changed machine from a sound one, and
models/fault, which gives the change a name."""

import argparse
import json

from ..export import ship
from ..options import common
from ..run import Run
from . import anomaly, naming

SEED = 7
PARTS = {"vibration": anomaly, "fault": naming}


def main(arguments):
    parser = argparse.ArgumentParser(
        prog="cricket-train vibration", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common(parser, SEED)
    parser.add_argument("--only", choices=PARTS, help="one of the two (default: both)")
    chosen = parser.parse_args(arguments)
    run = Run("vibration", arguments, chosen.run)
    # Both draw their machines before TensorFlow is loaded: its threads do not survive a fork.
    parts = [chosen.only] if chosen.only else list(PARTS)
    for part in parts:
        run.say(f"{part}: machines")
        PARTS[part].machines()
    for part in parts:
        tflite, card = PARTS[part].make(run, chosen.seed)
        folder = run.folder / part
        folder.mkdir(exist_ok=True)
        run.keep(f"{part}/model.tflite", tflite)
        run.keep(f"{part}/card.json", card)
        run.say(f"{part}: {len(tflite)} bytes; {json.dumps(card['accuracy'].get('cwru', card['accuracy']))[:400]}")
        run.say(f"shipped: {ship(folder)}")
