"""The custom operators of the audio preprocessor."""

import numpy

from .model import Graph, Operator, Options, Tensor, code_of, constant
from .record import case, random, record, samples

EDGES = [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 255, 256, 65535, 65536, 65537, 2**31 - 1, 2**31, 2**32 - 1]


def tone(length, level):
    """A sum of two sines and noise, as loud as `level`."""
    t = numpy.arange(length)
    wave = numpy.sin(t * 0.41) + 0.5 * numpy.sin(t * 1.93 + 1) + random.normal(0, 0.1, length)
    return numpy.clip(numpy.round(wave * level), -32768, 32767)


def window():
    for shape, length, shift in (([16], 16, 12), ([1, 30], 30, 12), ([2, 10], 10, 14), ([3, 2, 8], 8, 0), ([7], 7, 15)):
        weights = numpy.round(numpy.hanning(length) * 4096) if shift else random.integers(-9, 10, length)
        weights = random.integers(-32768, 32768, length) if shift > 12 else weights
        given, result = (Tensor(shape, kind="int16") for _ in range(2))
        case("SignalWindow", f"{shape}, shift {shift}", [given, constant(weights, "int16")], result, {"shift": shift},
             count=3)


def auto_scale():
    def scale(name, rows):
        length = len(rows[0])
        case("SignalFftAutoScale", name, [Tensor([length], kind="int16")],
             [Tensor([length], kind="int16"), Tensor([], kind="int32")], {}, rows=[[row] for row in rows])

    scale("every magnitude", [[sign * (1 << bits) - (sign > 0), 1, 0, -1, 0] for bits in range(1, 16)
                              for sign in (1, -1)])
    scale("silence", [[0] * 8])
    scale("extremes", [[32767, -32768, 5, 0, 1, -9], [-32768] * 6, [32767, 0, 0, 0, 0, 0]])
    scale("signals", [tone(40, level) for level in (3, 90, 1500, 20000)])


def rfft():
    for kind, spread in (("int16", 20000), ("int32", 2**30), ("float32", 0.05)):
        for size, length, batches in ((16, 16, []), (32, 20, []), (64, 64, [1]), (128, 120, []), (32, 32, [2, 2]),
                                      (512, 480, []), (256, 200, [])):
            given, result = Tensor([*batches, length], kind=kind), Tensor([*batches, size + 2], kind=kind)
            rows = []
            for draw in ("tone", "extremes") if size < 256 else ("tone",):
                values = [tone(length, 9000) for _ in range(int(numpy.prod(batches, dtype=int)))]
                if draw == "extremes":
                    row = random.choice([-1, 1], given.shape) * 0.05 if kind == "float32" else samples(given, 2)[1]
                else:
                    row = numpy.array(values) * (spread / 20000)
                rows.append([row])
            case("SignalRfft", f"{kind}, {given.shape} to {result.shape}", [given], result,
                 {"T": code_of(kind), "fft_length": size}, rows=rows)


def irfft():
    for kind in ("int16", "int32", "float32"):
        for size, batches in ((16, []), (64, [1]), (128, []), (32, [2, 2])):
            given, result = Tensor([*batches, size + 2], kind=kind), Tensor([*batches, size], kind=kind)
            level = {"int16": 3000, "int32": 2**27, "float32": 0.05}[kind]
            rows = [[random.normal(0, level, given.shape)],
                    [numpy.eye(size + 2)[2 % size] * level * numpy.ones(given.shape)]]
            case("SignalIrfft", f"{kind}, {given.shape} to {result.shape}", [given], result,
                 {"T": code_of(kind), "fft_length": size}, rows=rows)


def energy():
    for bins, (start, end) in ((9, (0, 9)), (33, (0, 33)), (129, (0, 129))):
        case("SignalEnergy", f"{bins} bins", [Tensor([2 * bins], kind="int16")], Tensor([bins], kind="uint32"),
             {"start_index": start, "end_index": end})
    # What lies outside of the indices is not written, so a slice leaves it away.
    whole, numbers = Tensor([20], kind="uint32"), Tensor([20], kind="int32")
    cut = Operator("STRIDED_SLICE", [numbers, constant([3]), constant([17]), constant([1])],
                   [Tensor([14], kind="int32")], Options("StridedSliceOptions"))
    given = Tensor([40], kind="int16")
    part = Operator("SignalEnergy", [given], [whole], {"start_index": 3, "end_index": 17})
    record("SignalEnergy", "some of 20 bins",
           [Graph([part, Operator("CAST", [whole], [numbers], Options("CastOptions")), cut])])


def filter_bank():
    for channels, bins, step in ((3, 20, 1), (8, 60, 4), (40, 257, 4), (1, 9, 1)):
        widths = 1 + random.integers(0, max(1, bins // (channels + 1)), channels + 1)
        starts = numpy.concatenate([[2], 2 + numpy.cumsum(widths)[:-1]])
        assert starts[-1] + widths[-1] <= bins
        places = -(-widths // step) * step
        begins = numpy.concatenate([[0], numpy.cumsum(places)[:-1]])
        weights = numpy.zeros(places.sum(), int)
        for begin, width in zip(begins, widths):
            weights[begin:begin + width] = numpy.round((numpy.arange(width) + 0.5) / width * 4096)
        constants = [constant(values, "int16") for values in (weights, 4096 - weights, starts, begins, widths)]
        rows = [[samples(Tensor([bins], kind="uint32"), 2)[i]] for i in range(2)]
        rows += [[random.integers(0, 5000, bins)], [numpy.zeros(bins)]]
        case("SignalFilterBank", f"{channels} channels of {bins} bins", [Tensor([bins], kind="uint32"), *constants],
             Tensor([channels], kind="uint64"), {"num_channels": channels}, rows=rows)


def square_root():
    squares = [n * n + d for n in (1, 2, 3, 181, 46340, 65535, 65536, 2**31, 2**32 - 1) for d in (-1, 0, 1)]
    middles = [n * n + n + d for n in (1, 2, 7, 1000, 65535, 2**31 + 5) for d in (0, 1)]
    large = [2**64 - 1, 2**63, 2**63 - 1, (2**32 - 1) ** 2 + 2**32]
    values = numpy.array([0, 2, *squares, *middles, *large, *(2 ** random.integers(0, 64, 9)).tolist()], "uint64")
    for shift in (0, 1, 3, 7, 12):
        case("SignalFilterBankSquareRoot", f"{shift} scale bits",
             [Tensor([len(values)], kind="uint64"), Tensor([], kind="int32")], Tensor([len(values)], kind="uint32"), {},
             rows=[[values, shift]])


def spectral_subtraction():
    for title, more in (("smoothing", {}), ("clamping", {"clamping": True}),
                        ("no remaining signal", {"min_signal_remaining": 0}),
                        ("no alternation", {"alternate_smoothing": 409, "alternate_one_minus_smoothing": 15975}),
                        ("fewer bits", {"smoothing_bits": 4})):
        options = {"alternate_one_minus_smoothing": 15401, "alternate_smoothing": 983, "clamping": False,
                   "min_signal_remaining": 819, "num_channels": 7, "one_minus_smoothing": 15975, "smoothing": 409,
                   "smoothing_bits": 10, "spectral_subtraction_bits": 14} | more
        for sequence in (True, False) if title == "smoothing" else (True,):
            rows = [[random.integers(0, 4000 * (1 + 9 * (i % 4)), 7)] for i in range(10 if sequence else 3)]
            if title != "fewer bits":  # louder than this the smoothing leaves its 32 bits, differently on each machine
                rows.append([[0, 1, 2**20, 2**21 - 1, 1000, 0, 77]])
            case("SignalFilterBankSpectralSubtraction", title if sequence else f"{title}, reset before each run",
                 [Tensor([7], kind="uint32")], [Tensor([7], kind="uint32"), Tensor([7], kind="uint32")], options,
                 rows=rows, sequence=sequence)


def gains(strength=0.95, offset=80.0, input_bits=3, gain_bits=21):
    """The table of PCAN: the gain at 0, 1 and 2, then a parabola over each octave."""
    def gain(x):
        return min(32767, int((2**gain_bits) * (x / 2**input_bits + offset) ** -strength + 0.5))

    table = [gain(0), gain(1)]
    for octave in range(2, 33):
        low = 2 ** (octave - 1)
        y0, y1, y2 = gain(low), gain(low + low // 2), gain(min(2 * low, 2**32 - 1))
        slope = 4 * (y1 - y0) - (y2 - y0)
        table += [y0, slope, (y2 - y0) - slope, 0]
    return numpy.array(table[:125])


def pcan():
    for shift in (6, 3, 12):
        values = numpy.array(EDGES + random.integers(0, 2**20, 12).tolist())
        noise = numpy.concatenate([values[::-1], random.permutation(values)])
        given = numpy.concatenate([values, random.permutation(values)])
        tensors = [Tensor([len(noise)], kind="uint32") for _ in range(3)]
        case("SignalPCAN", f"shift {shift}", [*tensors[:2], constant(gains(), "int16")], tensors[2],
             {"snr_shift": shift}, rows=[[given, noise]])


def log():
    for bits, scale in ((3, 64), (0, 1600), (5, 200), (10, 1)):
        values = EDGES + [2**k + d for k in range(3, 32, 3) for d in (-1, 1)] + random.integers(0, 2**24, 20).tolist()
        case("SignalFilterBankLog", f"{bits} correction bits, scale {scale}", [Tensor([len(values)], kind="uint32")],
             Tensor([len(values)], kind="int16"), {"input_correction_bits": bits, "output_scale": scale},
             rows=[[values]])


MAKERS = (window, auto_scale, rfft, irfft, energy, filter_bank, square_root, spectral_subtraction, pcan, log)
