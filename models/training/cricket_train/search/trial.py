"""One candidate: measured before it is trained, trained briefly, judged as the int8 file that would be shipped."""

import keras
import numpy as np
import optuna

from .. import cost
from ..keyword.network import BatchNorm, build, to_int8
from ..keyword.train import fit
from ..keyword.vocabulary import LABELS
from ..learning import answers, judge
from ..quiet import quietly
from .space import draw, text

TYPICAL = 200  # windows that show the ranges of the activations


def stirred(architecture, windows, seed):
    """An untrained network whose normalizations look trained. As Keras makes them its activations nearly vanish in the depth,
    and so do their scales: an int8 file of that does not cost what the trained one will."""
    model = build(architecture, *windows.shape, len(LABELS))
    generator = np.random.default_rng(seed)
    for layer in model.layers:
        if isinstance(layer, BatchNorm):
            one = np.ones(layer.gamma.shape)
            layer.set_weights([one, generator.normal(0, 0.5, one.shape), generator.normal(0, 0.5, one.shape), one])
    return model


class Candidate:
    """What Optuna calls for every trial: (balanced accuracy, bytes of flash, instructions on rv32imc)."""

    def __init__(self, training, validation, budget, steps, seed, run):
        self.training, self.validation, self.budget = training, validation, budget
        self.steps, self.seed, self.run = steps, seed, run
        self.typical = training.some(TYPICAL, seed)

    def __call__(self, trial):
        architecture = draw(trial)
        trial.set_user_attr("architecture", architecture.to_json())
        trial.set_user_attr("text", text(architecture))
        keras.utils.set_random_seed(self.seed)
        what = f"trial {trial.number}: {text(architecture)}"
        untrained = stirred(architecture, self.training, self.seed)
        over = self._too_many(trial, untrained) or self._measure(trial, untrained)[1]
        if over:
            self.run.say(f"{what}: not trained, over budget: {over}")
            raise optuna.TrialPruned(over)
        learned = self.training.taken, self.training.labels
        with quietly():  # one bar is enough
            model = fit(architecture, learned, lambda _: {}, steps=self.steps, seed=self.seed)
        # other weights and multipliers cost a little more or less: a trained file may break a budget that it kept untrained
        exported, over = self._measure(trial, model)
        judged = judge(answers(exported, self.validation), self.validation)
        trial.set_user_attr("accuracy", judged)
        measured = trial.user_attrs["cost"]
        instructions = measured["instructions"].get("riscv-virt", measured["macs"])
        self.run.say(
            f"{what}: {100 * judged['balanced']:.2f} % of {judged['total']} windows (mean of the classes), "
            f"{measured['bytes']:,} bytes, arena {measured['arena']:,}, {instructions:,} instructions on rv32imc"
            + (f"; over budget: {over}" if over else "")
        )
        keras.backend.clear_session()
        return judged["balanced"], measured["bytes"], instructions

    def _too_many(self, trial, model):
        """Whether the weights alone, a byte each, are over the budget: then nothing needs to be exported."""
        share = model.count_params() / self.budget.flash
        trial.set_constraint("flash", share - 1)
        return f"flash {100 * share:.1f} % by weights alone" if share > 1 else ""

    def _measure(self, trial, model):
        """The int8 file, and what of the budget it breaks, in words; the figures go to the trial."""
        with quietly():
            exported = to_int8(model, self.typical)
        measured = cost.measure(exported)
        trial.set_user_attr("cost", measured)
        for key, share in self.budget.uses(measured).items():
            trial.set_constraint(key, share - 1)
        return exported, self.budget.broken(measured)

