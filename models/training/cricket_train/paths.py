"""Where things are. Data is read in place; everything that can be made again goes below build/, outside of git."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
MODELS = PROJECT / "models"
CACHE = PROJECT / "build" / "training"
# Recordings of real people and noise; see README.md for the folders that are looked for.
SHARED = Path(os.environ.get("CRICKET_SHARED", PROJECT.parent / "shared"))
DATA = SHARED / "data"
CONFORMANCE = SHARED / "conformance"
