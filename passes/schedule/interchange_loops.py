"""Order the loops of reductions so that the innermost one walks along rows.

Why: without a schedule an operation becomes loops in the order of its iterators, reductions last. A
product then goes down the columns of its right operand, and a convolution sums three numbers at a
time; neither is a loop that LLVM makes vectors of. With the last dimension of the result innermost
both read and write rows. Each sum is still added in the same order.

    for i, j, k: c[i, j] += a[i, k] * b[k, j]    ->    for i, k, j: c[i, j] += a[i, k] * b[k, j]

What is decided hangs on the indexing maps, not on sizes: code for several shapes stays the same. A
reduction along rows of everything it reads stays innermost, since it is a loop over rows already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of, is_kernel


@register_pass("interchange-loops")
def run(module: Any) -> None:
    """Move a parallel dimension behind the reductions of linalg.generic ops."""
    for function in functions_of(module):
        for op in ops_named(function, "linalg.generic") if is_kernel(function) else ():
            position = _row_dimension(op)
            if position is not None:
                _move_last(op, position)


def _row_dimension(op: Any) -> int | None:
    """The iterator that walks along rows of the result and of what is read; None to stay."""
    kinds = [str(kind) for kind in op.attributes["iterator_types"]]
    maps = [attr.value for attr in op.attributes["indexing_maps"]]
    if not kinds or "reduction" not in kinds[-1] or len(op.results) != 1 or _has_index(op):
        return None
    *inputs, result = maps
    last = list(result.results)[-1] if list(result.results) else None
    if not isinstance(last, ir.AffineDimExpr):
        return None
    position = last.position
    is_row = all(_walks_rows(map_, position) for map_ in inputs)
    is_better = not all(_walks_rows(map_, len(kinds) - 1) for map_ in inputs)
    return position if is_row and is_better else None


def _has_index(op: Any) -> bool:
    return any(inner.operation.name == "linalg.index" for inner in op.regions[0].blocks[0])


def _walks_rows(map_: Any, position: int) -> bool:
    """Whether neighbours along a dimension are neighbours in memory, or one and the same."""
    *outer, last = list(map_.results) or [None]
    if any(_step(expression, position) != 0 for expression in outer):
        return False
    return last is None or _step(last, position) in (0, 1)


def _step(expression: Any, position: int) -> int | None:
    """By how much an index grows with a dimension; None if that is not a constant."""
    if isinstance(expression, ir.AffineDimExpr):
        return int(expression.position == position)
    if isinstance(expression, ir.AffineConstantExpr):
        return 0
    if not isinstance(expression, ir.AffineBinaryExpr):
        return None
    lhs, rhs = _step(expression.lhs, position), _step(expression.rhs, position)
    if lhs == rhs == 0:
        return 0
    if lhs is None or rhs is None:
        return None
    if isinstance(expression, ir.AffineAddExpr):
        return lhs + rhs
    if isinstance(expression, ir.AffineMulExpr) and isinstance(
        expression.rhs, ir.AffineConstantExpr
    ):
        return lhs * int(expression.rhs.value)
    return None


def _move_last(op: Any, position: int) -> None:
    """Make one iterator the innermost; the others keep their order."""
    kinds = list(op.attributes["iterator_types"])
    order = [n for n in range(len(kinds)) if n != position] + [position]
    places = [order.index(n) for n in range(len(kinds))]
    maps = [_renumbered(attr.value, places) for attr in op.attributes["indexing_maps"]]
    op.attributes["iterator_types"] = ir.ArrayAttr.get([kinds[n] for n in order])
    op.attributes["indexing_maps"] = ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in maps])


def _renumbered(map_: Any, places: Sequence[int]) -> Any:
    """The map for iterators of which number n is now number places[n]."""
    moved = ir.AffineMap.get(len(places), 0, [ir.AffineDimExpr.get(n) for n in places])
    results = [expression.compose(moved) for expression in map_.results]
    return ir.AffineMap.get(len(places), 0, results)
