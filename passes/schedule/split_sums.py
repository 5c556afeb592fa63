"""Sum up channels-last pixels in registers, each thread those rows that lie in its cache.

Why: the mean over an image (global pooling, squeeze and excitation) fits no class and becomes plain
loops, which add every pixel to memory, on one thread; what the other cores computed has to come
over to it, and back for whatever reads the image next. Here each thread sums up some of the rows,
the same share that it had in the kernel before, and the sums of all parts are added up.

    %s = linalg.generic %x [N, H, W, C] -> [N, C]
      ->  %p = scf.forall %i in (P) { linalg.generic %x[.., %i * H/P, ..] {aicc.tile} -> [1, C] }
          %s = linalg.generic %p [P, C] -> [1, C]

Images of a batch are dealt out as they are. On one thread there is one part.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from aicc import target
from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.kernel_shape import (
    indexing_maps,
    is_reducing,
    kernel_functions,
    linalg_ops,
    threads_of,
)
from aicc.passes.schedule.microkernels.reduction_kind import combiner_of
from aicc.passes.schedule.strips import (
    LANES,
    Span,
    extracted,
    filled,
    i64,
    in_parallel,
    inserted,
    rebuilt,
    sliced,
    strips,
)
from aicc.passes.schedule.tile_sums import fill_of, place_of, runs_along_lanes

# Vectors of sums held at a time.
VECTORS = 16
# Below this many bytes one thread has fetched all of them before several have met.
MIN_PARALLEL_BYTES = 96 * 1024
PARTS_PER_THREAD = 4


@dataclass(frozen=True)
class Sum:
    """A reduction [.., pixels, channels] -> [N, .., channels]; `rows` is its outermost loop."""

    op: Any
    dims: tuple[int, ...]  # loops of the result
    rows: int
    extent: int  # of `rows`
    lanes: int

    @property
    def shape(self) -> list[int]:
        """Of the result."""
        return list(self.op.results[0].type.shape)

    def tile(self, target_: Any, spans: dict[int, Span], place: list[Span]) -> Any:
        """`target_` with the sums over what `spans` chooses at `place`, strip by strip."""
        *outer, (_, width) = place

        def at(span: Span, carried: list[Any]) -> list[Any]:
            where = [*outer, span]
            made = self._made(extracted(carried[0], where), spans | {self.dims[-1]: span})
            return [inserted(made, carried[0], where)]

        return strips(width, min(width, VECTORS * self.lanes), [target_], at)[0]

    def _made(self, place: Any, spans: dict[int, Span]) -> Any:
        maps, operands = indexing_maps(self.op) or [], list(self.op.operands)
        pairs = zip(operands[:-1], maps[:-1], strict=True)
        inputs = [sliced(value, affine_map, spans) for value, affine_map in pairs]
        init = filled(fill_of(self.op).operands[0], place, self.lanes)
        return rebuilt(self.op, [*inputs, init], self.lanes)


@register_pass("split-sums")
def run(module: Any) -> None:
    """Tile the kernels of one channels-last reduction that have no schedule."""
    machine, threads = target.of_module(module), threads_of(module)
    may_split = "aicc.strict_fp" not in module.operation.attributes
    with module.context, ir.Location.unknown():
        for function in kernel_functions(module):
            sums = [op for op in linalg_ops(function) if is_reducing(op)]
            if LANES in function.attributes or len(sums) != 1 or not runs_along_lanes(sums[0]):
                continue
            width = ir.FloatType(sums[0].results[0].type.element_type).width
            _tile(_sum(sums[0], machine.lanes(width)), threads, may_split)
            function.attributes[LANES] = i64(machine.lanes(width))


def _sum(op: Any, lanes: int) -> Sum:
    maps = indexing_maps(op) or []
    dims = tuple(ir.AffineDimExpr(expr).position for expr in maps[-1].results)
    extents: dict[int, int] = {}
    for value, affine_map in zip(op.operands, maps, strict=True):
        for expr, size in zip(affine_map.results, value.type.shape, strict=True):
            extents[ir.AffineDimExpr(expr).position] = size
    rows = next((d for d in sorted(extents) if d not in dims and extents[d] > 1), -1)
    return Sum(op, dims, rows, extents.get(rows, 1), lanes)


def _tile(total: Sum, threads: int, may_split: bool) -> None:
    op, fill = total.op, fill_of(total.op)
    with ir.InsertionPoint(op):
        whole: list[Span] = [(0, size) for size in total.shape]
        count = _parts(total, threads)
        if count > 1 and total.shape[0] > 1:
            result = _by_images(total, whole)
        elif count > 1 and may_split and _starts_at_zero(total):
            result = _by_rows(total, whole, count)
        else:
            result = total.tile(place_of(op), {}, whole)
    op.results[0].replace_all_uses_with(result)
    for dead in (op, fill):
        if not list(dead.results[0].uses):
            dead.erase()


def _parts(total: Sum, threads: int) -> int:
    """How many parts the rows are cut into: equal ones, a multiple of the threads if possible."""
    read = max(prod(v.type.shape) for v in total.op.operands) * _element_bytes(total.op)
    if threads == 1 or read < MIN_PARALLEL_BYTES or len(total.shape) < 2:
        return 1
    most = threads * PARTS_PER_THREAD
    cuts = [n for n in range(2, total.extent + 1) if total.extent % n == 0]
    fitting = [n for n in cuts if n <= most and n % threads == 0]
    return max(fitting, default=0) or min((n for n in cuts if n >= threads), default=1)


def _element_bytes(op: Any) -> int:
    """Bytes of an element."""
    return int(ir.FloatType(op.results[0].type.element_type).width) // 8


def _starts_at_zero(total: Sum) -> bool:
    """Whether parts may be summed up on their own: a sum, and nothing is added to it."""
    combiner, start = combiner_of(total.op), fill_of(total.op).operands[0].owner
    if combiner is None or combiner.name != "arith.addf" or isinstance(start, ir.Block):
        return False
    is_constant = start.operation.name == "arith.constant"
    return is_constant and ir.FloatAttr(start.attributes["value"]).value == 0


def _by_images(total: Sum, whole: list[Span]) -> Any:
    def body(image: Any, targets: list[Any]) -> list[tuple[Any, list[Span]]]:
        place: list[Span] = [(image, 1), *whole[1:]]
        made = total.tile(targets[0], {total.dims[0]: (image, 1)}, place)
        return [(extracted(made, place), place)]

    return in_parallel(total.shape[0], [place_of(total.op)], body)[0]


def _by_rows(total: Sum, whole: list[Span], count: int) -> Any:
    type_ = ir.RankedTensorType.get(
        [count, *total.shape[1:]], total.op.results[0].type.element_type
    )
    parts = dialect("bufferization").AllocTensorOp(type_, []).result
    size = total.extent // count

    def body(part: Any, targets: list[Any]) -> list[tuple[Any, list[Span]]]:
        place: list[Span] = [(part, 1), *whole[1:]]
        made = total.tile(targets[0], {total.rows: (_times(part, size), size)}, place)
        return [(extracted(made, place), place)]

    return _added(total, in_parallel(count, [parts], body)[0])


def _times(index: Any, factor: int) -> Any:
    type_ = ir.IndexType.get()
    arith = dialect("arith")
    return arith.muli(index, arith.ConstantOp(type_, ir.IntegerAttr.get(type_, factor)).result)


def _added(total: Sum, parts: Any) -> Any:
    """The sum over the first dimension of `parts`, in the shape of the result."""
    rank = len(total.shape)
    result = [ir.AffineDimExpr.get(d) for d in range(rank)]
    read = ir.AffineMap.get(rank + 1, 0, [ir.AffineDimExpr.get(rank), *result[1:]])
    maps = [read, ir.AffineMap.get(rank + 1, 0, result)]
    linalg, arith = dialect("linalg"), dialect("arith")
    kinds = [linalg.IteratorType.parallel] * rank + [linalg.IteratorType.reduction]
    init = filled(fill_of(total.op).operands[0], place_of(total.op), total.lanes)
    op = linalg.GenericOp([init.type], [parts], [init], maps, kinds)
    block = op.regions[0].blocks.append(parts.type.element_type, parts.type.element_type)
    with ir.InsertionPoint(block):
        flags = ir.Attribute.parse("#arith.fastmath<reassoc,contract>")
        linalg.YieldOp([arith.AddFOp(*reversed(block.arguments), fastmath=flags).result])
    return op.results[0]
