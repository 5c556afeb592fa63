"""A scan as a loop over positions, which takes its elements itself.

scan(%s, %x) ({ ^bb(%state, %e): .. })  ->  loop(5, true, %s) ({ ^bb(%i, %go, %state):
                                                                   %e = gather(%x, %i); .. })
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.control_flow import MAX_VALUES, Loop, Scan
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.structure import Constant

from ..dataflow import ops_of, replace


def is_scan(op: Any) -> bool:
    """True for a scan that yields few enough values for a loop, which yields a condition, too."""
    if op.name != Scan.OPERATION_NAME:
        return False
    return len(ops_of(op.regions[0].blocks[0])[-1].operands) < MAX_VALUES


def as_loop(op: Any) -> Any:
    """Replace the scan by a loop; returns the loop."""
    states = op.opview.states
    operands = list(op.operands)
    scanned = operands[states:]
    with ir.InsertionPoint(op), op.location:
        count = Constant.of(np.int64(scanned[0].type.shape[0]))
        goes_on = Constant.of(np.bool_(True))
        inputs = [count, goes_on, *operands[:states]]
        loop = ir.Operation.create(
            Loop.OPERATION_NAME,
            results=[r.type for r in op.results],
            operands=inputs,
            attributes={
                "operandSegmentSizes": _slots(len(inputs), MAX_VALUES + 2),
                "resultSegmentSizes": _slots(len(op.results), MAX_VALUES),
            },
            regions=1,
        )
    _move_body(op.regions[0].blocks[0], loop, scanned, goes_on)
    replace(op, loop.results)
    return loop


def _move_body(old: Any, loop: Any, scanned: list[Any], goes_on: Any) -> None:
    types = [v.type for v in list(loop.operands)]
    block = loop.regions[0].blocks.append(*_scalars(), *types[2:])
    *body, terminator = ops_of(old)
    with ir.InsertionPoint(block), terminator.location:
        elements = [Gather.build(x, block.arguments[0], axis=0) for x in scanned]
    values = [*list(block.arguments)[2:], *elements]
    for argument, value in zip(old.arguments, values, strict=True):
        argument.replace_all_uses_with(value)
    for inner in body:
        block.append(inner)
    yielded = [goes_on, *terminator.operands]
    with ir.InsertionPoint(block), terminator.location:
        ir.Operation.create(
            terminator.name,
            operands=yielded,
            attributes={"operandSegmentSizes": _slots(len(yielded), MAX_VALUES)},
        )


def _scalars() -> list[Any]:
    """Types of the iteration and the condition."""
    return [ir.RankedTensorType.get([], ir.IntegerType.get_signless(width)) for width in (64, 1)]


def _slots(used: int, slots: int) -> Any:
    return ir.DenseI32ArrayAttr.get([1] * used + [0] * (slots - used))
