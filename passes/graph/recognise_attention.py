"""Recognise scaled dot-product attention in the products and the softmax an exporter wrote.

Why: as one op it becomes one kernel that never writes the [heads, queries, keys] scores to memory.

    %s = matmul(%q, transpose(%k))
    %p = softmax(add(mul(%s, 0.125), %mask))   ->  %y = attention(%q, %k, %v, %mask) {scale = 0.125}
    %y = matmul(%p, %v)

The scale may stand at the queries, at the keys, at both or at the product; what is added is the
mask; a choice `where(%seen, scores, -inf)` becomes one. Transpositions between [B, H, S, D] and
[B, S, H, D] and the repetition of grouped heads join the op. Rounding changes: scales are
multiplied once, and a large negative number is added where it was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np

from aicc.dialects.graph.attention import Attention, to_heads_first
from aicc.dialects.graph.elementwise import BINARY, Where
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass

from .dataflow import definition, inline_array, is_read_once, source_if, users_of
from .patterns import Match, PatternSet
from .recognition.head_views import HeadView, heads_of, is_swap_of_heads, reshaped, scaled, view_of
from .recognition.polynomials import scalar_of, unexpanded
from .recognition.reduction_forms import reduction_of

PATTERNS = PatternSet("recognise-attention")
# At or below these, adding to a score gives the number itself: nothing is left of the score.
NEGLIGIBLE = {"f16": -6e4, "bf16": -1e9, "f32": -1e9, "f64": -1e18}


@register_pass("recognise-attention")
def run(module: Any, *, disable: list[str] | None = None) -> None:
    """Put attention ops in place of matrix products around a softmax."""
    PATTERNS.apply(module, disable or [])


class Refusal(Exception):
    """Why a product of a softmax is no attention."""


@dataclass
class Scores:
    """The operands of q k^T, what it is multiplied by and what is added, as (value, factor)."""

    product: Any
    scale: float = 1.0
    masks: list[tuple[Any, float]] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    added: list[Any] = field(default_factory=list)


@PATTERNS.add("attention", "graph.matmul", rounding="reassociating")
def _attention(op: Any, match: Match) -> Any:
    """softmax(q k^T * scale + mask) v -> attention(q, k, v, mask)."""
    probabilities, guard, tested = _without_guard(op.operands[0])
    softmax = source_if(probabilities, "graph.softmax")
    if softmax is None or op.opview.rhs_layout != "KN":
        return None
    try:
        # other types have no fused kernel, and 16-bit floats would be rounded in other places
        is_f32 = str(op.results[0].type.element_type) == "f32"
        _require(is_f32, "the fused kernel is for f32")
        _require(is_read_once(op.operands[0]), "the probabilities are read elsewhere")
        rank = softmax.results[0].type.rank
        _require(softmax.opview.axis % rank == rank - 1, "the softmax is not over the last axis")
        _require(not softmax.opview.log, "it is a log-softmax")
        of_scores = tested is not None and tested == softmax.operands[0]
        scores = _scores_of(softmax.operands[0], readers=2 if of_scores else 1)
        known = tested is None or of_scores or unexpanded(tested) in scores.added
        _require(known, "rows are zeroed by something else")
        return _built(op, scores, guard)
    except Refusal as reason:
        return match.refuse(str(reason))


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise Refusal(reason)


def _without_guard(value: Any) -> tuple[Any, str, Any]:
    """(p, guard, tested) of where(test, 0, p), by which a row without any key becomes 0.

    The test is is_nan(p), or max(tested) = -inf for the scores or the mask; known to be false where
    the mask is a constant.
    """
    op = source_if(value, "graph.where")
    if op is None or scalar_of(op.operands[1]) != 0.0:
        return value, "none", None
    test, p = definition(op.operands[0]), op.operands[2]
    known = inline_array(unexpanded(op.operands[0]))
    if known is not None and not known.any() and p.type == op.results[0].type:
        return p, "none", None
    if test is not None and test.name == "graph.is_nan" and test.operands[0] == p:
        return p, "nan", None
    if test is not None and test.name == "graph.equal":
        for maximum, low in (test.operands, reversed(test.operands)):
            reduced = reduction_of(maximum, "max")
            if reduced and scalar_of(low) == -math.inf:
                x, axes = reduced
                return (p, "empty", x) if axes == [x.type.rank - 1] else (value, "none", None)
    return value, "none", None


def _scores_of(value: Any, readers: int) -> Scores:
    """Read the chain from the softmax's operand up to the product of queries and keys."""
    scores = Scores(None, shape=list(value.type.shape))
    while True:
        op = definition(value)
        _require(op is not None, "the scores are no product of this function")
        _require(len(users_of(op)) == readers, "the scores are read elsewhere")
        if op.name == "graph.matmul":
            scores.product = op
            return scores
        value, readers = _step(op, scores), 1


def _step(op: Any, scores: Scores) -> Any:
    """Take one op of the chain into `scores`; the value that leads on to the product."""
    result = op.results[0]
    if op.name == "graph.reshape":
        x = op.operands[0]
        _require(x.type.shape[-2:] == result.type.shape[-2:], "the scores are reshaped")
        if len(scores.shape) < x.type.rank <= 4:
            scores.shape = list(x.type.shape)
        return x
    if op.name in ("graph.mul", "graph.div"):
        inner, factor = scaled(result)
        _require(inner != result, "the scores are multiplied by a tensor")
        scores.scale *= factor
        return inner
    if op.name == "graph.add":
        inner, mask = _leading_to_product(op)
        scores.added.append(unexpanded(mask))
        if scalar_of(unexpanded(mask)) != 0.0:
            scores.masks.append((mask, scores.scale))
        return inner
    _require(op.name == "graph.where", f"the scores pass through {op.name}")
    return _choice(op, scores)


def _leading_to_product(op: Any) -> tuple[Any, Any]:
    """(scores, mask) of a sum: the scores have the full shape and lead to a product."""
    for inner, mask in (op.operands, reversed(op.operands)):
        if inner.type == op.results[0].type and _depth_of_product(inner) is not None:
            return inner, mask
    raise Refusal("neither operand of a sum leads to a product")


def _depth_of_product(value: Any, limit: int = 6) -> int | None:
    """How many ops of a chain of scores lie before a matmul; None if it leads to none."""
    op = definition(value)
    if op is None or limit == 0:
        return None
    if op.name == "graph.matmul":
        return 0
    chain = ("graph.mul", "graph.div", "graph.add", "graph.where", "graph.reshape")
    depths = [_depth_of_product(v, limit - 1) for v in op.operands] if op.name in chain else []
    return min((depth + 1 for depth in depths if depth is not None), default=None)


def _choice(op: Any, scores: Scores) -> Any:
    """where(seen, scores, fill) as a mask of 0 and fill."""
    condition, first, second = op.operands
    fills = [scalar_of(first), scalar_of(second)]
    _require(fills.count(None) == 1, "the choice is not between scores and a constant")
    inner, fill = (first, fills[1]) if fills[0] is None else (second, fills[0])
    element = inner.type.element_type
    limit = NEGLIGIBLE.get(str(element), -math.inf)
    _require(fill is not None and fill <= limit, "scores that are not seen still count")
    _require(inner.type == op.results[0].type, "the choice broadcasts the scores")
    dtype = numpy_dtype(dtype_of(element))
    zero, low = (Constant.of(np.array(number, dtype)) for number in (0.0, fill))
    ordered = (zero, low) if inner == first else (low, zero)
    scores.masks.append((Where.build(condition, *ordered), scores.scale))
    return inner


def _built(op: Any, scores: Scores, guard: str) -> Any:
    """The attention op for a matched chain, in the shape of the product it stands for."""
    product, result = scores.product, op.results[0].type
    _require(product.opview.rhs_layout == "KN", "the keys are packed weights")
    q, transposed, v = product.operands[0], product.operands[1], op.operands[1]
    rank = q.type.rank
    same = rank in (3, 4) and transposed.type.rank == rank and v.type.rank == rank
    _require(same, "queries, keys and values are no batches of matrices")
    batches = {value.type.shape[0] for value in (q, transposed, v)}
    _require(len(batches) == 1, "batches broadcast")
    lead, views = _views(scores, q, transposed, v)
    heads = [view.count for view in views]
    _require(heads[1] == heads[2] and heads[0] % heads[1] == 0, "heads broadcast")
    _require(heads[0] == lead[1], "queries broadcast over heads")
    _require(views[2].factor == 1.0, "the values are scaled")
    y = Attention.build(
        *(view.value for view in views),
        _mask(scores, [*lead, *product.results[0].type.shape[-2:]]),
        scale=scores.scale * views[0].factor * views[1].factor,
        guard=guard,
        heads=None if _reads_all(views) else heads[:2],
        first=None if _reads_all(views) else [view.first for view in views],
        **{f"{name}_layout": view.layout for name, view in zip("qkv", views, strict=True)},
    )
    return reshaped(y, list(result.shape))


def _views(scores: Scores, q: Any, transposed: Any, v: Any) -> tuple[list[int], list[HeadView]]:
    """([B, H], views of q, k, v). Batch and heads may be one where no mask tells them apart."""
    leads = [heads_of(scores.shape, [q, v])]
    if all(prod(value.type.shape[:-2]) == 1 for value, _ in scores.masks):
        leads.append([1, prod(leads[0])])
    options = [
        [view_of(q, lead), view_of(transposed, lead, is_transposed=True), view_of(v, lead)]
        for lead in leads
        if prod(lead) == prod(transposed.type.shape[:-2]) or lead == leads[0]
    ]
    best = max(range(len(options)), key=lambda i: (sum(v.saved for v in options[i]), -i))
    return leads[best], options[best]


def _reads_all(views: Sequence[HeadView]) -> bool:
    """Whether the views read every head of their values."""
    axes = [1 if view.layout == "BHSD" else 2 for view in views]
    return all(v.value.type.shape[a] == v.count for v, a in zip(views, axes, strict=True))


def _mask(scores: Scores, shape: list[int]) -> Any:
    """The sum of what is added to the scores, None if nothing is."""
    total = None
    for value, factor in scores.masks:
        if value.type.rank == 3 and len(shape) == 4:
            lead = shape[:2] if value.type.shape[0] > 1 else [1, 1]
            value = reshaped(value, [*lead, *value.type.shape[1:]])
        if value.type.rank == 5:
            value = _of_windows(value, shape)
        if factor != 1.0:
            dtype = numpy_dtype(dtype_of(value.type.element_type))
            value = BINARY["mul"].build(value, Constant.of(np.array(factor, dtype)))
        total = value if total is None else BINARY["add"].build(total, value)
    return total


def _of_windows(value: Any, shape: list[int]) -> Any:
    """A mask of [1, windows, heads, ..] where the windows are the whole batch."""
    outer, windows = value.type.shape[:2]
    _require(outer == 1 and windows in (1, shape[0]), "the mask repeats along the batch")
    return reshaped(value, list(value.type.shape[1:]))


@PATTERNS.add("attention-layout", "graph.transpose")
def _attention_layout(op: Any, match: Match) -> Any:
    """transpose(attention) to [B, S, H, D] -> attention that writes this layout."""
    value = op.operands[0]
    if view := source_if(value, "graph.reshape"):
        value = view.operands[0]
    inner = source_if(value, "graph.attention")
    if inner is None or inner.opview.y_layout != "BHSD" or not is_read_once(value):
        return None
    if not is_swap_of_heads(op, value):
        return match.refuse("it is no swap of heads and positions")
    attributes = inner.opview.attr_values() | {"y_layout": "BSHD"}
    y = Attention.build(*inner.opview.operand_groups(), loc=inner.location, **attributes)
    return reshaped(y, list(op.results[0].type.shape))


@PATTERNS.add("attention-groups", "graph.attention")
def _attention_groups(op: Any, match: Match) -> Any:
    """One query for each of several heads that share keys -> several queries of one head."""
    view = op.opview
    q, k, v, mask = view.operand_groups()
    batch, heads, queries, depth = to_heads_first(q.type.shape, view.q_layout)
    groups = to_heads_first(k.type.shape, view.k_layout)[1]
    if queries != 1 or heads == groups:
        return None
    if view.heads is not None or view.diagonal is not None:
        return match.refuse("only some heads are read")
    if mask is not None and prod(mask.type.shape[-3:-1]) != 1:
        return match.refuse("the mask tells heads apart")
    rows = reshaped(q, [batch, groups, heads // groups, depth])
    layouts = {"q_layout": "BHSD", "y_layout": "BHSD"}
    attributes = view.attr_values() | layouts
    y = Attention.build(rows, k, v, mask, loc=op.location, **attributes)
    return reshaped(y, list(op.results[0].type.shape))
