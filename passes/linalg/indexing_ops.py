"""Lowering of indexing: reads through computed indices; scatters as loops that write.

graph.gather(%x, %i) {axis = 0} -> linalg.generic { %j = extract %i; extract %x[clamped j, ..] }
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.indexing import (
    Gather,
    GatherElements,
    GatherND,
    ReverseSequence,
    ScatterElements,
    ScatterND,
    TopK,
)
from aicc.dialects.graph.types import is_unsigned, tensor
from aicc.passes.schedule.searches.plan import TopKPlan

from .elementwise_ops import Scope
from .lowering import Builder, affine_map, dim, lowers, signless


def as_index(b: Builder, value: Any, element: Any) -> Any:
    """A scalar of graph element type `element` as an index."""
    cast = b.arith.index_castui if is_unsigned(element) else b.arith.index_cast
    return cast(ir.IndexType.get(), value)


def from_end(b: Builder, index: Any, size: int) -> Any:
    """A negative index counts from the end."""
    negative = b.arith.cmpi(b.arith.CmpIPredicate.slt, index, b.index(0))
    return b.arith.select(negative, b.arith.addi(index, b.index(size)), index)


def clamped(b: Builder, index: Any, size: int) -> Any:
    """Into [0, size - 1]."""
    return b.arith.maxsi(b.arith.minsi(index, b.index(size - 1)), b.index(0))


def safe_index(b: Builder, value: Any, element: Any, size: int) -> Any:
    """A stored index as one that can be read at."""
    return clamped(b, from_end(b, as_index(b, value, element), size), size)


def _index_type(op: Any) -> Any:
    return op.operation.operands[1].type.element_type


@lowers(Gather)
def lower_gather(b: Builder, op: Any, x: Any, indices: Any) -> Any:
    """The index of a slice is read once per element of it; it does not vary inside the slice."""
    type_ = signless(op.operation.results[0].type)
    axis, count = op.axis % x.type.rank, indices.type.rank
    size, element = x.type.shape[axis], _index_type(op)
    if 0 in type_.shape:
        return b.empty(type_)
    rank = type_.rank

    def body(stored: Any, _: Any) -> Any:
        at = [b.position(i) for i in range(rank)]
        index = safe_index(b, stored, element, size)
        return b.tensor.extract(x, [*at[:axis], index, *at[axis + count :]])

    source = affine_map(rank, [dim(axis + i) for i in range(count)])
    identity = ir.AffineMap.get_identity(rank)
    return b.generic([indices], [source, identity], b.empty(type_), body)


@lowers(GatherElements)
def lower_gather_elements(b: Builder, op: Any, x: Any, indices: Any) -> Any:
    """One computed read per element."""
    return take_along(b, x, indices, op.axis % x.type.rank, _index_type(op))


def take_along(b: Builder, x: Any, indices: Any, axis: int, element: Any) -> Any:
    """y[.., i, ..] = x[.., indices[.., i, ..], ..]."""
    type_ = tensor(indices.type.shape, x.type.element_type)
    if 0 in type_.shape:
        return b.empty(type_)

    def body(stored: Any) -> Any:
        at = [b.position(i) for i in range(type_.rank)]
        at[axis] = safe_index(b, stored, element, x.type.shape[axis])
        return b.tensor.extract(x, at)

    return b.elementwise([indices], type_, body)


@lowers(GatherND)
def lower_gather_nd(b: Builder, op: Any, x: Any, indices: Any) -> Any:
    """The coordinates are read for every element of a slice; they do not vary inside it."""
    type_ = signless(op.operation.results[0].type)
    element, batch = _index_type(op), op.batch_dims
    rows = indices.type.rank - 1
    if 0 in type_.shape:
        return b.empty(type_)

    def body(*at: Any) -> Any:
        named = _coordinates(b, indices, element, at[:rows], list(x.type.shape)[batch:])
        named = [clamped(b, c, x.type.shape[batch + i]) for i, c in enumerate(named)]
        return b.tensor.extract(x, [*at[:batch], *named, *at[rows:]])

    return b.indexed(type_, body)


def _coordinates(
    b: Builder, indices: Any, element: Any, row: Sequence[Any], sizes: Sequence[int]
) -> list[Any]:
    """The coordinates in one row of `indices`, counted from the front."""
    count = indices.type.shape[indices.type.rank - 1]
    found = []
    for i in range(count):
        stored = b.tensor.extract(indices, [*row, b.index(i)])
        found.append(from_end(b, as_index(b, stored, element), sizes[i]))
    return found


@lowers(ReverseSequence)
def lower_reverse_sequence(b: Builder, op: Any, x: Any, lengths: Any) -> Any:
    """Position t of a sequence of length n reads n - 1 - t, if t < n."""
    batch, time = op.batch_axis % x.type.rank, op.time_axis % x.type.rank
    element = _index_type(op)
    if 0 in x.type.shape:
        return x
    a = b.arith

    def body(*at: Any) -> Any:
        length = as_index(b, b.tensor.extract(lengths, [at[batch]]), element)
        inside = a.cmpi(a.CmpIPredicate.slt, at[time], length)
        mirrored = a.subi(a.subi(length, b.index(1)), at[time])
        source = list(at)
        source[time] = clamped(b, a.select(inside, mirrored, at[time]), x.type.shape[time])
        return b.tensor.extract(x, source)

    return b.indexed(x.type, body)


def loops(
    b: Builder, sizes: Sequence[int], init: Any, body: Callable[[list[Any], Any], Any]
) -> Any:
    """Sequential nest over `sizes` that carries a tensor: body(indices, tensor) -> tensor."""
    scf = dialect("scf")

    def nest(at: list[Any], carried: Any) -> Any:
        if len(at) == len(sizes):
            return body(at, carried)
        loop = scf.ForOp(b.index(0), b.index(sizes[len(at)]), b.index(1), [carried])
        with ir.InsertionPoint(loop.body):
            inner = nest([*at, loop.induction_variable], loop.inner_iter_args[0])
            scf.YieldOp([inner])
        return loop.results[0]

    return nest([], init)


def combined(b: Builder, reduction: str, element: Any, old: Any, new: Any) -> Any:
    """What stays of an element and an update of it."""
    scope = Scope(b, element, {})
    if reduction == "none":
        return new
    names = {"min": "minimum", "max": "maximum"}
    return getattr(scope, names.get(reduction, reduction))(old, new)


def write_if_inside(
    b: Builder, target: Any, at: Sequence[Any], checked: Sequence[int], value: Callable[[Any], Any]
) -> Any:
    """target with value(old) at `at`; the old value if a `checked` coordinate lies outside."""
    a, shape = b.arith, target.type.shape
    safe, inside = list(at), b.scalar(True, ir.IntegerType.get_signless(1))
    for d in checked:
        safe[d] = clamped(b, at[d], shape[d])
        inside = a.andi(inside, a.cmpi(a.CmpIPredicate.eq, safe[d], at[d]))
    old = b.tensor.extract(target, safe)
    return b.tensor.insert(a.select(inside, value(old), old), target, safe)


def _copied(b: Builder, x: Any) -> Any:
    """A tensor to write into."""
    return b.elementwise([x], x.type, lambda v: v)


@lowers(ScatterElements)
def lower_scatter_elements(b: Builder, op: Any, x: Any, indices: Any, updates: Any) -> Any:
    """Copy, then one write per update, in row-major order."""
    axis, element = op.axis % x.type.rank, op.operation.operands[0].type.element_type
    if 0 in updates.type.shape or 0 in x.type.shape:
        return _copied(b, x)

    def body(at: list[Any], target: Any) -> Any:
        stored = as_index(b, b.tensor.extract(indices, at), _index_type(op))
        update = b.tensor.extract(updates, at)
        where = list(at)
        where[axis] = from_end(b, stored, x.type.shape[axis])
        return write_if_inside(
            b, target, where, [axis], lambda old: combined(b, op.reduction, element, old, update)
        )

    return loops(b, list(updates.type.shape), _copied(b, x), body)


@lowers(ScatterND)
def lower_scatter_nd(b: Builder, op: Any, x: Any, indices: Any, updates: Any) -> Any:
    """Copy, then one write per updated element, in row-major order; coordinates once per slice."""
    element = op.operation.operands[0].type.element_type
    rows, count = indices.type.rank - 1, indices.type.shape[indices.type.rank - 1]
    sizes = list(updates.type.shape)
    if 0 in updates.type.shape or 0 in x.type.shape:
        return _copied(b, x)

    def row(at: list[Any], target: Any) -> Any:
        named = _coordinates(b, indices, _index_type(op), at, list(x.type.shape))

        def write(inner: list[Any], target: Any) -> Any:
            update = b.tensor.extract(updates, [*at, *inner])
            return write_if_inside(
                b,
                target,
                [*named, *inner],
                range(count),
                lambda old: combined(b, op.reduction, element, old, update),
            )

        return loops(b, sizes[rows:], target, write)

    return loops(b, sizes[:rows], _copied(b, x), row)


@lowers(TopK)
def lower_top_k(b: Builder, op: Any, x: Any) -> list[Any]:
    """Insertion into a sorted list of the k best positions, kept per row.

    An element that is no better than the k-th best so far costs one comparison. The list has one
    more place, where what falls out of it is written.
    """
    axis, k = op.axis % x.type.rank, op.k
    values, indices = (signless(r.type) for r in op.operation.results)
    if 0 in values.shape:
        return [b.empty(values), b.empty(indices)]
    _attach_plan(op, x)
    i64 = indices.element_type
    extended = list(indices.shape)
    extended[axis] = k + 1
    order = [d for d in range(x.type.rank) if d != axis]

    def insert(at: list[Any], best: Any) -> Any:
        row, position = at[:-1], at[-1]
        start = b.arith.minsi(position, b.index(k))

        def place(p: Any) -> list[Any]:
            return [*row[:axis], p, *row[axis:]]

        return _insert(b, op, x, best, place, position, start)

    sizes = [x.type.shape[d] for d in [*order, axis]]
    best = loops(b, sizes, b.filled(tensor(extended, i64), 0), insert)
    found = b.slice(best, [0] * x.type.rank, list(indices.shape), [1] * x.type.rank)
    return [take_along(b, x, found, axis, i64), found]


def _attach_plan(op: Any, x: Any) -> None:
    """Describe the vector code on the function, where the search is all that it does."""
    block = ir.InsertionPoint.current.block
    function = block.owner.operation
    wanted = [x.type, *(signless(result.type) for result in op.operation.results)]
    if function.name != "func.func" or [a.type for a in block.arguments] != wanted:
        return
    module = function.parent
    target = module.attributes["aicc.target"].value if "aicc.target" in module.attributes else ""
    search, returned = (inner.operation for inner in [*op.operation.block.operations][:2])
    is_all = search == op.operation and list(returned.operands) == list(search.results)
    plan = TopKPlan.of(op, target) if is_all and x == block.arguments[0] else None
    if plan is not None:
        plan.attach(function)


def _insert(
    b: Builder,
    op: Any,
    x: Any,
    best: Any,
    place: Callable[[Any], list[Any]],
    position: Any,
    start: Any,
) -> Any:
    """`best` with `position` in front of all worse ones, which move one place back."""
    a, scf = b.arith, dialect("scf")
    scope = Scope(b, op.operation.operands[0].type.element_type, {})
    one, index_type = b.index(1), ir.IndexType.get()
    mine = b.tensor.extract(x, place(position))
    loop = scf.WhileOp([index_type, best.type], [start, best])
    before = loop.before.blocks.append(index_type, best.type)
    with ir.InsertionPoint(before):
        p, held = before.arguments
        previous = a.maxsi(a.subi(p, one), b.index(0))
        rival = a.index_cast(index_type, b.tensor.extract(held, place(previous)))
        better = scope.compare(
            "gt" if op.largest else "lt", mine, b.tensor.extract(x, place(rival))
        )
        moves = a.andi(better, a.cmpi(a.CmpIPredicate.sgt, p, b.index(0)))
        scf.ConditionOp(moves, [p, held])
    after = loop.after.blocks.append(index_type, best.type)
    with ir.InsertionPoint(after):
        p, held = after.arguments
        previous = a.subi(p, one)
        moved = b.tensor.extract(held, place(previous))
        scf.YieldOp([previous, b.tensor.insert(moved, held, place(p))])
    stored = a.index_cast(best.type.element_type, position)
    return b.tensor.insert(stored, loop.results[1], place(loop.results[0]))
