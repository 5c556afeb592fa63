"""Lowering of determinants: Gaussian elimination with row exchanges.

graph.determinant(%x) -> for each matrix, for each column k: exchange row k with the row below whose
element is the largest; subtract multiples of row k from the rows below; multiply by the pivot
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.matrices import Determinant
from aicc.dialects.graph.types import element_count, tensor

from .elementwise_ops import Scope, convert
from .lowering import Builder, lowers, signless


class _Elimination:
    """Builds the elimination of an n x n matrix."""

    def __init__(self, b: Builder, element: Any, size: int) -> None:
        self.b, self.s, self.size = b, Scope(b, element, {}), size
        self.element = element
        self.scf = dialect("scf")

    def loop(
        self, low: Any, carried: list[Any], body: Callable[[Any, list[Any]], list[Any]]
    ) -> list[Any]:
        """for i in low .. size: carried = body(i, carried)."""
        loop = self.scf.ForOp(low, self.b.index(self.size), self.b.index(1), carried)
        with ir.InsertionPoint(loop.body):
            self.scf.YieldOp(body(loop.induction_variable, list(loop.inner_iter_args)))
        return list(loop.results)

    def below(self, row: Any) -> Any:
        """The next row."""
        return self.b.arith.addi(row, self.b.index(1))

    def pivot_row(self, m: Any, k: Any) -> Any:
        """The row from k on whose element in column k is the largest."""
        s, b = self.s, self.b

        def better(i: Any, best: list[Any]) -> list[Any]:
            size = s.math.absf(b.tensor.extract(m, [i, k]))
            wins = s.compare("gt", size, best[1])
            return [s.select(wins, i, best[0]), s.select(wins, size, best[1])]

        first = s.math.absf(b.tensor.extract(m, [k, k]))
        return self.loop(self.below(k), [k, first], better)[0]

    def exchanged(self, m: Any, k: Any, other: Any) -> Any:
        """Rows k and `other` exchanged from column k on."""
        b = self.b

        def exchange(j: Any, carried: list[Any]) -> list[Any]:
            (held,) = carried
            upper, lower = (b.tensor.extract(held, [row, j]) for row in (k, other))
            held = b.tensor.insert(lower, held, [k, j])
            return [b.tensor.insert(upper, held, [other, j])]

        return self.loop(k, [m], exchange)[0]

    def cleared(self, m: Any, k: Any, pivot: Any) -> Any:
        """Column k made 0 below row k; nothing is left to clear if the pivot is 0."""
        b, s = self.b, self.s
        is_zero = s.compare("eq", pivot, b.scalar(0, self.element))
        divisor = s.select(is_zero, b.scalar(1, self.element), pivot)

        def clear_row(i: Any, carried: list[Any]) -> list[Any]:
            factor = s.div(b.tensor.extract(carried[0], [i, k]), divisor)

            def clear(j: Any, inner: list[Any]) -> list[Any]:
                (held,) = inner
                taken = s.mul(factor, b.tensor.extract(held, [k, j]))
                left = s.sub(b.tensor.extract(held, [i, j]), taken)
                return [b.tensor.insert(left, held, [i, j])]

            return self.loop(k, carried, clear)

        return self.loop(self.below(k), [m], clear_row)[0]

    def column(self, k: Any, carried: list[Any]) -> list[Any]:
        """One step: (matrices, determinant so far)."""
        b, s = self.b, self.s
        m, product = carried
        other = self.pivot_row(m, k)
        m = self.exchanged(m, k, other)
        pivot = b.tensor.extract(m, [k, k])
        moved = b.arith.cmpi(b.arith.CmpIPredicate.ne, other, k)
        factor = s.select(moved, b.arith.negf(pivot), pivot)
        return [self.cleared(m, k, pivot), s.mul(product, factor)]

    def product(self, matrices: Any, at: Any) -> Any:
        """The determinant of matrix `at`."""
        b, stored = self.b, matrices.type.element_type

        def load(i: Any, j: Any) -> Any:
            return convert(b, b.tensor.extract(matrices, [at, i, j]), stored, self.element)

        copy = b.indexed(tensor([self.size, self.size], self.element), load)
        start = [copy, b.scalar(1, self.element)]
        return self.loop(b.index(0), start, self.column)[1]


@lowers(Determinant)
def lower_determinant(b: Builder, op: Any, x: Any) -> Any:
    """16-bit floats are computed in f32."""
    type_ = signless(op.operation.results[0].type)
    stored, size = type_.element_type, x.type.shape[-1]
    count = element_count(type_.shape)
    if size == 0 or count == 0:
        return b.filled(type_, 1)
    element = stored if str(stored) in ("f32", "f64") else ir.F32Type.get()
    flat = b.reshape(x, [count, size, size])
    scf = dialect("scf")
    # a fill: bufferisation sees a conflict in a loop that starts from the destination itself
    start = b.filled(tensor([count], stored), 0)
    each = scf.ForOp(b.index(0), b.index(count), b.index(1), [start])
    with ir.InsertionPoint(each.body):
        at = each.induction_variable
        value = convert(b, _Elimination(b, element, size).product(flat, at), element, stored)
        scf.YieldOp([b.tensor.insert(value, each.inner_iter_args[0], [at])])
    return b.reshape(each.results[0], list(type_.shape))
