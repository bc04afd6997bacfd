"""Each way of compression as a function from the trained network to a .tflite. Those that train further get the same number
of batches, and so does a control that changes nothing else."""

from dataclasses import dataclass

import keras
import numpy as np

from ..keyword.network import INPUT_UNIT, TEACHER, build, to_float32, to_int8
from ..learning import fit
from ..quiet import quietly
from .distilling import Distilled
from .pruning import Prune
from .quantize_aware import aware

RATE, FURTHER_RATE = 4e-3, 5e-4
TYPICAL = 400  # windows that show the ranges of the activations


@dataclass
class Bench:
    """What all methods share. `steps` for a network from nothing, `further` for one that is trained on."""

    architecture: object
    training: object
    validation: object
    steps: int
    further: int
    seed: int
    run: object
    teacher_weights: object = None

    def new(self, architecture):
        keras.utils.set_random_seed(self.seed)
        return build(architecture, *self.training.shape, self.training.classes)

    def trained(self, model, steps, rate, what, **more):
        return fit(model, self.training, steps, rate, self.seed, self.run, what, 4, self.validation, **more)

    def base(self, weights=None):
        """The float network that all but distillation begin with; `weights`: a file of them, instead of training."""
        model = self.new(self.architecture)
        if weights:
            model.load_weights(weights)
            return model
        return self.trained(model, self.steps, RATE, "float32")

    def copy(self, model):
        made = self.new(self.architecture)
        made.set_weights(model.get_weights())
        return made

    def int8(self, model, per_channel=True):
        with quietly():
            return to_int8(model, self.training.some(TYPICAL, self.seed), per_channel)

    def float32(self, model):
        with quietly():
            return to_float32(model, *self.training.shape)


def control(bench, model):
    """Trained further, nothing else: what the others have to beat."""
    return bench.int8(bench.trained(bench.copy(model), bench.further, FURTHER_RATE, "control"))


def quantization_aware(bench, model):
    typical = bench.training.some(TYPICAL, bench.seed)[..., None].astype(np.float32)
    plain, rounding = aware(model, typical / INPUT_UNIT)
    bench.trained(rounding, bench.further, FURTHER_RATE, "quantization-aware")
    plain.set_weights(rounding.get_weights())
    return bench.int8(plain)


def pruned(share):
    def method(bench, model):
        what = f"pruned {100 * share:.0f} %"
        made = bench.trained(
            bench.copy(model), bench.further, FURTHER_RATE, what, callbacks=[Prune(share, bench.further)]
        )
        return bench.int8(made)

    return method


def distilled(bench, _):
    """From nothing, for as many batches as the base."""
    teacher = bench.new(TEACHER)
    if bench.teacher_weights:
        teacher.load_weights(bench.teacher_weights)
    else:
        bench.trained(teacher, bench.steps, RATE / 2, "teacher")
    student = bench.new(bench.architecture)
    bench.trained(Distilled(student, teacher), bench.steps, RATE, "distilled")
    return bench.int8(student)


METHODS = {
    "float32": lambda bench, model: bench.float32(model),
    "int8, per channel": lambda bench, model: bench.int8(model),
    "int8, per tensor": lambda bench, model: bench.int8(model, per_channel=False),
    "trained further (control)": control,
    "quantization-aware": quantization_aware,
    "pruned 50 %": pruned(0.5),
    "pruned 75 %": pruned(0.75),
    "distilled": distilled,
}
