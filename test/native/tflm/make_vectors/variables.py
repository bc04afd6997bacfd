"""Resource variables: subgraph 1 gives them their first values, once, and subgraph 0 reads and assigns them."""

import numpy

from .model import Graph, Operator, Options, Tensor, constant
from .record import record


class Variable:
    """Known by (container, shared_name) alone: each graph has a handle of its own."""

    def __init__(self, shape, kind, first, name, container="", scale=None, zero=0):
        self.shape, self.kind, self.first, self.name, self.container = shape, kind, first, name, container
        self.scale, self.zero = scale, zero

    def handle(self):
        options = Options("VarHandleOptions", sharedName=self.name, container=self.container)
        resource = Tensor([], kind="resource")
        return resource, Operator("VAR_HANDLE", [], [resource], options)

    def tensor(self, data=None, shape=None):
        return Tensor(shape or self.shape, self.scale, self.zero, self.kind, data)

    def read(self, resource):
        value = self.tensor()
        return value, Operator("READ_VARIABLE", [resource], [value], Options("ReadVariableOptions"))


def assign(resource, value):
    return Operator("ASSIGN_VARIABLE", [resource, value], [], Options("AssignVariableOptions"))


def initial(*variables):
    steps = []
    for variable in variables:
        resource, handle = variable.handle()
        steps += [handle, assign(resource, variable.tensor(numpy.full(variable.shape, variable.first)))]
    return Graph(steps, [], [])


def call_once(graph=1):
    return Operator("CALL_ONCE", [], [], Options("CallOnceOptions", initSubgraphIndex=graph))


def rings():
    def ring(title, variable, frames, sequence=True, runs=5):
        """The last frames of a stream, as streaming convolutions keep them."""
        given = variable.tensor(shape=[1, 1, variable.shape[2]])
        resource, handle = variable.handle()
        old, read = variable.read(resource)
        joined, kept = variable.tensor(shape=[1, frames + 1, variable.shape[2]]), variable.tensor()
        steps = [
            call_once(), handle, read,
            Operator("CONCATENATION", [old, given], [joined], Options("ConcatenationOptions", axis=1)),
            Operator("STRIDED_SLICE", [joined, constant([0, -frames, 0]), constant([0, 0, 0]), constant([1, 1, 1])],
                     [kept], Options("StridedSliceOptions", beginMask=5, endMask=7)),
            assign(resource, kept),
        ]
        record("VARIABLES", title, [Graph(steps, [given], [joined]), initial(variable)], count=runs, sequence=sequence)

    ring("ring of 3, int8", Variable([1, 3, 4], "int8", -128, "ring", scale=0.1, zero=-128), 3)
    ring("ring of 3, int8, reset before each run", Variable([1, 3, 4], "int8", 17, "ring", scale=0.1, zero=-128), 3,
         False)
    ring("ring of 2, int16", Variable([1, 2, 3], "int16", 100, "ring", scale=0.001), 2)
    ring("ring of 4, float32", Variable([1, 4, 2], "float32", 0.5, "ring"), 4)
    ring("ring of 2, int32", Variable([1, 2, 3], "int32", -7, "ring"), 2)


def sums():
    def total(title, kind, first, sequence=True, once=True):
        variable = Variable([3], kind, first, "sum")
        given, now = variable.tensor(), variable.tensor()
        resource, handle = variable.handle()
        old, read = variable.read(resource)
        steps = [handle, read, Operator("ADD", [old, given], [now], Options("AddOptions")), assign(resource, now)]
        graphs = [Graph([call_once(), *steps], [given], [now]),
                  initial(variable)] if once else [Graph(steps, [given], [now])]
        rows = [[numpy.array([n, 10 * n, -n])] for n in range(1, 6)]
        record("VARIABLES", title, graphs, rows=rows, sequence=sequence)

    total("sum, float32", "float32", 0.25)
    total("sum, int32", "int32", 1000)
    total("sum, int32, reset before each run", "int32", 1000, sequence=False)
    total("sum that nothing begins, float32", "float32", 0, once=False)


def several():
    # The same name in two containers, and two names in one, each with its own first value.
    variables = [Variable([2], "float32", first, name, container) for first, name, container in
                 ((1.0, "a", ""), (2.0, "b", ""), (4.0, "a", "other"))]
    given = Tensor([2], kind="float32")
    steps, results = [call_once()], []
    for variable in variables:
        resource, handle = variable.handle()
        old, read = variable.read(resource)
        now = variable.tensor()
        steps += [handle, read, Operator("MUL", [old, given], [now], Options("MulOptions")), assign(resource, now)]
        results.append(now)
    record("VARIABLES", "three of two containers", [Graph(steps, [given], results), initial(*variables)], sequence=True,
           rows=[[[1.5, -1.0]], [[2.0, 0.5]], [[-1.0, 3.0]]])

    variable = Variable([4], "int8", 3, "v", scale=0.5, zero=1)
    given = variable.tensor()
    (first, one), (second, two) = variable.handle(), variable.handle()
    (before, read), (after, again) = variable.read(first), variable.read(second)
    record("VARIABLES", "read before and after it is assigned, by two handles",
           [Graph([call_once(), one, two, read, assign(second, given), again], [given], [before, after]),
            initial(variable)],
           count=4, sequence=True)

    # First values can be computed.
    variable = Variable([2, 2], "float32", 0, "v")
    resource, handle = variable.handle()
    value = variable.tensor()
    begin = Graph([handle, Operator("ADD", [variable.tensor([[1, 2], [3, 4]]), variable.tensor([[10, 20], [30, 40]])],
                                    [value], Options("AddOptions")), assign(resource, value)], [], [])
    given, result = variable.tensor(), variable.tensor()
    resource, handle = variable.handle()
    old, read = variable.read(resource)
    steps = [call_once(), handle, read, Operator("SUB", [given, old], [result], Options("SubOptions")),
             assign(resource, given)]
    record("VARIABLES", "first value computed", [Graph(steps, [given], [result]), begin], count=3, sequence=True)


MAKERS = (rings, sums, several)
