"""`propagate-layout` on random graphs: the values stay, the price of all casts does not grow.

Small tensors are computed with numpy, op by op, before and after the pass.
"""

import random
from collections.abc import Callable
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from aicc._mlir import context, dialect, ir
from aicc.dialects.graph import OPS, load_graph
from aicc.dialects.graph.evaluation import evaluate
from aicc.dialects.graph.structure import cast_permutation
from aicc.dialects.graph.types import element_count, tensor
from aicc.passes.driver import Pipeline
from aicc.passes.graph.layout.cost import cast_seconds
from aicc.passes.graph.layout.minimum_cut import FlowNetwork
from aicc.passes.graph.layout.permutations import identity, is_same_memory
from aicc.passes.graph.layout.regions import cast_order

Value = Any
SIZES = (1, 2, 3, 4)


class Maker:
    """Grows a function of random ops at the current insertion point."""

    def __init__(self, seed: int, inputs: list[Value]) -> None:
        self.random = random.Random(seed)
        self.values = list(inputs)

    def grow(self, count: int) -> None:
        makers = [getattr(self, name) for name in dir(self) if name.startswith("make_")]
        for _ in range(count):
            x = self.random.choice(self.values[-4:])
            value = self.random.choice(makers)(x)
            if value is not None and element_count(value.type.shape) <= 2000:
                self.values.append(value)

    def make_relu(self, x: Value) -> Value:
        return OPS["graph.relu"].build(x)

    def make_sum(self, x: Value) -> Value:
        y = self.random.choice([v for v in self.values if fits(v.type.shape, x.type.shape)])
        return OPS["graph.add"].build(x, y)

    def make_transpose(self, x: Value) -> Value:
        order = list(range(x.type.rank))
        self.random.shuffle(order)
        return OPS["graph.transpose"].build(x, permutation=order)

    def make_cast(self, x: Value) -> Value | None:
        source, target = self.random.sample(("NCHW", "NHWC"), 2)
        if x.type.rank < 3:
            return None
        return OPS["graph.layout_cast"].build(x, source=source, target=target)

    make_second_cast = make_cast
    make_second_transpose = make_transpose

    def make_reshape(self, x: Value) -> Value:
        shape: list[int] = []
        for d in x.type.shape:
            parts = [f for f in (2, 3) if d % f == 0 and d > f]
            part = self.random.choice([1, *parts])
            shape += [part, d // part] if part > 1 else [d]
        while len(shape) > 1 and (self.random.random() < 0.4 or len(shape) > 6):
            i = self.random.randrange(len(shape) - 1)
            shape[i : i + 2] = [shape[i] * shape[i + 1]]
        if self.random.random() < 0.3:
            shape.insert(self.random.randrange(len(shape) + 1), 1)
        return OPS["graph.reshape"].build(x, shape=shape)

    def make_slice(self, x: Value) -> Value:
        sizes = [self.random.randint(1, d) for d in x.type.shape]
        starts = [self.random.randint(0, d - s) for d, s in zip(x.type.shape, sizes, strict=True)]
        return OPS["graph.slice"].build(x, starts=starts, sizes=sizes, steps=[1] * x.type.rank)

    def make_pad(self, x: Value) -> Value:
        low, high = ([self.random.randint(0, 1) for _ in x.type.shape] for _ in range(2))
        zero = OPS["graph.constant"].of(np.array(7, np.float32))
        return OPS["graph.pad"].build(x, zero, low=low, high=high)

    def make_concat(self, x: Value) -> Value:
        axis = self.random.randrange(x.type.rank)
        others = [v for v in self.values if joins(v.type.shape, x.type.shape, axis)]
        return OPS["graph.concat"].build([x, self.random.choice(others)], axis=axis)

    def make_reduction(self, x: Value) -> Value | None:
        if x.type.rank < 2:
            return None
        axes = sorted(self.random.sample(range(x.type.rank), self.random.randint(1, 2)))
        keepdims = self.random.random() < 0.5 or len(axes) == x.type.rank
        return OPS["graph.reduce_max"].build(x, axes=axes, keepdims=keepdims)

    def make_expand(self, x: Value) -> Value:
        shape = [d if d > 1 else self.random.choice((1, 2)) for d in x.type.shape]
        return OPS["graph.expand"].build(x, shape=shape)

    def make_gather(self, x: Value) -> Value:
        axis = self.random.randrange(x.type.rank)
        last = x.type.shape[axis] - 1
        shape = self.random.choice([(), (2,), (1, 2)])
        indices = OPS["graph.constant"].of(np.full(shape, self.random.randint(0, last)))
        return OPS["graph.gather"].build(x, indices, axis=axis)


def fits(shape: Any, target: Any) -> bool:
    """True if `shape` broadcasts to `target`."""
    pairs = zip(reversed(shape), reversed(target), strict=False)
    return len(shape) <= len(target) and all(a in (1, b) for a, b in pairs)


def joins(shape: Any, target: Any, axis: int) -> bool:
    if len(shape) != len(target):
        return False
    return all(a == b for i, (a, b) in enumerate(zip(shape, target, strict=True)) if i != axis)


def random_module(seed: int) -> Any:
    rng = random.Random(seed)
    module = ir.Module.create()
    func = dialect("func")
    types = [tensor([rng.choice(SIZES) for _ in range(4)], ir.F32Type.get()) for _ in range(2)]
    with ir.InsertionPoint(module.body):
        function = func.FuncOp("main", (types, []))
        block = function.add_entry_block()
        with ir.InsertionPoint(block):
            maker = Maker(seed, list(block.arguments))
            maker.grow(14)
            results = [*rng.sample(maker.values, 2), maker.values[-1]]
            func.ReturnOp(results)
        signature = ir.FunctionType.get(types, [v.type for v in results])
        function.operation.attributes["function_type"] = ir.TypeAttr.get(signature)
    assert module.operation.verify()
    return module


def results_of(module: Any) -> list[Any]:
    """@main on fixed inputs, by numpy."""
    block = module.body.operations[0].operation.regions[0].blocks[0]
    env: dict[Any, Any] = {}
    for i, argument in enumerate(block.arguments):
        count = element_count(argument.type.shape)
        env[argument] = (np.arange(count, dtype=np.float32) * (i + 1) % 97).reshape(
            argument.type.shape
        )
    for op in (o.operation for o in block.operations):
        if op.name == "func.return":
            return [env[v] for v in op.operands]
        env[op.results[0]] = computed(op, env)
    raise AssertionError("no return")


def computed(op: Any, env: dict[Any, Any]) -> Any:
    view = op.opview
    if op.name == "graph.constant":
        return view.array()
    if op.name == "graph.layout_cast":
        x = env[op.operands[0]]
        return x.transpose(cast_permutation(x.ndim, view.target))
    groups = [[env[v] for v in g] if isinstance(g, list) else env[g] for g in view.operand_groups()]
    return evaluate(type(view), groups, view.attr_values())


def cast_price(module: Any) -> float:
    """Seconds of the casts and transposes that bring elements to another place."""
    block = module.body.operations[0].operation.regions[0].blocks[0]
    total = 0.0
    for op in (o.operation for o in block.operations):
        order = cast_order(op)
        if order and not is_same_memory(op.operands[0].type.shape, order, identity(len(order))):
            total += cast_seconds(op.operands[0].type)
    return total


@pytest.mark.parametrize("start", range(0, 200, 20))
def test_random_graphs(start: int) -> None:
    for seed in range(start, start + 20):
        with context(), ir.Location.unknown():
            load_graph()
            module = random_module(seed)
            Pipeline("simplify-graph").run(module)
            expected, before = results_of(module), cast_price(module)
            Pipeline("propagate-layout").run(module)
            assert module.operation.verify()
            for got, want in zip(results_of(module), expected, strict=True):
                np.testing.assert_array_equal(got, want, err_msg=f"seed {seed}\n{module}")
            text = str(module)
            Pipeline("propagate-layout").run(module)
            assert str(module) == text, f"seed {seed}"
            Pipeline("simplify-graph").run(module)
            assert cast_price(module) <= before, f"seed {seed}\n{module}"


def cut_cost(edges: list[tuple[int, int, int]], side: Callable[[int], bool]) -> int:
    return sum(capacity for tail, head, capacity in edges if side(tail) and not side(head))


@pytest.mark.parametrize("seed", range(30))
def test_minimum_cut(seed: int) -> None:
    rng = random.Random(seed)
    nodes = range(2, 7)
    edges = [
        (tail, head, rng.randint(1, 9))
        for tail, head in product(range(7), repeat=2)
        if tail != head and rng.random() < 0.4
    ]
    network = FlowNetwork()
    for _ in nodes:
        network.add_node()
    for edge in edges:
        network.add_edge(*edge)
    chosen = network.source_side()
    assert network.source in chosen and network.sink not in chosen
    subsets = [set(c) for size in range(6) for c in combinations(nodes, size)]
    best = min(cut_cost(edges, lambda n, s=s: n == 0 or n in s) for s in subsets)
    assert cut_cost(edges, chosen.__contains__) == best
