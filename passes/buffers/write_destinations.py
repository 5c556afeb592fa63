"""Let kernels compute straight into their results instead of copying there at the end.

Why: a result that is reshaped last (`collapse_shape` of what a fused loop computes) comes out of
bufferisation as a buffer of its own and a copy. The result argument has the same bytes: it takes
the place of the buffer, under the buffer's shape.

    %t = memref.alloc() : memref<4x1x8xf32>                  %t = memref.expand_shape %out
    .. writes %t ..                                      ->  .. writes %t ..
    memref.copy (collapse_shape %t), %out : memref<4x8xf32>
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of, is_kernel

from .views import VIEWS, byte_count, is_alloc, is_identity, reshaped, root_of


@register_pass("write-destinations")
def run(module: Any) -> None:
    """Replace buffers that are only copied into a result argument by that argument."""
    for function in functions_of(module):
        if is_kernel(function):
            block = function.operation.regions[0].blocks[0]
            for copy in [op.operation for op in block.operations]:
                if copy.name in ("memref.copy", "linalg.copy"):
                    _forward(copy, block)


def _forward(copy: Any, block: Any) -> None:
    source, target = copy.operands
    buffer, result = root_of(source), root_of(target)
    if not is_alloc(buffer) or buffer.owner.operation.block != block:
        return
    alloc = buffer.owner.operation
    if not isinstance(result.owner, ir.Block) or result.owner != block:
        return
    whole = all(is_identity(v.type) for v in (source, target, buffer, result))
    if not whole or len({byte_count(v.type) for v in (source, target, buffer, result)}) > 1:
        return
    if buffer.type.element_type != result.type.element_type or not _reaches_only(result, copy):
        return
    with ir.InsertionPoint(alloc), alloc.location:
        memory = reshaped(result, buffer.type)
    copy.erase()
    buffer.replace_all_uses_with(memory)
    alloc.erase()


def _reaches_only(value: Any, op: Any) -> bool:
    """True if no other op reads or writes the memory behind `value`."""
    for use in value.uses:
        owner = use.owner.operation
        if owner.name in VIEWS:
            if not _reaches_only(owner.results[0], op):
                return False
        elif owner != op:
            return False
    return True
