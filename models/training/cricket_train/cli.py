"""cricket-train: one command with a sub-command for every step from recordings to a shipped model."""

import importlib
import sys

# What is not imported is not paid for: TensorFlow takes seconds to load.
PARTS = {"keyword": "keyword.make", "vibration": "vibration.make"}


def main():
    if len(sys.argv) < 2 or sys.argv[1] not in PARTS:
        sys.exit(f"usage: cricket-train {'|'.join(PARTS)}")
    importlib.import_module(f".{PARTS[sys.argv[1]]}", __package__).main(sys.argv[2:])
