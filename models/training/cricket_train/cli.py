"""cricket-train: one command with a sub-command for every step from recordings to a shipped model."""

import argparse
import importlib
import os
import sys
import warnings
from pathlib import Path

from .errors import Failure

# What is not imported is not paid for: TensorFlow takes seconds to load.
COMMANDS = {
    "keyword": ("keyword.make", "make the keyword model: speech, scenes, training, examination, card"),
    "vibration": ("vibration.make", "make the vibration models: simulated machines, training, examination, card"),
    "search": ("search.command", "look for the architecture that is best within a device's budget"),
    "compress": ("compress.command", "compare quantization, pruning and distillation of one architecture"),
    "evaluate": ("evaluate", "judge a model by the device's own pipeline, and write the result into its card"),
    "export": ("export", "put a run's model, card and page into models/"),
    "card": ("page", "write the readable pages of the cards anew, or check that they are as they should be"),
    "demo": ("demo", "make the recordings that `make sim` plays"),
}


def _parser():
    lines = "\n".join(f"  {name:10} {about}" for name, (_, about) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="cricket-train",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Makes Cricket's models, from recordings and simulation to .tflite, card and page.",
        epilog=f"commands:\n{lines}\n\n`cricket-train COMMAND --help` tells of each. Exit status: 0 done, 1 failed, 2 usage.",
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="what to do; see below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the command's own")
    return parser


def _settle_data(arguments):
    """The folder of recordings is read when modules are loaded, so --data is looked for before any is.

    @raises Failure no-data"""
    early = argparse.ArgumentParser(add_help=False)
    early.add_argument("--data")
    data = early.parse_known_args(arguments)[0].data
    if data is None:
        return
    if not Path(data).is_dir():
        raise Failure("no-data", f"--data {data}: there is no such folder; it should hold words/, digits/, noise/ ...")
    os.environ["CRICKET_DATA"] = str(Path(data).resolve())


def run(words):
    """Exit status of the command with these arguments."""
    parser = _parser()
    if not words:
        parser.print_usage(sys.stderr)
        return 2
    chosen = parser.parse_args(words)
    try:
        _settle_data(chosen.arguments)
        module = importlib.import_module(f".{COMMANDS[chosen.command][0]}", __package__)
        return module.main(chosen.arguments) or 0
    except Failure as failure:
        print(f"error: {failure} [{failure.code}]", file=sys.stderr)
        return 2 if failure.usage else 1
    except KeyboardInterrupt:
        print("\ninterrupted: what was finished is kept", file=sys.stderr)
        return 130


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's news about GPUs that are not there
    warnings.filterwarnings("ignore", module="keras|optuna|tensorflow")
    try:
        sys.exit(run(sys.argv[1:]))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
