"""The custom operators that keep samples from one run to the next."""

from .model import Tensor, code_of
from .record import case, random


def delay():
    for shape, length in (([8], 3), ([2, 5], 9), ([3, 2, 4], 0), ([1, 6], 6)):
        for sequence in (True, False):
            case("SignalDelay", f"{shape} by {length}{'' if sequence else ', reset before each run'}",
                 [Tensor(shape, kind="int16")], Tensor(shape, kind="int16"), {"delay_length": length}, count=6,
                 sequence=sequence)


def framer():
    for shape, size, step, prefill in (([8], 6, 4, True), ([4], 4, 4, False), ([2, 6], 5, 3, True),
                                       ([6], 3, 3, False), ([2, 3, 4], 4, 2, True), ([9], 7, 3, True)):
        frames = Tensor([*shape[:-1], shape[-1] // step, size], kind="int16")
        for sequence in (True, False):
            case("SignalFramer", f"{shape}, frames of {size} every {step}{'' if sequence else ', reset before each run'}",
                 [Tensor(shape, kind="int16")], [frames, Tensor([], kind="bool")],
                 {"frame_size": size, "frame_step": step, "prefill": prefill}, count=6, sequence=sequence)


def stacker():
    for channels, left, right, step in ((4, 0, 0, 1), (3, 1, 0, 1), (3, 2, 0, 2), (2, 3, 0, 4)):
        options = {"num_channels": channels, "stacker_left_context": left, "stacker_right_context": right,
                   "stacker_step": step}
        stacked = Tensor([channels * (left + right + 1)], kind="int16")
        for sequence in (True, False):
            case("SignalStacker",
                 f"{channels} channels, {left} before, every {step}{'' if sequence else ', reset before each run'}",
                 [Tensor([channels], kind="int16")], [stacked, Tensor([], kind="bool")], options,
                 count=1 if step > 1 else 6, sequence=sequence)


def overlap_add():
    for kind in ("int16", "float32"):
        for shape, step in (([3, 8], 4), ([2, 4, 6], 3), ([5, 7], 7), ([2, 9], 1)):
            given, result = Tensor(shape, kind=kind), Tensor([*shape[:-2], shape[-2] * step], kind=kind)
            draw = random.normal if kind == "float32" else random.integers
            spread = (0, 1) if kind == "float32" else (-30000, 30000)
            rows = [[draw(*spread, shape)] for _ in range(6)]
            for sequence in (True, False):
                case("SignalOverlapAdd", f"{kind}, {shape} every {step}{'' if sequence else ', reset before each run'}",
                     [given], result, {"T": code_of(kind), "frame_step": step}, rows=rows, sequence=sequence)


MAKERS = (delay, framer, stacker, overlap_add)
