"""Linear forms of indexing maps, and index arithmetic that reuses what it already emitted.

A linalg indexing map gives, for every operand dimension, an expression such as `d1 * 2 + d5`. A
micro-kernel knows some of the dimensions as constants (the point of the register tile) and some as
loop counters; `IndexBuilder` turns an expression into one index value and emits each distinct
value once per insertion scope, so that unrolled tiles stay small.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aicc._mlir import dialect, ir


@dataclass(frozen=True)
class LinearForm:
    """`constant + sum(coefficient * d<dim>)`; coefficients are sorted by dimension."""

    constant: int
    terms: tuple[tuple[int, int], ...]

    def uses(self, dim: int) -> bool:
        return any(position == dim for position, _ in self.terms)

    def is_dim(self, dim: int) -> bool:
        return self.constant == 0 and self.terms == ((dim, 1),)


def linear_form(expr: Any) -> LinearForm | None:
    """The linear form of an affine expression, or None (mod, floordiv, symbols)."""
    if isinstance(expr, ir.AffineDimExpr):
        return LinearForm(0, ((expr.position, 1),))
    if isinstance(expr, ir.AffineConstantExpr):
        return LinearForm(expr.value, ())
    if not isinstance(expr, (ir.AffineAddExpr, ir.AffineMulExpr)):
        return None
    lhs, rhs = linear_form(expr.lhs), linear_form(expr.rhs)
    if lhs is None or rhs is None:
        return None
    return _add(lhs, rhs) if isinstance(expr, ir.AffineAddExpr) else _multiply(lhs, rhs)


def linear_map(affine_map: Any) -> tuple[LinearForm, ...] | None:
    """The linear form of each result of an affine map, or None when one has none."""
    forms = [linear_form(expr) for expr in affine_map.results]
    return None if any(form is None for form in forms) else tuple(f for f in forms if f)


def _add(lhs: LinearForm, rhs: LinearForm) -> LinearForm:
    total = dict(lhs.terms)
    for dim, coefficient in rhs.terms:
        total[dim] = total.get(dim, 0) + coefficient
    return LinearForm(lhs.constant + rhs.constant, tuple(sorted(total.items())))


def _multiply(lhs: LinearForm, rhs: LinearForm) -> LinearForm | None:
    if lhs.terms and rhs.terms:
        return None
    scale, form = (lhs.constant, rhs) if not lhs.terms else (rhs.constant, lhs)
    return LinearForm(form.constant * scale, tuple((d, c * scale) for d, c in form.terms))


@dataclass
class IndexBuilder:
    """Emits index values at the current insertion point; a child scope sees its parent's values."""

    parent: IndexBuilder | None = None
    known: dict[Any, Any] = field(default_factory=dict)

    def constant(self, value: int) -> Any:
        return self._once(("constant", value), lambda: _index_constant(value))

    def value(self, form: LinearForm, point: dict[int, int], ivs: dict[int, Any]) -> Any:
        """The form at `point` (constants) plus `ivs` (loop counters); a dimension may have both."""
        offset = form.constant + sum(c * point[d] for d, c in form.terms if d in point)
        counters = tuple((d, c) for d, c in form.terms if d in ivs)
        if not counters:
            return self.constant(offset)
        return self._once((offset, counters), lambda: self._sum(offset, counters, ivs))

    def _sum(self, offset: int, counters: tuple[tuple[int, int], ...], ivs: dict[int, Any]) -> Any:
        arith = dialect("arith")
        if offset:
            base = self.value(LinearForm(0, counters), {}, ivs)
            return arith.addi(base, self.constant(offset))
        total = None
        for dim, coefficient in counters:
            iv = ivs[dim]
            term = iv if coefficient == 1 else arith.muli(iv, self.constant(coefficient))
            total = term if total is None else arith.addi(total, term)
        return total

    def _once(self, key: Any, emit: Any) -> Any:
        found = self._lookup(key)
        if found is None:
            found = self.known[key] = emit()
        return found

    def _lookup(self, key: Any) -> Any:
        if key in self.known:
            return self.known[key]
        return self.parent._lookup(key) if self.parent else None


def _index_constant(value: int) -> Any:
    index = ir.IndexType.get()
    return dialect("arith").ConstantOp(index, ir.IntegerAttr.get(index, value)).result
