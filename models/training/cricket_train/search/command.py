"""Looks for architectures of the keyword network that are accurate within a device's budget.

Each candidate is exported untrained and measured by the project's own kernel first; one that breaks the budget is never
trained. The others are trained for a few hundred steps and judged, as int8 files, on speakers left out. The study is kept
in the run folder: call again with the same --run to go on.
"""

import argparse
import os

from ..options import common, settle

SEED = 20261122


def _arguments(arguments):
    from .budget import Budget

    parser = argparse.ArgumentParser(
        prog="cricket-train search", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common(parser, SEED)
    add = parser.add_argument
    add("--trials", type=int, default=60, metavar="N", help="candidates to draw (default: %(default)s)")
    add("--minutes", type=float, metavar="M", help="begin no candidate after this time (default: no limit)")
    add("--steps", type=int, default=600, metavar="N", help="batches of 128 to train each by (default: %(default)s)")
    add("--flash", type=int, default=Budget.flash, metavar="BYTES", help="most of the .tflite (default: %(default)s)")
    add("--arena", type=int, default=Budget.arena, metavar="BYTES", help="most of the arena (default: %(default)s)")
    add("--m4", type=int, default=Budget.m4, metavar="N", help="most instructions on the Cortex-M4 (default: %(default)s)")
    add("--rv32", type=int, default=Budget.rv32, metavar="N", help="most instructions on rv32imc (default: %(default)s)")
    add("--limit", type=int, metavar="N", help="use only so many windows, for a try (default: all)")
    add("--docs", action="store_true", help="write the section of docs/models.md too")
    return settle(parser.parse_args(arguments))


def main(arguments):
    chosen = _arguments(arguments)
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")  # the same figures on any machine, and cores left for others
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")
    import optuna

    from ..bar import bar
    from ..learning import Windows
    from ..run import Run
    from .budget import Budget
    from .space import KNOWN
    from .trial import Candidate

    run = Run("search", vars(chosen), name=chosen.run)
    budget = Budget(chosen.flash, chosen.arena, chosen.m4, chosen.rv32)
    training, validation = (Windows.load(f"keyword-{part}").first(chosen.limit) for part in ("base", "judged"))
    run.say(f"{len(training.taken)} windows to learn from, {len(validation.taken)} of {len(validation.people())} other people to judge by")

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = f"sqlite:///{run.folder / 'study.db'}"
    study = optuna.create_study(
        study_name="keyword", storage=storage, load_if_exists=True, directions=["maximize", "minimize", "minimize"]
    )
    # a study that goes on must not draw again what it has drawn
    study.sampler = optuna.samplers.TPESampler(
        seed=chosen.seed + len(study.trials), n_startup_trials=12, multivariate=True, group=True
    )
    if not study.trials:
        for known in KNOWN:
            study.enqueue_trial(known)
    with bar(None, "candidates", chosen.trials) as shown:
        study.optimize(
            Candidate(training, validation, budget, chosen.steps, chosen.seed, run),
            n_trials=chosen.trials,
            timeout=chosen.minutes and chosen.minutes * 60,
            callbacks=[lambda *_: shown.update()],
        )
    _tell(run, study, budget, chosen)


def _tell(run, study, budget, chosen):
    """Front, plot and section of what has been tried so far."""
    import optuna

    from . import pareto
    from ..docs import write_section

    states = optuna.trial.TrialState
    complete = study.get_trials(states=(states.COMPLETE,))
    trained = pareto.rows([trial for trial in complete if not budget.broken(trial.user_attrs["cost"])])
    rejected = len(study.get_trials(states=(states.PRUNED,))) + len(complete) - len(trained)
    if not trained:
        run.say(f"no candidate of {rejected} keeps the budget: give a larger one")
        return
    front = pareto.front(trained)
    pareto.plot(trained, front, budget, run.folder / "pareto.png")
    told = {"budget": vars(budget), "steps": chosen.steps, "trained": len(trained), "rejected": rejected}
    run.keep("pareto.json", {**told, "front": front, "all": trained})
    text = pareto.section(front, told)
    run.keep("pareto.md", text)
    print(pareto.table(front))
    if chosen.docs:
        (write_section("search", text).parent / "search.png").write_bytes((run.folder / "pareto.png").read_bytes())
    run.say(f"run: {run.folder}")
