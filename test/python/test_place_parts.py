"""Values that lie in parts of larger buffers: no copy pads an image or joins channels."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator
from onnx_models import model

import aicc
from aicc.passes.buffers import place_parts
from aicc.passes.buffers.parts import Part, whole_of
from aicc.passes.signature import functions_of, is_kernel


class Net:
    """A graph of images under construction; each value is known by name, channels and size."""

    def __init__(self, seed: int, batch: int = 1, channels: int = 8, size: int = 10) -> None:
        self.random = np.random.default_rng(seed)
        self.nodes: list[Any] = []
        self.weights: dict[str, np.ndarray] = {}
        self.inputs = {"x": (batch, channels, size, size)}
        self.channels = {"x": channels}

    def add(self, op: str, values: list[str], channels: int, **attributes: Any) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, values, [name], f"{op}{name}", **attributes))
        self.channels[name] = channels
        return name

    def conv(self, x: str, channels: int, kernel: int = 3, pad: int = 1, group: int = 1) -> str:
        w = f"w{len(self.weights)}"
        shape = (channels, self.channels[x] // group, kernel, kernel)
        self.weights[w] = (self.random.standard_normal(shape) / np.prod(shape[1:])).astype("f4")
        return self.add("Conv", [x, w], channels, pads=[pad] * 4, group=group)

    def relu(self, x: str) -> str:
        return self.add("Relu", [x], self.channels[x])

    def join(self, *values: str) -> str:
        return self.add("Concat", list(values), sum(self.channels[v] for v in values), axis=1)

    def sum(self, x: str, y: str) -> str:
        return self.add("Add", [x, y], self.channels[x])

    def pool(self, x: str, kernel: int, kind: str = "MaxPool", **attributes: Any) -> str:
        pads = [kernel // 2] * 4
        window = [kernel, kernel]
        return self.add(kind, [x], self.channels[x], kernel_shape=window, pads=pads, **attributes)

    def pad(self, x: str, width: int) -> str:
        p = f"w{len(self.weights)}"
        self.weights[p] = np.array([0, 0, width, width] * 2, np.int64)
        return self.add("Pad", [x, p], self.channels[x])

    def model(self, *outputs: str) -> onnx.ModelProto:
        return model(self.nodes, self.inputs, outputs, self.weights)


def separable(net: Net) -> list[str]:
    """Widen, depthwise, narrow, add: inverted residuals."""
    x = net.relu(net.conv("x", 16))
    for _ in range(2):
        wide = net.relu(net.conv(x, 32, kernel=1, pad=0))
        deep = net.relu(net.conv(wide, 32, group=32))
        x = net.sum(net.conv(deep, 16, kernel=1, pad=0), x)
    return [net.relu(x)]


def fire(net: Net) -> list[str]:
    """Squeeze, expand twice, join."""
    x = net.relu(net.conv("x", 16))
    for _ in range(2):
        s = net.relu(net.conv(x, 16, kernel=1, pad=0))
        x = net.join(net.relu(net.conv(s, 32, kernel=1, pad=0)), net.relu(net.conv(s, 32)))
    return [net.conv(x, 16, kernel=1, pad=0)]


def residual(net: Net) -> list[str]:
    """Padded convolutions of values that are added later, and written in place."""
    x = net.relu(net.conv("x", 16))
    for _ in range(3):
        x = net.relu(net.sum(net.conv(net.relu(net.conv(x, 16)), 16), x))
    return [x]


def widths(net: Net) -> list[str]:
    """One value with borders of three widths, zeros and minus infinity, joined with the results."""
    x = net.relu(net.conv("x", 16, kernel=1, pad=0))
    five = net.conv(x, 16, kernel=5, pad=2)
    average = net.pool(x, 3, "AveragePool", count_include_pad=1)
    plain = net.pool(x, 3, "AveragePool")
    return [net.join(net.conv(x, 16), five, net.pool(x, 5), average, plain, x), five]


def nested(net: Net) -> list[str]:
    """Joins of joins, one padded, one an output, one value in two of them."""
    a, b, c = (net.relu(net.conv("x", n)) for n in (16, 24, 1))
    inner = net.join(a, b)
    outer = net.join(inner, c, a)
    return [outer, net.conv(inner, 16), net.conv(outer, 16, kernel=5, pad=2)]


def explicit(net: Net) -> list[str]:
    """Pad operators: read twice, of a join, joined."""
    x, y = net.relu(net.conv("x", 16)), net.relu(net.conv("x", 16))
    p = net.pad(x, 1)
    both = net.pad(net.join(x, y), 1)
    q = net.join(p, net.pad(y, 1))
    read = [net.conv(v, 16, pad=0) for v in (p, both, q)]
    return [*read, net.pool(p, 3)]


def halves(net: Net) -> list[str]:
    """Channels split, worked on, joined again."""
    x = net.relu(net.conv("x", 32))
    name = f"v{len(net.nodes)}"
    net.weights["halves"] = np.array([16, 16], np.int64)
    parts = [f"{name}_0", f"{name}_1"]
    net.nodes.append(helper.make_node("Split", [x, "halves"], parts, "split", axis=1))
    net.channels.update(dict.fromkeys(parts, 16))
    y = net.join(parts[0], net.relu(net.conv(parts[1], 16)))
    return [net.conv(y, 16), net.sum(*parts)]


GRAPHS = [separable, fire, residual, widths, nested, explicit, halves]


def copies_left(proto: onnx.ModelProto) -> list[str]:
    """The kernels of a lowered model that copy between buffers without changing the order."""
    lowered = aicc.import_onnx(proto, threads=1)
    aicc.lower(lowered.module, to="buffers")
    found = []
    for function in functions_of(lowered.module.operation):
        ops = [op.operation for op in function.operation.regions[0].blocks[0].operations]
        copies = [op for op in ops if op.name in ("linalg.copy", "memref.copy")]
        if is_kernel(function) and copies:
            found.append(function.name.value)
    return found


def check(net: Net, outputs: list[str], threads: int = 1) -> None:
    proto = net.model(*outputs)
    x = net.random.standard_normal(net.inputs["x"]).astype(np.float32)
    expected = ReferenceEvaluator(proto).run(None, {"x": x})
    exe = aicc.compile(proto, threads=threads)
    # twice: the second run finds in the arena what the first has left there
    exe.run({"x": x})
    for got, want in zip(exe.run({"x": x}).values(), expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("graph", GRAPHS)
@pytest.mark.parametrize("batch", [1, 2])
def test_results(graph: Any, batch: int) -> None:
    net = Net(batch, batch)
    check(net, graph(net), threads=batch)


@pytest.mark.parametrize("seed", range(6))
def test_random_graphs(seed: int) -> None:
    chance = random.Random(seed)
    net = Net(seed, batch=chance.choice([1, 2]), size=chance.choice([6, 9]))
    values = [net.relu(net.conv("x", 16))]
    for _ in range(10):
        x, y = chance.choice(values), chance.choice(values)
        kind = chance.choice(["conv", "wide", "depthwise", "join", "sum", "pool", "one"])
        if kind == "join":
            values.append(net.join(x, y) if net.channels[x] < 64 > net.channels[y] else net.relu(x))
        elif kind == "sum":
            values.append(net.sum(x, y) if net.channels[x] == net.channels[y] else net.relu(y))
        elif kind == "pool":
            values.append(net.pool(x, chance.choice([3, 5])))
        elif kind == "depthwise":
            values.append(net.relu(net.conv(x, net.channels[x], group=net.channels[x])))
        else:
            kernel = {"conv": 3, "wide": 5, "one": 1}[kind]
            channels = chance.choice([16, 20, 32])
            values.append(net.relu(net.conv(x, channels, kernel, kernel // 2)))
    check(net, values[-3:])


@pytest.mark.parametrize("graph", [separable, fire, residual])
def test_nothing_is_copied(graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    # what a kernel needs for itself is much of the memory of so small a graph
    monkeypatch.setattr(place_parts, "MAX_GROWTH", 2)
    net = Net(0, size=16)
    assert copies_left(net.model(*graph(net))) == []


def test_parts_in_other_shapes() -> None:
    rows = Part((1, 58, 58, 144), (0, 1, 1, 0), (1, 56, 56, 144))
    assert rows.reshaped([56, 56, 3, 48]) == Part((58, 58, 3, 48), (1, 1, 0, 0), (56, 56, 3, 48))
    assert rows.reshaped([3136, 144]) is None
    columns = Part((4, 8, 32), (0, 0, 16), (4, 8, 16))
    assert columns.reshaped([32, 16]) == Part((32, 32), (0, 16), (32, 16))
    assert columns.reshaped([4, 8, 4, 4]) == Part((4, 8, 8, 4), (0, 0, 4, 0), (4, 8, 4, 4))
    assert columns.reshaped([4, 128]) is None
    assert whole_of([4, 6]).reshaped([3, 8]) == whole_of([3, 8])
    # the rows have two dimensions, which the border does not divide
    assert rows.fitted([1, 28, 2, 28, 2, 144]) == rows
    assert columns.seen_in([32, 32]) == Part((32, 32), (0, 16), (32, 16))


def test_parts_that_meet() -> None:
    left, right = Part((4, 32), (0, 0), (4, 16)), Part((2, 2, 32), (0, 0, 16), (2, 2, 16))
    assert not left.meets(right) and not right.meets(left)
    assert left.meets(Part((2, 2, 32), (0, 0, 15), (2, 2, 16)))
    assert Part((8, 4), (0, 0), (2, 4)).meets(Part((32,), (7,), (4,)))
    assert not Part((8, 4), (0, 0), (2, 4)).meets(Part((32,), (8,), (4,)))


def test_cache_lines_of_a_part() -> None:
    # 16 floats are a line
    assert Part((8, 32), (0, 16), (8, 16)).spread(4) == 1
    assert Part((8, 32), (0, 4), (8, 16)).spread(4) == 2
    assert Part((64, 16), (0, 3), (64, 1)).spread(4) > 16
