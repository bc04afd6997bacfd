"""Makes one keyword network smaller in every way the field has, measures each file, and says which is worth it.

Float32, int8 after training (a scale a channel, a scale a tensor), quantization-aware training, magnitude pruning, and
distillation from a larger teacher, with one control that is only trained further. Size, arena and instructions are the
kernel's own; accuracy is that of the .tflite on windows of speakers left out.
"""

import argparse
import json
import os
from pathlib import Path

from ..errors import Failure
from ..options import common, settle

SEED = 20261122
NAMES = ("float32", "int8, per channel")  # always made: the others are told against them


def _arguments(arguments):
    parser = argparse.ArgumentParser(
        prog="cricket-train compress", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common(parser, SEED)
    add = parser.add_argument
    add("--architecture", type=Path, metavar="JSON", help="an Architecture (default: the package's), as search's pareto.json has them")
    add("--weights", type=Path, metavar="FILE", help="of the float network (default: train it)")
    add("--teachers", type=Path, nargs="*", default=[], metavar="FILE", help="weights of the teachers (default: train one)")
    add("--steps", type=int, default=3000, metavar="N", help="batches of 128 from nothing (default: %(default)s)")
    add("--further", type=int, default=1000, metavar="N", help="batches of those that train on (default: %(default)s)")
    add("--skip", nargs="*", default=[], metavar="METHOD", help="methods to leave out, by their names' beginnings")
    add("--limit", type=int, metavar="N", help="use only so many windows, for a try (default: all)")
    add("--docs", action="store_true", help="write the section of docs/models.md too")
    return settle(parser.parse_args(arguments))


def main(arguments):
    chosen = _arguments(arguments)
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    from .. import cost
    from ..docs import write_section
    from ..keyword.network import Architecture
    from ..keyword.train import BATCH
    from ..learning import Windows, answers, judge
    from ..run import Run
    from ..search.space import text
    from .methods import METHODS, Bench
    from .pruning import zeros
    from .table import markdown, plot, section

    for path in (chosen.architecture, chosen.weights, *chosen.teachers):
        if path and not path.is_file():
            raise Failure("no-file", f"{path}: there is no such file", usage=True)
    architecture = Architecture.from_json(json.loads(chosen.architecture.read_text())) if chosen.architecture else Architecture()
    run = Run("compress", vars(chosen), name=chosen.run)
    training, validation = (Windows.load(f"keyword-{part}").first(chosen.limit) for part in ("base", "judged"))
    bench = Bench(architecture, training, chosen.steps, chosen.further, chosen.seed, run, tuple(chosen.teachers))
    model = bench.base(chosen.weights)
    model.save_weights(run.folder / "float32.weights.h5")
    rows = {}
    for name, method in METHODS.items():
        if name not in NAMES and any(name.startswith(left_out) for left_out in chosen.skip):
            continue
        made = method(bench, model)
        run.keep(f"{name.replace(' %', '').replace(', ', '-').replace(' ', '-')}.tflite", made)
        named = answers(made, validation)
        judged = judge(named, validation)
        hits = [int(hit) for hit in named == validation.labels]
        rows[name] = {**{key: judged[key] for key in ("right", "total", "balanced")}, "cost": cost.measure(made), "zeros": zeros(made), "hits": hits}
        run.say(f"{name}: {judged['right']} of {judged['total']} windows, {rows[name]['cost']}")
    told = {
        "text": text(architecture),
        "architecture": architecture.to_json(),
        "steps": chosen.steps,
        "further": chosen.further,
        "batch": BATCH,
        "given": chosen.weights is not None,
        "speakers": len(validation.people()),
    }
    run.keep("compress.json", {**told, "methods": {name: {**row, "hits": None} for name, row in rows.items()}})
    plot(rows, run.folder / "compress.png")
    run.keep("compress.md", section(rows, told))
    print(markdown(rows))
    if chosen.docs:
        (write_section("compress", section(rows, told)).parent / "compress.png").write_bytes((run.folder / "compress.png").read_bytes())
    run.say(f"run: {run.folder}")
