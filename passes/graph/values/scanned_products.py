"""Products of a loop's elements by a matrix from around it, for all elements at once.

    loop {                                      %p = matmul(%x, %w)
      %e = gather(%x, %i)                       loop {
      %1 = matmul(%e, %w) }               ->      %1 = gather(%p, %i) }

Why: the products of one row each read the whole matrix again and again; together they are one
product that reads it once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.work import bytes_of

from ..dataflow import definition, ops_of, replace

MOST_BYTES = 64 << 20  # of products that wait for their iteration


def hoist_products(loop: Any, is_own: Callable[[Any], bool]) -> None:
    """Compute such products before the loop; `is_own` tells what an iteration makes."""
    for op in ops_of(loop.regions[0].blocks[0]):
        if op.name == Matmul.OPERATION_NAME and (gather := _gathered(op, is_own)):
            _hoist(op, gather, loop)


def _gathered(op: Any, is_own: Callable[[Any], bool]) -> Any:
    """The gather that takes one element for the product, None if there is none."""
    rows, matrix = op.operands
    if is_own(matrix) or matrix.type.rank != 2 or rows.type.rank != 2:
        return None
    source = definition(rows)
    while source is not None and source.name == Reshape.OPERATION_NAME:
        source = definition(source.operands[0])
    if source is None or source.name != Gather.OPERATION_NAME or source.opview.axis != 0:
        return None
    table, position = source.operands
    count = table.type.shape[0]
    fits = bytes_of([op.results[0]]) * count <= MOST_BYTES
    return source if fits and position.type.rank == 0 and not is_own(table) else None


def _hoist(op: Any, gather: Any, loop: Any) -> None:
    table, position = gather.operands
    count = table.type.shape[0]
    rows, depth = op.operands[0].type.shape
    shape = list(op.results[0].type.shape)
    with ir.InsertionPoint(loop), op.location:
        flat = Reshape.build(table, shape=[count * rows, depth])
        attributes = op.opview.attr_values()
        products = Matmul.build(flat, op.operands[1], **attributes)
        stacked = Reshape.build(products, shape=[count, *shape])
    with ir.InsertionPoint(op), op.location:
        one = Gather.build(stacked, position, axis=0)
    replace(op, [one])
