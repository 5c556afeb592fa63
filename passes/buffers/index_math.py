"""Index values of buffer-level IR as linear expressions of loop counters.

Why: whether two accesses can meet is decided from where they lie in each iteration:

    %1 = affine.apply #(d0 + d1)(%i, %j); vector.load %x[%1, %c16]   ->   [i + j, 16]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aicc._mlir import ir


@dataclass(frozen=True)
class Loop:
    """One counter of a loop with constant bounds; it takes `trips` values, `step` apart."""

    counter: Any
    start: int
    step: int
    trips: int


@dataclass(frozen=True)
class Linear:
    """constant + sum of factor * counter."""

    constant: int
    factors: tuple[tuple[Any, int], ...] = ()

    def __add__(self, other: Linear) -> Linear:
        total = dict(self.factors)
        for counter, factor in other.factors:
            total[counter] = total.get(counter, 0) + factor
        kept = tuple((c, f) for c, f in total.items() if f)
        return Linear(self.constant + other.constant, kept)

    def times(self, factor: int) -> Linear:
        """Every term multiplied."""
        if factor == 0:
            return Linear(0)
        return Linear(self.constant * factor, tuple((c, f * factor) for c, f in self.factors))

    def factor(self, counter: Any) -> int:
        """The factor of one counter, 0 if it does not occur."""
        for each, factor in self.factors:
            if each == counter:
                return factor
        return 0

    def span(self, loops: dict[Any, Loop], fixed: list[Any]) -> tuple[int, int]:
        """Smallest and largest value, the `fixed` counters taken as 0."""
        low = high = self.constant
        for counter, factor in self.factors:
            if counter not in fixed:
                loop = loops[counter]
                ends = (
                    factor * loop.start,
                    factor * (loop.start + loop.step * (loop.trips - 1)),
                )
                low, high = low + min(ends), high + max(ends)
        return low, high


def linear(value: Any, is_counter: Callable[[Any], bool]) -> Linear | None:
    """The value as a linear expression of loop counters, None if it is not one we can see."""
    if is_counter(value):
        return Linear(0, ((value, 1),))
    owner = value.owner
    if isinstance(owner, ir.Block):
        return None
    if owner.name == "arith.constant":
        return Linear(int(owner.attributes["value"].value))
    if owner.name not in ("affine.apply", "arith.addi", "arith.subi", "arith.muli"):
        return None
    operands = [linear(v, is_counter) for v in owner.operands]
    if any(o is None for o in operands):
        return None
    return _combined(owner, operands)


def _combined(op: Any, operands: list[Any]) -> Linear | None:
    if op.name == "affine.apply":
        map_ = op.attributes["map"].value
        dims, symbols = operands[: map_.n_dims], operands[map_.n_dims :]
        return _of_affine(map_.results[0], dims, symbols)
    if op.name == "arith.addi":
        return operands[0] + operands[1]
    if op.name == "arith.subi":
        return operands[0] + operands[1].times(-1)
    return _product(*operands)


def _product(lhs: Linear, rhs: Linear) -> Linear | None:
    if not rhs.factors:
        return lhs.times(rhs.constant)
    return None if lhs.factors else rhs.times(lhs.constant)


def _of_affine(expr: Any, dims: list[Any], symbols: list[Any]) -> Linear | None:
    if isinstance(expr, ir.AffineConstantExpr):
        return Linear(expr.value)
    if isinstance(expr, ir.AffineDimExpr):
        return dims[expr.position]
    if isinstance(expr, ir.AffineSymbolExpr):
        return symbols[expr.position]
    if not isinstance(expr, (ir.AffineAddExpr, ir.AffineMulExpr)):
        return None
    lhs, rhs = (_of_affine(e, dims, symbols) for e in (expr.lhs, expr.rhs))
    if lhs is None or rhs is None:
        return None
    return lhs + rhs if isinstance(expr, ir.AffineAddExpr) else _product(lhs, rhs)
