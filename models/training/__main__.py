"""python -m training keyword|vibration: makes that model, its card and its golden vectors."""

import importlib
import sys

# Module names differ from the stdlib's `keyword`, which would be shadowed in this folder.
PARTS = {"keyword": "keywords", "vibration": "vibration"}

if len(sys.argv) < 2 or sys.argv[1] not in PARTS:
    sys.exit(f"usage: python -m training {'|'.join(PARTS)} (in the folder models/)")
importlib.import_module(f".{PARTS[sys.argv[1]]}", __package__).main(sys.argv[2:])
