"""Each way of compression as a function from the trained network to a .tflite. Those that train further get the same number
of batches, and so does a control that changes nothing else."""

from dataclasses import dataclass

import numpy as np

from ..keyword.network import INPUT_UNIT, TEACHERS, build, to_float32, to_int8
from ..keyword.train import fit
from ..keyword.vocabulary import LABELS
from ..learning import train_on
from ..quiet import quietly
from .pruning import Prune
from .quantize_aware import aware

FURTHER_RATE = 5e-4
TYPICAL = 400  # windows that show the ranges of the activations


@dataclass
class Bench:
    """What all methods share. `steps` for a network from nothing, `further` for one that is trained on; `teachers`: files of
    the weights of TEACHERS, in their order, or none."""

    architecture: object
    training: object
    steps: int
    further: int
    seed: int
    run: object
    teachers: tuple = ()

    def new(self, architecture):
        return build(architecture, *self.training.shape, len(LABELS))

    def learned(self, architecture, what, teachers=()):
        """A network from nothing."""

        def tell(step, figures):
            self.run.say(f"{what}: step {step} of {self.steps}, loss {figures['loss']:.4f}")

        data = self.training.taken, self.training.labels
        return fit(architecture, data, lambda _: {}, steps=self.steps, seed=self.seed, teachers=teachers, progress=tell)

    def base(self, weights=None):
        """The float network that all but distillation begin with; `weights`: a file of them, instead of training."""
        if weights is None:
            return self.learned(self.architecture, "float32")
        return self.loaded(self.architecture, weights)

    def loaded(self, architecture, weights):
        model = self.new(architecture)
        model.load_weights(weights)
        return model

    def further_from(self, model, what, callbacks=()):
        copy = self.new(self.architecture)
        copy.set_weights(model.get_weights())
        return train_on(copy, self.training, self.further, FURTHER_RATE, self.seed, self.run, what, callbacks)

    def int8(self, model, per_channel=True):
        with quietly():
            return to_int8(model, self.training.some(TYPICAL, self.seed), per_channel)


def float32(bench, model):
    with quietly():
        return to_float32(model)


def control(bench, model):
    """Trained further, nothing else: what the others have to beat."""
    return bench.int8(bench.further_from(model, "control"))


def quantization_aware(bench, model):
    typical = bench.training.some(TYPICAL, bench.seed).astype(np.float32).reshape(-1, *model.input_shape[1:])
    plain, rounding = aware(model, typical / INPUT_UNIT)
    train_on(rounding, bench.training, bench.further, FURTHER_RATE, bench.seed, bench.run, "quantization-aware")
    plain.set_weights(rounding.get_weights())
    return bench.int8(plain)


def pruned(share):
    def method(bench, model):
        callback = Prune(share, bench.further)
        return bench.int8(bench.further_from(model, f"pruned {100 * share:.0f} %", [callback]))

    return method


def distilled(bench, _):
    """From nothing, for as many batches as the base, from labels and teachers."""
    if bench.teachers:
        teachers = [bench.loaded(own, weights) for own, weights in zip(TEACHERS, bench.teachers, strict=False)]
    else:
        teachers = [bench.learned(TEACHERS[0], "teacher")]
    return bench.int8(bench.learned(bench.architecture, "distilled", teachers))


METHODS = {
    "float32": float32,
    "int8, per channel": lambda bench, model: bench.int8(model),
    "int8, per tensor": lambda bench, model: bench.int8(model, per_channel=False),
    "trained further (control)": control,
    "quantization-aware": quantization_aware,
    "pruned 50 %": pruned(0.5),
    "pruned 75 %": pruned(0.75),
    "distilled": distilled,
}
