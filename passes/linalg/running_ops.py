"""Lowering of what walks along a dimension and remembers: running sums, positions of extremes."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.reduction import ArgMax, ArgMin, CumProd, CumSum, reduced_shape
from aicc.dialects.graph.types import tensor

from .elementwise_ops import Scope
from .indexing_ops import loops
from .instance_norm_ops import kept_in_memory
from .lowering import Builder, affine_map, dim, lowers
from .reduction_ops import reduce_kind

DYNAMIC = ir.ShapedType.get_dynamic_size()
# Rows worth walking twice, and rows whose positions are exact as f32.
LEAST_ROW, LONGEST_ROW = 16, 1 << 24


@lowers(CumSum, CumProd)
def lower_running(b: Builder, op: Any, x: Any) -> Any:
    """y[i] = fold of x[j] over the j before (and at) i, in a loop over i that carries the fold.

    Without dimensions behind the axis the fold is a scalar, else it is a row.
    """
    shape, axis = list(x.type.shape), op.axis % x.type.rank
    if 0 in shape:
        return x
    is_sum = op.OPERATION_NAME == "graph.cumsum"
    neutral = b.scalar(0 if is_sum else 1, x.type.element_type)
    scope = Scope(b, op.operation.operands[0].type.element_type, {})
    fold = b.sum_of if is_sum else scope.mul
    sizes = [prod(shape[:axis]), shape[axis], prod(shape[axis + 1 :])]
    x = b.reshape(x, sizes)
    run = _run_scalars if sizes[2] == 1 else _run_rows
    # not an empty tensor: bufferization would start the loop from the result, and then refuse it
    y = dialect("bufferization").AllocTensorOp(x.type, []).result
    y = loops(b, sizes[:1], y, lambda at, y: run(b, op, x, y, at[0], neutral, fold))
    return b.reshape(y, shape)


Fold = Callable[[Any, Any], Any]


def _run(
    b: Builder, op: Any, steps: int, y: Any, held: Any, step: Callable[..., tuple[Any, Any]]
) -> Any:
    """The loop along the axis: step(position, y, held) gives y and the fold of the next step."""
    scf = dialect("scf")
    loop = scf.ForOp(b.index(0), b.index(steps), b.index(1), [y, held])
    with ir.InsertionPoint(loop.body):
        at = loop.induction_variable
        if op.reverse:
            at = b.arith.subi(b.index(steps - 1), at)
        scf.YieldOp(list(step(at, *loop.inner_iter_args)))
    return loop.results[0]


def _run_scalars(b: Builder, op: Any, x: Any, y: Any, outer: Any, neutral: Any, fold: Fold) -> Any:
    zero = b.index(0)

    def step(at: Any, y: Any, held: Any) -> tuple[Any, Any]:
        total = fold(held, b.tensor.extract(x, [outer, at, zero]))
        result = held if op.exclusive else total
        return b.tensor.insert(result, y, [outer, at, zero]), total

    return _run(b, op, x.type.shape[1], y, neutral, step)


def _run_rows(b: Builder, op: Any, x: Any, y: Any, outer: Any, neutral: Any, fold: Fold) -> Any:
    row = tensor(x.type.shape[2:], x.type.element_type)
    maps = [ir.AffineMap.get_identity(1)] * 2
    place: tuple[Any, ...] = ([], [], [DYNAMIC, DYNAMIC, 0], [1, 1, row.shape[0]], [1, 1, 1])

    def step(at: Any, y: Any, held: Any) -> tuple[Any, Any]:
        values = b.tensor.ExtractSliceOp(row, x, [outer, at], *place).result
        if op.exclusive:
            y = b.tensor.InsertSliceOp(held, y, [outer, at], *place).result
        total = b.generic([values], maps, held, lambda v, acc: fold(acc, v))
        if not op.exclusive:
            y = b.tensor.InsertSliceOp(total, y, [outer, at], *place).result
        return y, total

    start = dialect("bufferization").AllocTensorOp(row, []).result
    return _run(b, op, x.type.shape[1], y, b.linalg.fill(neutral, outs=[start]), step)


@lowers(ArgMax, ArgMin)
def lower_arg_reduce(b: Builder, op: Any, x: Any) -> Any:
    """The position of the first (or last) of the best values."""
    axis = op.axis % x.type.rank
    is_row = axis == x.type.rank - 1 and LEAST_ROW <= x.type.shape[axis] < LONGEST_ROW
    if is_row and isinstance(x.type.element_type, ir.F32Type):
        place = _place_in_rows(b, op, x, axis)
    else:
        place = _place_of_best(b, op, x, axis)
    return b.reshape(place, list(op.operation.results[0].type.shape))


def _place_in_rows(b: Builder, op: Any, x: Any, axis: int) -> Any:
    """Two reductions of rows: the best value, then the least (or greatest) position that holds it.

    Both run on vectors; positions are numbers of f32, as the values are. A NaN is the best value,
    as in numpy.
    """
    a, f32, width = b.arith, x.type.element_type, x.type.shape[axis]
    kind = "max" if op.OPERATION_NAME == "graph.arg_max" else "min"
    best = reduce_kind(b, kind, x, f32, [axis])
    identity = ir.AffineMap.get_identity(x.type.rank)
    i64 = ir.IntegerType.get_signless(64)

    def position(_: Any) -> Any:
        return a.sitofp(f32, a.index_cast(i64, b.position(0)))

    row = b.empty(tensor([width], f32))
    positions = kept_in_memory(b, b.generic([], [ir.AffineMap.get_identity(1)], row, position))
    start = b.scalar(float("-inf") if op.select_last else float("inf"), f32)
    fold = a.maximumf if op.select_last else a.minimumf
    is_equal, is_nan = a.CmpFPredicate.OEQ, a.CmpFPredicate.UNE

    def nearer(value: Any, held: Any, at: Any, place: Any) -> Any:
        is_best = a.ori(a.cmpf(is_equal, value, held), a.cmpf(is_nan, value, value))
        return fold(place, a.select(is_best, at, start))

    kept = affine_map(x.type.rank, [dim(i) for i in range(axis)])
    last = affine_map(x.type.rank, [dim(axis)])
    maps = [identity, kept, last, kept]
    place = b.generic([x, best, positions], maps, b.filled(best.type, start), nearer, 1)
    result = b.empty(tensor(best.type.shape, i64))
    rows = [ir.AffineMap.get_identity(axis)] * 2
    return b.generic([place], rows, result, lambda v, _: a.fptosi(i64, v))


def _place_of_best(b: Builder, op: Any, x: Any, axis: int) -> Any:
    """Best value and its position side by side, from position 0 on.

    The loops run in memory order: where the last dimension is kept, vectors run along it.
    """
    rank = x.type.rank
    scope = Scope(b, op.operation.operands[0].type.element_type, {})
    better = "gt" if op.OPERATION_NAME == "graph.arg_max" else "lt"
    better = {"gt": "ge", "lt": "le"}[better] if op.select_last else better
    i64 = ir.IntegerType.get_signless(64)
    kept = reduced_shape(list(x.type.shape), [axis], keepdims=False)
    sizes = [1 if i == axis else d for i, d in enumerate(x.type.shape)]
    first = b.reshape(b.slice(x, [0] * rank, sizes, [1] * rank), kept)
    best = b.elementwise([first], first.type, lambda v: v)
    place = b.filled(tensor(kept, i64), 0)
    source, target = (
        ir.AffineMap.get_identity(rank),
        affine_map(rank, [dim(i) for i in range(rank) if i != axis]),
    )
    kinds = b.linalg.IteratorType
    iterators = [kinds.reduction if i == axis else kinds.parallel for i in range(rank)]
    generic = b.linalg.GenericOp(
        [best.type, place.type], [x], [best, place], [source, target, target], iterators
    )
    element = x.type.element_type
    block = generic.regions[0].blocks.append(element, element, i64)
    with ir.InsertionPoint(block):
        value, held, held_at = block.arguments
        wins = scope.compare(better, value, held)
        at = b.arith.index_cast(i64, b.position(axis))
        results = [b.arith.select(wins, value, held), b.arith.select(wins, at, held_at)]
        b.linalg.YieldOp(results)
    return generic.results[1]
