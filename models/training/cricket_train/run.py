"""The folder of a run: what was asked for, how training went, how good the result is; as JSON to compute with and PNG to
look at."""

import hashlib
import importlib.metadata
import json
import platform
import subprocess
import sys
import time
from pathlib import Path

from tqdm import tqdm

from .paths import DATA, PROJECT, RUNS

PACKAGES = ("tensorflow", "keras", "numpy", "optuna")


def write_json(path, value):
    path.write_text(json.dumps(value, indent="\t", ensure_ascii=False, default=str) + "\n")
    return path


def fingerprint(folder=DATA):
    """Files, bytes and a hash of all names and sizes: whether two runs read the same recordings. None if there are none."""
    if not folder.is_dir():
        return None
    files = sorted((str(path.relative_to(folder)), path.stat().st_size) for path in folder.rglob("*") if path.is_file())
    digest = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    return {"files": len(files), "bytes": sum(size for _, size in files), "names_and_sizes": digest}


def revision():
    """The commit of the sources, with + when they have been changed since; None outside of git."""

    def git(*words):
        return subprocess.run(["git", *words], cwd=PROJECT, capture_output=True, text=True, check=True).stdout.strip()

    try:
        return git("rev-parse", "HEAD") + ("+" if git("status", "--porcelain", "--", "models/training", "firmware") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def _version(package):
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


class Run:
    """`Run("keyword", arguments)` makes models/training/runs/keyword-<time>; with a name of a folder that is there it goes on
    in it."""

    def __init__(self, model, arguments, name=None, folder=RUNS):
        self.model = model
        self.folder = Path(folder) / (name or f"{model}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._curves = {}
        self.keep(
            "config.json",
            {
                "model": model,
                "arguments": arguments,
                "command": sys.argv,
                "revision": revision(),
                "data": fingerprint(),
                "python": platform.python_version(),
                "packages": {package: _version(package) for package in PACKAGES},
                "machine": f"{platform.system()} {platform.machine()}",
            },
        )

    def say(self, text):
        """A line on stderr, above any bar, and in the log."""
        tqdm.write(str(text), file=sys.stderr)
        with (self.folder / "log").open("a") as log:
            log.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {text}\n")

    def keep(self, name, content):
        """Writes a file of the run: bytes and text as they are, all else as JSON. Its path."""
        path = self.folder / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        elif isinstance(content, str):
            path.write_text(content)
        else:
            write_json(path, content)
        return path

    def curve(self, epoch, **values):
        """What an epoch came to, as loss=, accuracy=, val_loss=, val_accuracy= ..."""
        from .charts import curves

        self._curves[str(epoch)] = values
        self.keep("curves.json", self._curves)
        curves(self._curves, self.folder / "curves.png")

    def confusion(self, labels, matrix):
        """Counts: a row of what was said (truth), a column of what it was taken for."""
        from .charts import confusion

        matrix = [[int(count) for count in row] for row in matrix]
        self.keep("confusion.json", {"labels": list(labels), "matrix": matrix})
        confusion(list(labels), matrix, self.folder / "confusion.png")

    def report(self, values):
        """How good the model is, on one page. `values`, each left out at will: title; classes and speakers,
        {name: [right, total]}; figures, {what: number or text}; cost, as cost.measure gives it."""
        from .charts import report

        self.keep("report.json", {"model": self.model, **values})
        report({"title": self.model, **values}, self.folder / "report.png")

    def finish(self, card):
        """Keeps the card, so that `cricket-train export` can ship the run's model.tflite with it."""
        self.keep("card.json", card)
        self.say(f"run: {self.folder}")
