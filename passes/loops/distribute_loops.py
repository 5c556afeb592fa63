"""Split the loop nests of plain kernels among threads.

Why: elementwise, pooling and movement kernels have no schedule of their own; their outermost
parallel loop with enough iterations is cut into equal chunks, which the runtime hands out
dynamically. Small kernels stay serial: a fork costs about a microsecond.

    linalg.generic outs(1x56x56x64)  ->  scf.forall (%i) in (28) { linalg.generic outs(1x2x56x64) }
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir, submodule
from aicc.passes.nested import ops_marked
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of, is_kernel

# Scalar operations below which a fork does not pay (a few microseconds of one core).
MIN_WORK = 32 * 1024
CHUNKS_PER_THREAD = 8
_MARK = "aicc.distribute"


@register_pass("distribute-loops")
def run(module: Any) -> None:
    """Tile large plain linalg ops into scf.forall, if the module asks for several threads."""
    attributes = module.operation.attributes
    threads = attributes["aicc.threads"].value if "aicc.threads" in attributes else 1
    if threads == 1:
        return
    lanes = target.of_module(module).lanes()
    for function in functions_of(module):
        if not is_kernel(function):
            continue
        for position in range(len(function.operation.regions[0].blocks[0].operations)):
            op = function.operation.regions[0].blocks[0].operations[position].operation
            sizes = _chunk_sizes(op, threads, lanes) if op.name == "linalg.generic" else None
            if sizes:
                _tile(function.operation, op, sizes)


def _chunk_sizes(op: Any, threads: int, lanes: int) -> list[int] | None:
    """Tile sizes of the op's loops (0: not cut), None if it is too small to split."""
    kinds = [str(k) for k in op.attributes["iterator_types"]]
    extents = _extents(op, len(kinds))
    if extents is None:
        return None
    work = len(op.regions[0].blocks[0].operations)
    for extent in extents:
        work *= extent
    if work < MIN_WORK:
        return None
    parallel = [i for i, k in enumerate(kinds) if "parallel" in k and extents[i] > 1]
    if not parallel:
        return None
    wide = [i for i in parallel if extents[i] >= 2 * threads]
    chosen = wide[0] if wide else max(parallel, key=lambda i: extents[i])
    unit = lanes if chosen == len(kinds) - 1 and extents[chosen] % lanes == 0 else 1
    sizes = [0] * len(kinds)
    sizes[chosen] = chunk(extents[chosen] // unit, threads * CHUNKS_PER_THREAD) * unit
    return sizes


def chunk(extent: int, wanted: int) -> int:
    """The smallest divisor of `extent` that gives at most `wanted` chunks."""
    return next(
        size for size in range(1, extent + 1) if extent % size == 0 and extent // size <= wanted
    )


def _extents(op: Any, loops: int) -> list[int] | None:
    """Loop extents from the operand dimensions that a loop indexes alone."""
    found: dict[int, int] = {}
    maps = [m.value for m in op.attributes["indexing_maps"]]
    for value, map_ in zip(op.operands, maps, strict=True):
        if not isinstance(value.type, ir.MemRefType) or not value.type.has_static_shape:
            return None
        for i, expr in enumerate(map_.results):
            if isinstance(expr, ir.AffineDimExpr):
                found[expr.position] = value.type.shape[i]
    return [found[i] for i in range(loops)] if len(found) == loops else None


def _tile(function: Any, op: Any, sizes: list[int]) -> None:
    op.attributes[_MARK] = ir.UnitAttr.get()
    text = f"""module attributes {{transform.with_named_sequence}} {{
transform.named_sequence @split(%k: !transform.any_op {{transform.readonly}}) {{
  %g = transform.structured.match attributes {{{_MARK}}} in %k
    : (!transform.any_op) -> !transform.any_op
  %t, %f = transform.structured.tile_using_forall %g tile_sizes {sizes}
    : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
  transform.yield
}} }}"""
    sequence = ir.Module.parse(text)
    interpreter = submodule("dialects.transform.interpreter")
    interpreter.apply_named_sequence(function, sequence.body.operations[0], sequence.operation)
    _unmark(function)


def _unmark(function: Any) -> None:
    for op in ops_marked(function, _MARK):
        del op.attributes[_MARK]
