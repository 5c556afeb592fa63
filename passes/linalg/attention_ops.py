"""Plain form of attention: a product, a softmax and a product; and the plan of its fused kernel."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.attention import Attention, head_counts, to_heads_first
from aicc.dialects.graph.types import tensor
from aicc.passes.schedule.attention.plan import AttentionPlan, scores_shape

from .linear_ops import contract
from .lowering import Builder, affine_map, dim, lowers
from .reduction_ops import reduce_kind, spread


@lowers(Attention)
def lower_attention(b: Builder, op: Any, q: Any, k: Any, v: Any, mask: Any) -> Any:
    """softmax(q k^T * scale + mask) v; the function that holds it gets the plan."""
    batch, heads, queries, keys = scores_shape(op)
    _attach_plan(op, [q, k, v, mask])
    q, k, v = _heads_read(b, op, q, k, v)
    groups = to_heads_first(k.type.shape, op.k_layout)[1]
    element, width = q.type.element_type, v.type.shape[-1]
    # loops: batch, group, head of the group, query, key | feature
    split = tensor([batch, groups, heads // groups, queries, keys], element)
    scores = contract(
        b,
        b.reshape(q, _split(q.type.shape, op.q_layout, groups)),
        k,
        [_map(6, op.q_layout, 3, 5), _shared(6, op.k_layout, 4, 5), _ordered(6, 5)],
        split,
        reductions=1,
    )
    p = _probabilities(b, op, _biased(b, op, scores, mask))
    maps = [_ordered(6, 4, 5), _shared(6, op.v_layout, 5, 4), _ordered(6, 5)]
    result = tensor([*split.shape[:4], width], element)
    y = contract(b, b.reshape(p, list(split.shape)), v, maps, result, reductions=1)
    y = b.reshape(y, [batch, heads, queries, width])
    return y if op.y_layout == "BHSD" else b.transpose(y, [0, 2, 1, 3])


def _heads_read(b: Builder, op: Any, q: Any, k: Any, v: Any) -> list[Any]:
    """q, k and v with the heads that the op reads."""
    heads, groups = head_counts(q.type, k.type, op.heads, op.q_layout, op.k_layout)
    layouts, counts = (op.q_layout, op.k_layout, op.v_layout), (heads, groups, groups)
    rows = zip((q, k, v), layouts, op.first or (0, 0, 0), counts, strict=True)
    return [_cut(b, *row) for row in rows]


def _biased(b: Builder, op: Any, scores: Any, mask: Any) -> Any:
    """scores * scale + mask, [B, H, queries, keys]."""
    whole = tensor(scores_shape(op), scores.type.element_type)
    factor = b.scalar(op.scale, whole.element_type)
    scores = b.reshape(scores, list(whole.shape))
    scores = b.elementwise([scores], whole, lambda s: b.arith.mulf(s, factor))
    return scores if mask is None else b.elementwise([scores, mask], whole, b.arith.addf)


def _cut(b: Builder, x: Any, layout: str, first: int, count: int) -> Any:
    """The heads that the op reads."""
    shape, axis = list(x.type.shape), 1 if layout == "BHSD" else 2
    if shape[axis] == count:
        return x
    starts = [first if i == axis else 0 for i in range(4)]
    sizes = [count if i == axis else d for i, d in enumerate(shape)]
    return b.slice(x, starts, sizes, [1] * 4)


def _split(shape: Any, layout: str, groups: int) -> list[int]:
    """The shape of queries with their heads split into groups."""
    if layout == "BHSD":
        return [shape[0], groups, shape[1] // groups, *shape[2:]]
    return [shape[0], shape[1], groups, shape[2] // groups, shape[3]]


def _map(loops: int, layout: str, position: int, feature: int) -> Any:
    """Queries with split heads: batch, group and head are loops 0, 1, 2."""
    heads = [dim(1), dim(2)]
    middle = [*heads, dim(position)] if layout == "BHSD" else [dim(position), *heads]
    return affine_map(loops, [dim(0), *middle, dim(feature)])


def _shared(loops: int, layout: str, position: int, feature: int) -> Any:
    """Keys or values: the heads of a group read the same."""
    middle = [dim(1), dim(position)] if layout == "BHSD" else [dim(position), dim(1)]
    return affine_map(loops, [dim(0), *middle, dim(feature)])


def _ordered(loops: int, count: int, last: int | None = None) -> Any:
    """The first `count` loops, then `last`."""
    return affine_map(loops, [dim(i) for i in [*range(count), *([] if last is None else [last])]])


def _probabilities(b: Builder, op: Any, scores: Any) -> Any:
    element, axis = scores.type.element_type, [3]
    maximum = reduce_kind(b, "max", scores, element, axis)
    shifted = spread(b, scores, maximum, axis, b.arith.subf)
    powers = b.elementwise([shifted], scores.type, b.math.exp)
    total = reduce_kind(b, "sum", powers, element, axis)
    p = spread(b, powers, total, axis, b.arith.divf)
    if op.guard == "none":
        return p
    zero, kinds = b.scalar(0, element), b.arith.CmpFPredicate

    def guarded(value: Any, highest: Any) -> Any:
        if op.guard == "nan":
            is_empty = b.arith.cmpf(kinds.UNO, value, value)
        else:
            is_empty = b.arith.cmpf(kinds.OEQ, highest, b.scalar(float("-inf"), element))
        return b.arith.select(is_empty, zero, value)

    return spread(b, p, maximum, axis, guarded)


def _attach_plan(op: Any, operands: list[Any]) -> None:
    """Describe the fused kernel on the function, where every operand is an argument of it."""
    block = ir.InsertionPoint.current.block
    function = block.owner.operation
    places = [-1 if v is None else _argument(v, block) for v in operands]
    if None in places or function.name != "func.func":
        return
    module = function.parent
    target = module.attributes["aicc.target"].value if "aicc.target" in module.attributes else ""
    q, k, v, mask = (place for place in places if place is not None)
    y = len(block.arguments) - 1
    plan = AttentionPlan.of(op, [q, k, v, y, mask], target)
    plan.attach(function)


def _argument(value: Any, block: Any) -> int | None:
    arguments = list(block.arguments)
    return arguments.index(value) if value in arguments else None
