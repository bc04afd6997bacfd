"""Runs models in the reference interpreter and keeps what it answers."""

import base64
import ctypes
import json
import re
import zlib

import numpy
from tflite_micro.python.tflite_micro import runtime

from .model import Graph, Operator, Tensor, model_bytes

random = numpy.random.default_rng(20261122)
cases = {}
# The module's own count knows variables by their name without the container.
runtime.count_resource_variables = lambda model: 8


def seed(name):
    """Makes the numbers of one family independent of those of the others."""
    random.bit_generator.state = numpy.random.default_rng(zlib.crc32(name.encode())).bit_generator.state


def weights(shape, scale, axis=0, kind="int8", limit=None):
    """Constants of the whole range, or as far as `limit`; symmetric as the converter makes them."""
    limit = limit or numpy.iinfo(kind).max
    return Tensor(shape, scale, kind=kind, data=random.integers(-limit, limit + 1, shape), axis=axis)


def reals(shape, spread=1.0):
    return Tensor(shape, kind="float32", data=random.normal(0, spread, shape))


def bias(count, size=2000, kind="int32", scale=1e-4):
    return Tensor([count], scale, kind=kind, data=random.integers(-size, size + 1, count))


def samples(tensor, count, limits=None):
    """Random values, then the extremes."""
    if tensor.kind == "float32":
        return list(random.normal(0, 2, [count, *tensor.shape]).astype("float32"))
    if tensor.kind == "bool":
        return list(random.integers(0, 2, [count, *tensor.shape]).astype("bool"))
    low, high = limits or (numpy.iinfo(tensor.kind).min, numpy.iinfo(tensor.kind).max)
    values = list(random.integers(low, high, [count - 1, *tensor.shape], tensor.kind, endpoint=True))
    # Every value that there is, where there is room for them: the extremes in any case.
    if high - low < 256:
        sweep = numpy.arange(high, low - 1, -1)
    else:
        middle = random.integers(low, high, 61, tensor.kind, endpoint=True)
        sweep = numpy.concatenate([numpy.array([high, low, 0 if low <= 0 else low], tensor.kind), middle])
    return [*values, numpy.resize(sweep, tensor.shape).astype(tensor.kind)]


def answers(model, rows, outputs, sequence, arena, fill):
    ctypes.CDLL(None).mallopt(-6, fill)  # M_PERTURB: what fresh memory holds, the arena too
    interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena)
    results = []
    for row in rows:
        if not sequence:
            interpreter.reset()
        for index, value in enumerate(row):
            interpreter.set_input(value, index)
        interpreter.invoke()
        results.append([interpreter.get_output(index) for index in range(outputs)])
    return results


def record(file, name, graphs, rows=None, count=2, limits=None, sequence=False):
    """Adds a case to vectors/<file>.json. Rows are the inputs of each run; when left out, `count` of them are drawn.
    Returns the outputs of each run."""
    main = graphs[0]
    if rows is None:
        rows = list(zip(*(samples(tensor, count, limits) for tensor in main.inputs)))
    rows = [[numpy.asarray(value, t.kind).reshape(t.shape) for value, t in zip(row, main.inputs, strict=True)]
            for row in rows]
    return keep(file, name, model_bytes(*graphs), rows, len(main.outputs), sequence)


def keep(file, name, model, rows, outputs, sequence=False):
    """Adds a case of a finished model; the rows are arrays of its inputs' types and shapes. Returns as `record` does."""
    try:
        results = answers(model, rows, outputs, sequence, 200_000, 0x55)
        again = answers(model, rows, outputs, sequence, 300_016, 0x92)
    except (RuntimeError, ValueError) as error:
        raise RuntimeError(f"{file}: {name}: {error}") from error
    vectors = []
    for row, result, other in zip(rows, results, again):
        given = {"inputs": [encode(value) for value in row], "outputs": [encode(value) for value in result]}
        assert given["outputs"] == [encode(value)
                                    for value in other], f"{file}: {name}: depends on uninitialized memory"
        vectors.append(given)
    entry = {"name": name, "model": base64.b64encode(zlib.compress(model, 9)).decode()}
    if sequence:
        entry["sequence"] = True
    assert name not in [other["name"] for other in cases.get(file, [])], f"{file}: two cases named {name}"
    cases.setdefault(file, []).append(entry | {"vectors": vectors})
    return results


def encode(values):
    return base64.b64encode(numpy.ascontiguousarray(values).tobytes()).decode()


def case(operator, name, inputs, outputs, options=None, version=1, **how):
    """Records a model of one operator."""
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return record(operator, name, [Graph([Operator(operator, inputs, outputs, options, version)])], **how)


def write(folder, made_with):
    folder.mkdir(exist_ok=True)
    for file, entries in cases.items():
        words = re.sub("(?<=[a-z])(?=[A-Z])", "_", file)
        path = folder / f"{words.lower()}.json"
        path.write_text(json.dumps({"made_with": made_with, "cases": entries}, indent="\t") + "\n")
        print(f"{path.name}: {len(entries)} cases, {path.stat().st_size} bytes")
    cases.clear()
