"""How each op is done on tensors stored in another order of dimensions.

A rule takes an op and an order of its image, the operand (or result) that the other operands and
the results follow, and returns a `Move`: the order it needs of every operand, the order of every
result, and the function that builds the op on physical tensors. None: the op cannot be done so.

    concat(%a, %b) {axis = 1}, order (0, 2, 3, 1)
    -> operands (0, 2, 3, 1) each, result (0, 2, 3, 1), concat {axis = 3}
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aicc.dialects.graph import OPS
from aicc.dialects.graph.elementwise import ELEMENTWISE
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import cast_permutation
from aicc.dialects.graph.types import element_count

from .permutations import (
    Permutation,
    identity,
    is_same_memory,
    last_dims,
    permuted,
    reshaped,
    with_block,
    without_dims,
)

Build = Callable[[list[Any]], list[Any]]


@dataclass(frozen=True)
class Move:
    """An op done in another order: what it reads, what it gives, how it is built."""

    operands: tuple[Permutation, ...]
    results: tuple[Permutation, ...]
    build: Build = list


Rule = Callable[[Any, Permutation], Move | None]


def move_of(op: Any, order: Permutation) -> Move | None:
    """The op with its image stored in `order`; None if there is no such form of it."""
    rule = RULES.get(op.name)
    return rule(op, order) if rule else None


def is_change(move: Move) -> bool:
    """True if an op does not stay as it is."""
    return any(order != identity(len(order)) for order in (*move.operands, *move.results))


def image_order(op: Any, index: int, order: Permutation) -> Permutation | None:
    """The order of the image if operand `index` lies in `order`; None if that says nothing."""
    if op.name not in RULES or (op.name in FIRST_ONLY and index):
        return None
    is_image = op.operands[index].type.rank == _image(op).type.rank
    return _allowed(op, order) if is_image else None


def image_order_of_result(op: Any, order: Permutation) -> Permutation | None:
    """The order of the image if the first result lies in `order`; None if that says nothing."""
    if op.name not in RULES:
        return None
    if op.name == "graph.reshape":
        return reshaped(op.results[0].type.shape, op.operands[0].type.shape, order)
    return _allowed(op, order) if op.results[0].type.rank == _image(op).type.rank else None


def _image(op: Any) -> Any:
    """The value whose dimensions the rule's order speaks of."""
    return op.operands[0] if op.name in FIRST_ONLY else op.results[0]


def _allowed(op: Any, order: Permutation) -> Permutation:
    """An op with a layout attribute has two orders; take the one of them that `order` equals."""
    if op.name not in WITH_LAYOUT:
        return order
    shape = op.operands[0].type.shape
    orders = layout_orders(op)
    if order in orders.values():
        return order
    return next((o for o in orders.values() if is_same_memory(shape, o, order)), order)


def layout_orders(op: Any) -> dict[str, Permutation]:
    """Layout -> order of the operand's dimensions for an op with that attribute."""
    now, rank = op.opview.layout, op.operands[0].type.rank
    other = "NHWC" if now == "NCHW" else "NCHW"
    return {now: identity(rank), other: tuple(cast_permutation(rank, other))}


def rebuilt(op: Any, operands: Sequence[Any], **changes: Any) -> list[Any]:
    """The same op on other operands, given flat; the results of the new one."""
    view, waiting = op.opview, list(operands)
    groups: list[Any] = []
    for group in view.operand_groups():
        if isinstance(group, list):
            groups.append([waiting.pop(0) for _ in group])
        else:
            groups.append(None if group is None else waiting.pop(0))
    made = OPS[op.name].build(*groups, **(view.attr_values() | changes))
    return made if isinstance(made, list) else [made]


def _same_rank(op: Any, order: Permutation, **changes: Any) -> Move:
    """First operand and results in `order`, further operands as they are."""
    others = tuple(identity(v.type.rank) for v in list(op.operands)[1:])
    results = tuple(order for _ in op.results)
    return Move((order, *others), results, lambda values: rebuilt(op, values, **changes))


def _elementwise(op: Any, order: Permutation) -> Move:
    """Operands that broadcast get their unit dimensions where the order wants them."""
    shapes = [list(v.type.shape) for v in op.operands]
    orders = tuple(last_dims(order, len(shape)) for shape in shapes)

    def build(values: list[Any]) -> list[Any]:
        return rebuilt(op, [_widened(v, s, order) for v, s in zip(values, shapes, strict=True)])

    return Move(orders, (order,), build)


def _widened(value: Any, shape: list[int], order: Permutation) -> Any:
    missing = len(order) - len(shape)
    if order[:missing] == identity(missing) or element_count(shape) == 1:
        return value
    return Reshape.build(value, shape=permuted([1] * missing + shape, order))


def _expand(op: Any, order: Permutation) -> Move:
    shape = list(op.operands[0].type.shape)
    target = permuted(op.results[0].type.shape, order)

    def build(values: list[Any]) -> list[Any]:
        return rebuilt(op, [_widened(values[0], shape, order)], shape=target)

    return Move((last_dims(order, len(shape)),), (order,), build)


def _concat(op: Any, order: Permutation) -> Move:
    axis = order.index(op.opview.axis % len(order))
    return Move(
        tuple(order for _ in op.operands), (order,), lambda values: rebuilt(op, values, axis=axis)
    )


def _along_axis(op: Any, order: Permutation) -> Move:
    return _same_rank(op, order, axis=order.index(op.opview.axis % len(order)))


def _slice(op: Any, order: Permutation) -> Move:
    names = ("starts", "sizes", "steps")
    return _same_rank(op, order, **{n: permuted(getattr(op.opview, n), order) for n in names})


def _pad(op: Any, order: Permutation) -> Move:
    return _same_rank(op, order, **{n: permuted(getattr(op.opview, n), order) for n in _PADS})


_PADS = ("low", "high")


def _windowed(op: Any, order: Permutation) -> Move | None:
    layout = next((name for name, o in layout_orders(op).items() if o == order), None)
    return _same_rank(op, order, layout=layout) if layout else None


def _reduce(op: Any, order: Permutation) -> Move:
    axes = [a % len(order) for a in op.opview.axes]
    moved = sorted(order.index(a) for a in axes)
    return _reduction(op, order, axes, axes=moved)


def _arg_reduce(op: Any, order: Permutation) -> Move:
    axis = op.opview.axis % len(order)
    return _reduction(op, order, [axis], axis=order.index(axis))


def _reduction(op: Any, order: Permutation, dropped: list[int], **changes: Any) -> Move:
    result = order if op.opview.keepdims else without_dims(order, dropped)
    return Move((order,), (result,), lambda values: rebuilt(op, values, **changes))


def _layer_norm(op: Any, order: Permutation) -> Move | None:
    """The normalised dimensions stay where they are."""
    axis = op.opview.axis % len(order)
    stays = order[axis:] == identity(len(order))[axis:]
    return _same_rank(op, order, axis=axis) if stays else None


def _gather(op: Any, order: Permutation) -> Move:
    axis = op.opview.axis % len(order)
    indices = op.operands[1].type.rank
    return Move(
        (order, identity(indices)),
        (with_block(order, axis, indices),),
        lambda values: rebuilt(op, values, axis=order.index(axis)),
    )


def _reshape(op: Any, order: Permutation) -> Move | None:
    source, target = op.operands[0].type.shape, op.results[0].type.shape
    result = reshaped(source, target, order)
    if result is None:
        return None
    shape = permuted(target, result)
    return Move((order,), (result,), lambda values: rebuilt(op, values, shape=shape))


WITH_LAYOUT = {
    f"graph.{name}" for name in ("conv", "max_pool", "average_pool", "batch_norm", "instance_norm")
}
RULES: dict[str, Rule] = {
    **{f"graph.{name}": _elementwise for name in (*ELEMENTWISE, "where", "cast")},
    **{f"graph.{name}": _reduce for name in REDUCE},
    **{f"graph.{name}": _arg_reduce for name in ("arg_max", "arg_min")},
    **{f"graph.{name}": _along_axis for name in ("softmax", "cumsum", "cumprod", "top_k")},
    **dict.fromkeys(WITH_LAYOUT, _windowed),
    "graph.interpolate": _along_axis,
    "graph.concat": _concat,
    "graph.slice": _slice,
    "graph.pad": _pad,
    "graph.expand": _expand,
    "graph.gather": _gather,
    "graph.layer_norm": _layer_norm,
    "graph.reshape": _reshape,
}
# The image is the first operand; the others have orders of their own.
FIRST_ONLY = {name for name, rule in RULES.items() if rule not in (_elementwise, _concat, _expand)}
