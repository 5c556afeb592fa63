"""Take `graph.attention` apart where no fused kernel computes it.

Why: the op is right for every shape and type; the fused kernel is for some. What it is not for runs
as a product, a softmax and a product, as before. Grouped heads need no copies: the queries that
share a key head are rows of one product.

    %y = attention(%q, %k, %v, %mask)  ->  %s = matmul(%q, transpose(%k))
                                           %p = softmax(add(mul(%s, scale), %mask))
                                           %y = matmul(%p, %v)
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.dialects.graph.attention import head_counts, to_heads_first
from aicc.dialects.graph.elementwise import BINARY, COMPARE, PREDICATES, Where
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Expand, Reshape, Slice, Transpose
from aicc.dialects.graph.reduction import REDUCE, CumSum, Softmax
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass
from aicc.passes.schedule.attention.plan import refusal

from .dataflow import body_of, graph_functions, ops_of, replace

SWAP_HEADS = [0, 2, 1, 3]


@register_pass("expand-attention")
def run(module: Any, *, all_ops: bool = False) -> None:
    """Expand attention ops without a fused kernel; with `all_ops`, every one."""
    all_ops |= "aicc.strict_fp" in module.operation.attributes
    for function in graph_functions(module):
        for op in ops_of(body_of(function)):
            if op.name == "graph.attention" and (all_ops or refusal(op)):
                with ir.InsertionPoint(op), op.location:
                    replace(op, [_expanded(op)])


def _expanded(op: Any) -> Any:
    view = op.opview
    q, k, v, mask = view.operand_groups()
    first = view.first or (0, 0, 0)
    heads, groups = head_counts(q.type, k.type, view.heads, view.q_layout, view.k_layout)
    queries = _ordered(_cut(q, view.q_layout, first[0], heads), view.q_layout, [0, 1, 2, 3])
    keys = _ordered(_cut(k, view.k_layout, first[1], groups), view.k_layout, [0, 1, 3, 2])
    values = _ordered(_cut(v, view.v_layout, first[2], groups), view.v_layout, [0, 1, 2, 3])
    batch, _, rows, depth = queries.type.shape
    scores = Matmul.build(_shaped(queries, [batch, groups, heads // groups * rows, depth]), keys)
    shape = [batch, heads, rows, values.type.shape[2]]
    scores = _shaped(scores, shape)
    if view.scale != 1.0:
        scores = BINARY["mul"].build(scores, _number(view.scale, scores))
    if mask is not None:
        scores = BINARY["add"].build(scores, mask)
    if view.diagonal is not None:
        scores = Where.build(_seen(shape, view.diagonal), scores, _number(-np.inf, scores))
    p = _guarded(Softmax.build(scores, axis=3), scores, view.guard)
    flat = _shaped(p, [batch, groups, heads // groups * rows, shape[3]])
    y = _shaped(Matmul.build(flat, values), [*shape[:3], values.type.shape[3]])
    return y if view.y_layout == "BHSD" else Transpose.build(y, permutation=SWAP_HEADS)


def _cut(value: Any, layout: str, first: int, count: int) -> Any:
    """The heads that the op reads."""
    shape, axis = list(value.type.shape), 1 if layout == "BHSD" else 2
    if shape[axis] == count:
        return value
    starts = [first if i == axis else 0 for i in range(4)]
    sizes = [count if i == axis else d for i, d in enumerate(shape)]
    return Slice.build(value, starts=starts, sizes=sizes, steps=[1] * 4)


def _ordered(value: Any, layout: str, permutation: list[int]) -> Any:
    """The value with [B, H, S, D] permuted, whichever its layout is."""
    source = [to_heads_first(range(4), layout)[p] for p in permutation]
    return value if source == [0, 1, 2, 3] else Transpose.build(value, permutation=source)


def _shaped(value: Any, shape: list[int]) -> Any:
    return value if list(value.type.shape) == shape else Reshape.build(value, shape=shape)


def _number(number: float, like: Any) -> Any:
    dtype = numpy_dtype(dtype_of(like.type.element_type))
    return Constant.of(np.array(number, dtype))


def _seen(shape: list[int], diagonal: int) -> Any:
    """[1, 1, queries, keys] of bool: key - query <= diagonal."""
    rows, columns = shape[2:]
    position = BINARY["sub"].build(_positions([1, 1, 1, columns]), _positions([1, 1, rows, 1]))
    return COMPARE["less_equal"].build(position, Constant.of(np.array(float(diagonal), np.float32)))


def _positions(shape: list[int]) -> Any:
    """0, 1, 2, .. along the only dimension that is not 1, as floats."""
    axis = max(range(4), key=lambda i: shape[i])
    ones = Expand.build(Constant.of(np.ones([1, 1, 1, 1], np.float32)), shape=shape)
    return CumSum.build(ones, axis=axis, exclusive=True)


def _guarded(p: Any, scores: Any, guard: str) -> Any:
    """The probabilities with 0 in the rows that have none."""
    if guard == "none":
        return p
    if guard == "nan":
        return Where.build(PREDICATES["is_nan"].build(p), _number(0.0, p), p)
    highest = REDUCE["reduce_max"].build(scores, axes=[3], keepdims=True)
    is_empty = COMPARE["equal"].build(highest, _number(-np.inf, p))
    return Where.build(is_empty, _number(0.0, p), p)
