"""Operators with a state of their own: SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM."""

import numpy

from .model import NONE, RELU, Options, Tensor
from .record import bias, case, random, reals, weights

TANH = 4


def svdf():
    def filters(title, batches, ins, units, rank, memory, state, in_scale=0.05, feature_scale=0.01, state_scale=None,
                time_scale=0.002, out_scale=0.1, zero=-3, out_zero=5, state_zero=0, activation=RELU, runs=None,
                sequence=True):
        count = units * rank
        if state == "float32":
            operands = [Tensor([batches, ins], kind="float32"), reals([count, ins]), reals([count, memory])]
            operands.append(reals([units]))
            result, state_scale = Tensor([batches, units], kind="float32"), None
        else:
            if state_scale is None:
                state_scale = 0.001 if state == "int16" else 0.2
            operands = [Tensor([batches, ins], in_scale, zero), weights([count, ins], feature_scale),
                        weights([count, memory], time_scale, kind=state)]
            operands.append(bias(units, 20000 if state == "int16" else 900, scale=state_scale * time_scale))
            result = Tensor([batches, units], out_scale, out_zero)
        kept = Tensor([batches, memory * count], state_scale, state_zero, state, variable=True)
        case("SVDF", f"{state} state, {title}", [*operands, kept], result,
             Options("SVDFOptions", rank=rank, fusedActivationFunction=activation), count=runs or memory + 3,
             sequence=sequence)

    for state in ("int16", "int8", "float32"):
        time_scale, out = {"int16": (1e-5, 0.1), "int8": (0.01, 0.3), "float32": (None, None)}[state]
        more = dict(time_scale=time_scale, out_scale=out)
        filters("rank 1", 1, 8, 4, 1, 5, state, **more)
        filters("rank 2", 1, 10, 3, 2, 4, state, **more)
        filters("two batches", 2, 7, 4, 1, 3, state, **more)
        filters("rank 3, two batches", 2, 5, 2, 3, 4, state, **more)
        filters("memory of 1", 1, 9, 5, 1, 1, state, **more)
        filters("one of each", 1, 1, 1, 1, 2, state, **more)
        filters("33 filters of 17 inputs", 1, 17, 33, 1, 4, state, **more)
        filters("reset before each run", 1, 6, 4, 1, 3, state, sequence=False, runs=3, **more)
    filters("not rectified", 1, 6, 4, 2, 3, "float32", activation=NONE)
    filters("saturated state", 1, 12, 4, 1, 4, "int16", state_scale=0.0002, time_scale=1e-4, out_scale=1.0, zero=-128,
            out_zero=-128)
    filters("saturated state", 1, 12, 4, 1, 4, "int8", state_scale=0.01, time_scale=0.01, out_scale=0.02, zero=127)
    for zero in (9, -100):
        filters(f"zero point {zero} of the state", 1, 9, 6, 1, 3, "int8", state_scale=0.05, time_scale=0.01,
                out_scale=0.2, state_zero=zero)
    filters("small output scale", 1, 6, 4, 1, 3, "int16", time_scale=1e-5, out_scale=0.01, out_zero=127)
    filters("first ratio above 1", 1, 4, 2, 1, 3, "int16", in_scale=1.0, feature_scale=0.5, state_scale=0.1,
            time_scale=0.001, out_scale=1000.0)


def lstm():
    def sequence_lstm(title, batches, steps, ins, units, kind, time_major=False, in_scale=None, in_zero=0,
                      weight_scale=0.01, out_scale=None, out_zero=0, cell_power=-11, cell_clip=0.0, runs=3,
                      sequence=True, recurrent_scale=None):
        wide = kind == "int16"
        in_scale = in_scale or (1 / 8192 if wide else 0.02)
        out_scale = out_scale or (1 / 32768 if wide else 1 / 128)
        front = [steps, batches] if time_major else [batches, steps]
        if kind == "float32":
            given, result = Tensor([*front, ins], kind=kind), Tensor([*front, units], kind=kind)
            cell = Tensor([batches, units], kind=kind, variable=True)
            hidden = Tensor([batches, units], kind=kind, variable=True)
            matrices = [reals([units, ins], 0.7) for _ in range(4)] + [reals([units, units], 0.5) for _ in range(4)]
            biases = [reals([units], 0.3) for _ in range(4)]
        else:
            given = Tensor([*front, ins], in_scale, in_zero, kind)
            result = Tensor([*front, units], out_scale, out_zero, kind)
            cell = Tensor([batches, units], 2.0**cell_power, 0, "int16", variable=True)
            hidden = Tensor([batches, units], out_scale, out_zero, kind, variable=True)
            scales = [weight_scale * factor for factor in (1, 0.7, 1.3, 0.9)]
            matrices = [weights([units, ins], scale) for scale in scales]
            matrices += [weights([units, units], recurrent_scale or scale) for scale in scales]
            biases = []
            for scale in scales:
                size = int(0.5 / (in_scale * scale))
                biases.append(bias(units, size, "int64" if wide else "int32", in_scale * scale))
        none = [None] * 2
        inputs = [given, *matrices, None, *none, *biases, *none, hidden, cell, None, None, None, None]
        options = Options("UnidirectionalSequenceLSTMOptions", fusedActivationFunction=TANH, timeMajor=time_major,
                          cellClip=cell_clip, projClip=0.0)
        how = "time first" if time_major else "batch first"
        case("UNIDIRECTIONAL_SEQUENCE_LSTM", f"{kind}, {title}, {how}", inputs, result, options, count=runs,
             sequence=sequence)

    for kind in ("int8", "int16", "float32"):
        for time_major in (False, True):
            sequence_lstm("one step", 1, 1, 4, 3, kind, time_major)
            sequence_lstm("four steps", 1, 4, 5, 6, kind, time_major)
            sequence_lstm("two batches", 2, 3, 4, 5, kind, time_major)
        sequence_lstm("reset before each run", 1, 5, 3, 4, kind, sequence=False)
        sequence_lstm("19 units of 17 inputs", 1, 3, 17, 19, kind, runs=2)
        sequence_lstm("one unit", 2, 6, 1, 1, kind)
        sequence_lstm("clipped cell", 1, 6, 4, 4, kind, cell_clip=0.4)
    for time_major in (False, True):
        sequence_lstm("zero points", 2, 3, 5, 4, "int8", time_major, in_zero=-100, out_scale=0.0065, out_zero=21)
    sequence_lstm("large weights, saturated gates", 1, 6, 6, 4, "int8", weight_scale=0.2, cell_power=-9, in_zero=13,
                  recurrent_scale=0.3)
    sequence_lstm("large weights, saturated gates", 1, 6, 6, 4, "int16", weight_scale=0.1, cell_power=-9,
                  recurrent_scale=0.01)
    for power in (-15, -13, -9, -7):
        sequence_lstm(f"cell scale 2^{power}", 1, 5, 4, 4, "int8", cell_power=power, in_zero=-4)
        sequence_lstm(f"cell scale 2^{power}", 1, 5, 4, 4, "int16", cell_power=power)


MAKERS = (svdf, lstm)
