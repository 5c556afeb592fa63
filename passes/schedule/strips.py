"""Strips of a tensor operation by hand: loops, slices of the operands, marked tiles.

For kernels that `apply-schedules` has no transform sequence for. Every operation of a tile carries
`aicc.tile = <lanes>` and becomes vector code after bufferisation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc._mlir import dialect, ir

TILE_MARK = "aicc.tile"
LANES = "aicc.lanes"
# Where a strip starts (an int, or an index value) and how many positions it has.
Span = tuple[Any, int]
DYNAMIC = ir.ShapedType.get_dynamic_size()


def i64(value: int) -> Any:
    """An integer attribute."""
    return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)


def is_fill(value: Any) -> bool:
    """True for a tensor that holds one number everywhere, `linalg.fill` or the general form."""
    if isinstance(value.owner, ir.Block):
        return False
    op = value.owner.operation
    if op.name == "linalg.fill":
        return True
    is_general = op.name == "linalg.generic" and len(op.operands) == 2
    if not is_general or isinstance(op.operands[0].type, ir.ShapedType):
        return False
    block = op.regions[0].blocks[0]
    return block.operations[0].operation.operands[0] == block.arguments[0]


def strips(
    extent: int, size: int, carried: list[Any], body: Callable[[Span, list[Any]], list[Any]]
) -> list[Any]:
    """`body` on whole strips of a dimension, then on what is left."""
    whole = extent - extent % size
    if whole > size:
        scf = dialect("scf")
        loop = scf.ForOp(*[_index(n) for n in (0, whole, size)], carried)
        with ir.InsertionPoint(loop.body):
            scf.YieldOp(body((loop.induction_variable, size), list(loop.inner_iter_args)))
        carried = list(loop.results)
    elif whole:
        carried = body((0, size), carried)
    return body((whole, extent - whole), carried) if whole < extent else carried


def parallel_strips(
    extent: int, size: int, targets: list[Any], body: Callable[[Span, list[Any]], list[Any]]
) -> list[Any]:
    """`strips` of an extent that they divide, one for each iteration of an scf.forall.

    A strip of the targets is one of their last dimension; `body` gives them with its strip written.
    """

    def strip(number: Any, shared: list[Any]) -> list[tuple[Any, list[Span]]]:
        start = dialect("arith").muli(number, _index(size))
        carried = body((start, size), shared)
        spans = [[*[(0, n) for n in t.type.shape[:-1]], (start, size)] for t in shared]
        return [(extracted(v, span), span) for v, span in zip(carried, spans, strict=True)]

    return in_parallel(extent // size, targets, strip)


def in_parallel(
    count: int,
    targets: list[Any],
    body: Callable[[Any, list[Any]], list[tuple[Any, list[Span]]]],
) -> list[Any]:
    """An scf.forall; body(number, targets) gives a part of each target, and where it lies."""
    scf, tensor = dialect("scf"), dialect("tensor")
    loop = scf.ForallOp([0], [count], [1], targets)
    shared = list(loop.inner_iter_args)
    with ir.InsertionPoint(loop.body):
        parts = body(loop.induction_variables[0], shared)
        end = scf.InParallelOp()
    with ir.InsertionPoint(end.region.blocks[0]):
        for (part, spans), whole in zip(parts, shared, strict=True):
            dynamic, static = _offsets(spans)
            sizes = [n for _, n in spans]
            tensor.ParallelInsertSliceOp(
                part, whole, dynamic, [], [], static, sizes, [1] * len(sizes)
            )
    return list(loop.results)


def _index(value: int) -> Any:
    type_ = ir.IndexType.get()
    return dialect("arith").ConstantOp(type_, ir.IntegerAttr.get(type_, value)).result


def filled(value: Any, tile: Any, lanes: int) -> Any:
    """A fill in the form of every tiled operation."""
    linalg, rank = dialect("linalg"), tile.type.rank
    maps = [ir.AffineMap.get(rank, 0, []), ir.AffineMap.get_identity(rank)]
    kinds = [linalg.IteratorType.parallel] * rank
    fill = linalg.GenericOp([tile.type], [value], [tile], maps, kinds)
    block = fill.regions[0].blocks.append(value.type, value.type)
    with ir.InsertionPoint(block):
        linalg.YieldOp([block.arguments[0]])
    fill.operation.attributes[TILE_MARK] = i64(lanes)
    return fill.results[0]


def sliced(value: Any, affine_map: Any, spans: dict[int, Span]) -> Any:
    """The part of an operand that a tile reads."""
    shape = list(value.type.shape)
    chosen: list[Span] = [(0, size) for size in shape]
    for axis, expr in enumerate(affine_map.results):
        if isinstance(expr, ir.AffineDimExpr) and ir.AffineDimExpr(expr).position in spans:
            chosen[axis] = spans[ir.AffineDimExpr(expr).position]
    return value if [size for _, size in chosen] == shape else extracted(value, chosen)


def extracted(value: Any, spans: Sequence[Span]) -> Any:
    """The slice at `spans`, one for each dimension."""
    sizes = [size for _, size in spans]
    if sizes == list(value.type.shape):
        return value
    type_ = ir.RankedTensorType.get(sizes, value.type.element_type)
    dynamic, static = _offsets(spans)
    return (
        dialect("tensor")
        .ExtractSliceOp(type_, value, dynamic, [], [], static, sizes, [1] * len(sizes))
        .result
    )


def inserted(part: Any, whole: Any, spans: Sequence[Span]) -> Any:
    """`whole` with `part` at `spans`."""
    sizes = [size for _, size in spans]
    if sizes == list(whole.type.shape):
        return part
    dynamic, static = _offsets(spans)
    return (
        dialect("tensor")
        .InsertSliceOp(part, whole, dynamic, [], [], static, sizes, [1] * len(sizes))
        .result
    )


def _offsets(spans: Sequence[Span]) -> tuple[list[Any], list[int]]:
    dynamic = [offset for offset, _ in spans if not isinstance(offset, int)]
    static = [offset if isinstance(offset, int) else DYNAMIC for offset, _ in spans]
    return dynamic, static


def empty(shape: list[int], element: Any) -> Any:
    """An uninitialised tensor."""
    return dialect("tensor").EmptyOp(shape, element).result


def rebuilt(op: Any, operands: list[Any], lanes: int) -> Any:
    """The generic, marked as a tile, on other operands; its result has the type of the last."""
    twin = op.clone()
    made = ir.Operation.create(
        "linalg.generic",
        results=[operands[-1].type],
        operands=operands,
        attributes={name: op.attributes[name] for name in op.attributes},
        regions=1,
    )
    twin.regions[0].blocks[0].append_to(made.regions[0])
    twin.erase()
    made.attributes[TILE_MARK] = i64(lanes)
    return made.results[0]
