"""What a .tflite costs a device, measured by the project's own kernel: nothing here is an estimate.

Bytes of the arena and multiplications are the kernel's planner's (`cricket model inspect`); instructions of one inference
are counted on emulated boards (tools/bench-kernel.ts), exact and the same on every machine with the same compilers. A
measurement takes about three seconds, and is kept by the content of the model and the kernel.
"""

import functools
import gzip
import hashlib
import json
import subprocess
from pathlib import Path

from .errors import Failure
from .paths import CACHE, PROJECT
from .run import write_json

BOARDS = ("mps2-an386", "riscv-virt")  # a Cortex-M4F and an rv32imc, the ESP32-C3's instruction set
KERNEL = ("firmware/native/tflm", "firmware/bench", "firmware/ports/cortex-m", "firmware/ports/riscv")


def _node(*words):
    """What a tool of the project says in JSON. @raises Failure tool-failed"""
    try:
        ran = subprocess.run(["node", *map(str, words), "--json"], cwd=PROJECT, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise Failure("no-node", "node is not found: install Node 20 and run `npm ci`, or measure elsewhere") from missing
    if not ran.stdout.strip():
        if ran.returncode == 0:
            return None
        raise Failure("tool-failed", f"node {words[0]} ended with {ran.returncode}: {ran.stderr.strip()}")
    return json.loads(ran.stdout)


@functools.cache
def _kernel():
    digest = hashlib.sha256()
    for folder in KERNEL:
        for path in sorted((PROJECT / folder).rglob("*.*")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def instructions(path, board):
    """Instructions of one inference; None when the board's tools are not installed or the kernel cannot run the model there.

    @raises Failure tool-failed"""
    counted = _node("--import", "tsx", "tools/bench-kernel.ts", board, path)
    for leftover in (PROJECT / "build" / "bench" / board).glob(f"{Path(path).stem}.*"):
        leftover.unlink()
    (row,) = counted["models"] if counted else ({},)
    if row.get("same") is False:
        raise Failure("other-outputs", f"{path} on {board} gives other outputs than the twin's kernel")
    return row.get("instructions")


def planned(path):
    """{"macs", "arena"} by the kernel's planner. @raises Failure tool-failed when it refuses the model"""
    inspected = _node("tools/bin/cricket.js", "model", "inspect", path)
    if inspected["macs"] is None:
        raise Failure("not-run", f"the kernel does not run {path}: {json.dumps(inspected.get('error', inspected))}")
    return {"macs": inspected["macs"], "arena": inspected["arena"]["bytes"]}


def measure(model, boards=BOARDS):
    """`model`: bytes or path of a .tflite. {"bytes", "gzip", "macs", "arena", "instructions": {board: count}}; boards whose
    tools are missing are left out. @raises Failure"""
    data = model if isinstance(model, bytes) else Path(model).read_bytes()
    name = hashlib.sha256(data + _kernel().encode()).hexdigest()[:24]
    kept = CACHE / "cost" / f"{name}.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    if all(board in known.get("instructions", {}) for board in boards):
        return known
    kept.parent.mkdir(parents=True, exist_ok=True)
    path = kept.with_suffix(".tflite")
    path.write_bytes(data)
    try:
        known |= {"bytes": len(data), "gzip": len(gzip.compress(data, 9, mtime=0)), **planned(path)}
        counts = {board: instructions(path, board) for board in boards}
    finally:
        path.unlink()
    known["instructions"] = {board: count for board, count in counts.items() if count is not None}
    write_json(kept, known)
    return known
