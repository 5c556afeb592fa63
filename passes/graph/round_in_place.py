"""Bytes that only the next op of their kernel reads stay floats.

    group {                                            group {
      %1 = quantize(%x) {scale = 0.1, to = ui8}          %2 = snap(%x) {scale = 0.1, step = 0.2,
      %2 = dequantize(%1) {scale = 0.2}          ->                     to = ui8}
      %3 = add(%2, %y)                                   %3 = add(%2, %y)

Why: a value that is rounded to a byte and back, and never stored as one, needs no conversion.
Before groups are built nobody knows which bytes are stored.
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import Dequantize, Quantize, Snap
from aicc.passes.registry import register_pass

from .dataflow import body_of, graph_functions, is_read_once, ops_of, source_if


@register_pass("round-in-place")
def run(module: Any) -> None:
    """Merge rounding and what undoes it, inside groups."""
    for function in graph_functions(module):
        for group in ops_of(body_of(function)):
            for region in group.regions:
                for block in region.blocks:
                    _merge(block)


def _merge(block: Any) -> None:
    for op in ops_of(block):
        if op.name != Dequantize.OPERATION_NAME:
            continue
        source = source_if(op.operands[0], Quantize.OPERATION_NAME)
        if source is None or source.block != block or not is_read_once(op.operands[0]):
            continue
        rounding, widening = source.opview, op.opview
        if rounding.zero != widening.zero:
            continue
        with ir.InsertionPoint(op), op.location:
            attrs = rounding.attr_values() | {"step": widening.scale}
            snapped = Snap.build(source.operands[0], **attrs)
        op.results[0].replace_all_uses_with(snapped)
        op.erase()
        source.erase()
