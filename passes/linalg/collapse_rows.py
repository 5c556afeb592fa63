"""Join the last dimensions of kernels that reduce over several of them into one.

Why: what knows how to keep a row in registers or in the cache (the schedule of row kernels) looks
for one reduced dimension. Sums over an image, or a norm over channels and pixels, have more, and
where operations were fused some of a kernel have more of them than others. In memory they are one
row anyway.

    linalg.generic %x [8, 64, 28, 28] -> [8, 64]
      ->  %r = tensor.collapse_shape %x [[0], [1], [2, 3]]
          linalg.generic %r [8, 64, 784] -> [8, 64]

Only in kernels of rows and reductions: matrix products and windows need their dimensions.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.index_math import LinearForm, linear_map
from aicc.passes.signature import functions_of

KERNEL = "aicc.kernel"
CLASSES = ("rows", "reduction")


@register_pass("collapse-rows")
def run(module: Any) -> None:
    """Rewrite the generics of row kernels whose last loops can be one."""
    with module.context:
        for function in functions_of(module):
            attributes = function.operation.attributes
            if KERNEL not in attributes or attributes[KERNEL].value not in CLASSES:
                continue
            generics = [op for op in _operations(function) if op.name == "linalg.generic"]
            kept = [_kept(op) for op in generics if _is_reduction(op)]
            for op in generics if kept else ():
                first = _first_joined(op, max(kept)) if _is_plain(op) else None
                if first is not None:
                    _collapse(op, first)


def _operations(function: Any) -> list[Any]:
    return [view.operation for view in function.operation.regions[0].blocks[0].operations]


def _kinds(op: Any) -> list[str]:
    return [str(kind) for kind in op.attributes["iterator_types"]]


def _is_reduction(op: Any) -> bool:
    return any("reduction" in kind for kind in _kinds(op))


def _kept(op: Any) -> int:
    """How many of a reduction's first loops hold all that it keeps."""
    return max((i + 1 for i, kind in enumerate(_kinds(op)) if "parallel" in kind), default=0)


def _is_plain(op: Any) -> bool:
    """One result, static shapes, and no position asked for in the body."""
    body = [inner.operation.name for inner in op.regions[0].blocks[0].operations]
    types = [value.type for value in op.operands if isinstance(value.type, ir.ShapedType)]
    return len(op.results) == 1 and "linalg.index" not in body and _are_static(types)


def _are_static(types: Sequence[Any]) -> bool:
    return all(isinstance(t, ir.RankedTensorType) and t.has_static_shape for t in types)


def _maps(op: Any) -> list[Any]:
    return [attr.value for attr in ir.ArrayAttr(op.attributes["indexing_maps"])]


def _first_joined(op: Any, kept: int) -> int | None:
    """The first of the loops behind `kept`, to the last one, that can be joined; None: no two."""
    forms = [linear_map(affine_map) for affine_map in _maps(op)]
    kinds = _kinds(op)
    found = None
    for first in range(len(kinds) - 2, kept - 1, -1):
        joined = range(first, len(kinds))
        if kinds[first] != kinds[-1] or not all(_has_last(f, joined) for f in forms):
            break
        found = first
    return found


def _has_last(forms: Sequence[LinearForm] | None, joined: range) -> bool:
    """Whether an operand runs along all these loops, in order and last, or along none of them."""
    if forms is None:
        return False
    if not _runs_along(forms, joined):
        return True
    rest, last = forms[: -len(joined)], forms[-len(joined) :]
    in_order = all(form.is_dim(loop) for form, loop in zip(last, joined, strict=False))
    return in_order and len(last) == len(joined) and not _runs_along(rest, joined)


def _runs_along(forms: Sequence[LinearForm], loops: range) -> bool:
    return any(form.uses(loop) for form in forms for loop in loops)


def _collapse(op: Any, first: int) -> None:
    maps = _maps(op)
    count = maps[-1].n_dims - first
    forms = [linear_map(affine_map) or () for affine_map in maps]
    runs = [_runs_along(entry, range(first, first + count)) for entry in forms]
    with ir.InsertionPoint(op), op.location:
        operands = [
            _joined(value, count) if is_run else value
            for value, is_run in zip(op.operands, runs, strict=True)
        ]
        narrow = [_narrowed(m, first, is_run) for m, is_run in zip(maps, runs, strict=True)]
        result = _rebuilt(op, operands, narrow).results[0]
        if runs[-1]:
            result = _split(result, op.results[0].type)
    op.results[0].replace_all_uses_with(result)
    op.erase()


def _narrowed(affine_map: Any, first: int, is_run: bool) -> Any:
    """The map with one loop for all from `first` on."""
    exprs = list(affine_map.results)
    if is_run:
        exprs = [*exprs[: first - affine_map.n_dims], ir.AffineDimExpr.get(first)]
    return ir.AffineMap.get(first + 1, 0, exprs)


def _rebuilt(op: Any, operands: list[Any], maps: list[Any]) -> Any:
    twin = op.clone()
    attributes = {name: op.attributes[name] for name in op.attributes}
    kinds = list(op.attributes["iterator_types"])[: maps[0].n_dims]
    attributes["indexing_maps"] = ir.ArrayAttr.get([ir.AffineMapAttr.get(m) for m in maps])
    attributes["iterator_types"] = ir.ArrayAttr.get(kinds)
    made = ir.Operation.create(op.name, [operands[-1].type], operands, attributes, regions=1)
    twin.regions[0].blocks[0].append_to(made.regions[0])
    twin.erase()
    return made


def _joined(value: Any, count: int) -> Any:
    """The tensor with its last `count` dimensions as one."""
    shape = list(value.type.shape)
    joined = [*shape[:-count], prod(shape[-count:])]
    type_ = ir.RankedTensorType.get(joined, value.type.element_type)
    if not isinstance(value.owner, ir.Block) and value.owner.name == "tensor.empty":
        return dialect("tensor").EmptyOp(joined, value.type.element_type).result
    groups = _groups(len(shape), count)
    return dialect("tensor").CollapseShapeOp(type_, value, groups).result


def _split(value: Any, type_: Any) -> Any:
    count = type_.rank - value.type.rank + 1
    groups = _groups(type_.rank, count)
    return dialect("tensor").ExpandShapeOp(type_, value, groups, [], list(type_.shape)).result


def _groups(rank: int, count: int) -> Any:
    """Reassociation: every dimension by itself, the last `count` together."""
    i64 = ir.IntegerType.get_signless(64)
    alone = [[dim] for dim in range(rank - count)]
    groups = [*alone, list(range(rank - count, rank))]
    return ir.ArrayAttr.get(
        [ir.ArrayAttr.get([ir.IntegerAttr.get(i64, dim) for dim in group]) for group in groups]
    )
