"""Where things are. Data is read in place; everything that can be made again goes below build/, outside of git."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
MODELS = PROJECT / "models"
RUNS = PROJECT / "models" / "training" / "runs"
CACHE = PROJECT / "build" / "training"
# Recordings of real people and noise; see README.md for the folders that are looked for.
SHARED = Path(os.environ.get("CRICKET_SHARED", PROJECT.parent / "shared"))
DATA = Path(os.environ.get("CRICKET_DATA", SHARED / "data"))  # --data
CONFORMANCE = SHARED / "conformance"
