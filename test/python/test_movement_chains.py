"""Random chains of data movement: rewritten, they move every element to the same place.

Nothing is compiled: both graphs are evaluated by numpy on the numbers 0, 1, 2, ..
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from graph_programs import module_of

from aicc._mlir import context
from aicc.dialects.graph import OPS, load_graph
from aicc.dialects.graph.evaluation import evaluate
from aicc.dialects.graph.movement import Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.structure import LayoutCast, cast_permutation
from aicc.passes.driver import Pipeline
from aicc.passes.graph import eliminate_redundancy

COPIES = ("graph.transpose", "graph.layout_cast", "graph.slice", "graph.expand")


def random_move(rng: np.random.Generator, x: Any) -> Any:
    """One more op on `x`, of at most a few hundred elements."""
    shape, kind = list(x.type.shape), rng.integers(5)
    if kind == 0:
        return Reshape.build(x, shape=regrouped(rng, shape))
    if kind == 1:
        return Transpose.build(x, permutation=rng.permutation(len(shape)).tolist())
    if kind == 2:
        sizes = [int(rng.integers(1, d + 1)) if rng.random() < 0.4 else d for d in shape]
        rows = [random_row(rng, d, size) for d, size in zip(shape, sizes, strict=True)]
        starts, steps = zip(*rows, strict=True) if rows else ((), ())
        return Slice.build(x, starts=starts, sizes=sizes, steps=steps)
    if kind == 3 and math.prod(shape) <= 200:
        wide = [int(rng.integers(1, 4)) if d == 1 else d for d in shape]
        return Expand.build(x, shape=[*rng.integers(1, 3, rng.integers(2)).tolist(), *wide])
    if kind == 4 and len(shape) >= 3:
        source, target = rng.permutation(["NCHW", "NHWC"]).tolist()
        return LayoutCast.build(x, source=source, target=target)
    return x


def random_row(rng: np.random.Generator, extent: int, size: int) -> tuple[int, int]:
    """Start and step of `size` positions within a dimension."""
    step = int(rng.integers(1, (extent - 1) // (size - 1) + 1)) if size > 1 else 1
    start = int(rng.integers(extent - (size - 1) * step))
    if rng.random() < 0.2:
        return start + (size - 1) * step, -step
    return start, step


def regrouped(rng: np.random.Generator, shape: list[int]) -> list[int]:
    """Another shape of as many elements: prime factors joined at random, some ones."""
    factors = [p for d in shape for p in primes(d)]
    groups: list[int] = []
    for factor in factors:
        if groups and rng.random() < 0.5:
            groups[-1] *= factor
        else:
            groups.append(factor)
    for _ in range(rng.integers(3)):
        groups.insert(rng.integers(len(groups) + 1), 1)
    return groups


def primes(number: int) -> list[int]:
    divisor = next((d for d in range(2, number + 1) if number % d == 0), None)
    return [divisor, *primes(number // divisor)] if divisor else []


def evaluated(main: Any, x: np.ndarray) -> list[np.ndarray]:
    """The results of @main, by numpy."""
    block = main.operation.regions[0].blocks[0]
    known = {block.arguments[0]: x}
    for view in block.operations:
        op = view.operation
        if op.name == "func.return":
            return [known[v] for v in op.operands]
        operand = known[op.operands[0]]
        if op.name == "graph.layout_cast":
            value = operand.transpose(cast_permutation(operand.ndim, view.target))
        else:
            value = evaluate(OPS[op.name], [operand], op.opview.attr_values())
        known[op.results[0]] = value
    raise AssertionError("no return")


def copied(main: Any) -> int:
    """The number of elements that ops other than views write."""
    operations = main.operation.regions[0].blocks[0].operations
    return sum(
        math.prod(op.operation.results[0].type.shape)
        for op in operations
        if op.operation.name in COPIES
    )


@pytest.mark.parametrize("seed", range(150))
def test_a_random_chain_keeps_its_elements(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = rng.choice([1, 2, 3, 4, 6], rng.integers(1, 5)).tolist()
    x = np.arange(math.prod(shape), dtype=np.float32).reshape(shape)

    def body(value: Any) -> list[Any]:
        results = []
        for _ in range(rng.integers(1, 9)):
            value = random_move(rng, value)
            if rng.random() < 0.1:
                results.append(value)
        return [*results, value]

    with context():
        load_graph()
        module = module_of(body, {"x": x})
        main = module.body.operations[0]
        before, cost = evaluated(main, x), copied(main)
        Pipeline("eliminate-redundancy").run(module)
        main = module.body.operations[0]
        after = evaluated(main, x)
        assert copied(main) <= cost
        assert not eliminate_redundancy.PATTERNS.apply(module.operation)
    for expected, actual in zip(before, after, strict=True):
        np.testing.assert_array_equal(actual, expected)
