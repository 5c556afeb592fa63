"""Lowering rules graph op -> linalg on signless tensors, and the builder they write with.

A rule is `rule(b, op, *operands)`: `op` is the graph op (its types still tell signed from
unsigned), the operands are lowered values; it returns the lowered result(s). Rules are found by op
name; each family has its module in this folder.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph import OPS
from aicc.dialects.graph.small_floats import is_small_float
from aicc.dialects.graph.types import tensor

Rule = Callable[..., Any]
_RULES: dict[str, Rule] = {}
FAMILIES = (
    "attention_ops",
    "deformable_ops",
    "elementwise_ops",
    "indexing_ops",
    "instance_norm_ops",
    "linear_ops",
    "matrix_ops",
    "movement_ops",
    "pooling_index_ops",
    "pooling_ops",
    "quantization_ops",
    "random_ops",
    "recurrent_ops",
    "reduction_ops",
    "region_ops",
    "resize_ops",
    "running_ops",
    "sampling_ops",
    "small_float_ops",
    "structure_ops",
    "tree_ops",
    "winograd_ops",
)


def lowers(*ops: Any) -> Callable[[Rule], Rule]:
    """Register the decorated rule for graph op classes; replaces an earlier rule."""

    def register(rule: Rule) -> Rule:
        for op in ops:
            _RULES[op.OPERATION_NAME] = rule
        return rule

    return register


def rule_of(name: str) -> Rule | None:
    """The rule of graph op `name` (with the dialect prefix), None if there is none."""
    _load_families()
    return _RULES.get(name)


def has_foreign_rules() -> bool:
    """True if somebody registered a rule that is not aicc's own."""
    return any(not rule.__module__.startswith("aicc.") for rule in _RULES.values())


@cache
def _load_families() -> None:
    for family in FAMILIES:
        importlib.import_module(f"aicc.passes.linalg.{family}")


def is_lowerable(name: str) -> bool:
    """True for a graph op that has a rule."""
    return name in OPS and rule_of(name) is not None


def signless(type_: Any) -> Any:
    """The tensor type with unsigned elements as signless ones, and small floats as bytes."""
    element = type_.element_type
    if is_small_float(element):
        return tensor(type_.shape, ir.IntegerType.get_signless(8))
    if isinstance(element, ir.IntegerType) and not element.is_signless:
        return tensor(type_.shape, ir.IntegerType.get_signless(element.width))
    return type_


class Builder:
    """Makes linalg/tensor/arith ops at the current insertion point."""

    def __init__(self, strict_fp: bool) -> None:
        self.strict_fp = strict_fp
        self.linalg = dialect("linalg")
        self.tensor = dialect("tensor")
        self.arith = dialect("arith")
        self.math = dialect("math")

    def scalar(self, value: float | int | bool, element: Any) -> Any:
        """An arith.constant of a signless element type."""
        if isinstance(element, (ir.IntegerType, ir.IndexType)):
            return self.arith.ConstantOp(element, ir.IntegerAttr.get(element, int(value))).result
        return self.arith.ConstantOp(element, ir.FloatAttr.get(element, float(value))).result

    def index(self, value: int) -> Any:
        """An index constant."""
        return self.scalar(value, ir.IndexType.get())

    def position(self, loop: int) -> Any:
        """Inside a generic's body: the index of loop dimension `loop`."""
        return self.linalg.IndexOp(loop).result

    def empty(self, type_: Any) -> Any:
        """Uninitialised tensor."""
        return self.tensor.EmptyOp(list(type_.shape), type_.element_type).result

    def filled(self, type_: Any, value: Any) -> Any:
        """A tensor of `type_` with every element `value` (a Python number or a scalar)."""
        if not isinstance(value, ir.Value):
            value = self.scalar(value, type_.element_type)
        return self.linalg.fill(value, outs=[self.empty(type_)])

    def generic(
        self,
        inputs: Sequence[Any],
        maps: Sequence[Any],
        init: Any,
        body: Callable[..., Any],
        reductions: int | Sequence[int] = 0,
    ) -> Any:
        """linalg.generic; `maps` has one map per input, then the output's.

        `reductions` are the loop dimensions that reduce, or how many of the last ones do. `body`
        gets the scalars (the output's last).
        """
        rank = maps[-1].n_dims
        last = range(rank - reductions, rank) if isinstance(reductions, int) else reductions
        kinds = ["reduction" if i in last else "parallel" for i in range(rank)]
        iterators = [getattr(self.linalg.IteratorType, k) for k in kinds]
        op = self.linalg.GenericOp([init.type], list(inputs), [init], list(maps), iterators)
        types = [v.type.element_type for v in [*inputs, init]]
        block = op.regions[0].blocks.append(*types)
        with ir.InsertionPoint(block):
            self.linalg.YieldOp([body(*block.arguments)])
        return op.results[0]

    def elementwise(self, inputs: Sequence[Any], type_: Any, body: Callable[..., Any]) -> Any:
        """One result element per position; inputs broadcast as numpy does. Body without output."""
        rank = len(type_.shape)
        operands = [self.without_broadcast_dims(v, type_.shape) for v in inputs]
        inputs, maps = [v for v, _ in operands], [m for _, m in operands]
        identity = ir.AffineMap.get_identity(rank)
        return self.generic(
            inputs, [*maps, identity], self.empty(type_), lambda *s: body(*s[: len(inputs)])
        )

    def without_broadcast_dims(self, value: Any, shape: Sequence[int]) -> tuple[Any, Any]:
        """The operand without the dimensions it repeats, and its map, a projected permutation.

        Upstream moves reshapes across elementwise ops only if no map holds a constant.
        """
        offset = len(shape) - value.type.rank
        kept = [i for i, d in enumerate(value.type.shape) if d == shape[offset + i]]
        sizes = [value.type.shape[i] for i in kept]
        map_ = affine_map(len(shape), [dim(offset + i) for i in kept])
        return (value if len(kept) == value.type.rank else self.reshape(value, sizes)), map_

    def indexed(self, type_: Any, body: Callable[..., Any]) -> Any:
        """A tensor whose element is `body(*indices)`; for movements that are no affine access."""
        rank = len(type_.shape)
        return self.generic(
            [],
            [ir.AffineMap.get_identity(rank)],
            self.empty(type_),
            lambda _: body(*[self.position(i) for i in range(rank)]),
        )

    def sum_of(self, lhs: Any, rhs: Any) -> Any:
        """Addition inside a reduction: sums may be reassociated unless strict_fp."""
        if isinstance(lhs.type, ir.IntegerType):
            return self.arith.addi(lhs, rhs)
        return self.arith.AddFOp(lhs, rhs, fastmath=self.sum_flags()).result

    def sum_flags(self) -> Any:
        """Fast-math flags of sums."""
        return ir.Attribute.parse(
            "#arith.fastmath<none>" if self.strict_fp else "#arith.fastmath<reassoc,contract>"
        )

    def reshape(self, value: Any, shape: Sequence[int]) -> Any:
        """The same elements under another shape, by collapse and expand (no copy)."""
        return _reshape(self, value, list(shape))

    def transpose(self, value: Any, permutation: Sequence[int]) -> Any:
        """Result dimension i is operand dimension `permutation[i]`."""
        rank = len(permutation)
        inverse = [list(permutation).index(i) for i in range(rank)]
        type_ = tensor([value.type.shape[p] for p in permutation], value.type.element_type)
        source = affine_map(rank, [dim(i) for i in inverse])
        return self.generic(
            [value],
            [source, ir.AffineMap.get_identity(rank)],
            self.empty(type_),
            lambda x, _: x,
        )

    def pad(self, value: Any, low: Sequence[int], high: Sequence[int], fill: Any) -> Any:
        """Surround with `fill` (a scalar value); pads are not negative."""
        if not any(low) and not any(high):
            return value
        shape = [d + a + b for d, a, b in zip(value.type.shape, low, high, strict=True)]
        type_ = tensor(shape, value.type.element_type)
        op = self.tensor.PadOp(type_, value, [], [], list(low), list(high))
        block = op.regions[0].blocks.append(*[ir.IndexType.get()] * len(shape))
        with ir.InsertionPoint(block):
            self.tensor.YieldOp(fill)
        return op.result

    def slice(
        self, value: Any, starts: Sequence[int], sizes: Sequence[int], steps: Sequence[int]
    ) -> Any:
        """tensor.extract_slice with static offsets; steps are positive."""
        type_ = tensor(sizes, value.type.element_type)
        return self.tensor.ExtractSliceOp(
            type_, value, [], [], [], list(starts), list(sizes), list(steps)
        ).result


def dim(i: int) -> Any:
    """Affine dimension d<i>."""
    return ir.AffineDimExpr.get(i)


def affine_map(dims: int, results: Sequence[Any]) -> Any:
    """(d0, .., d<dims-1>) -> results; an int result is a constant."""
    exprs = [ir.AffineConstantExpr.get(r) if isinstance(r, int) else r for r in results]
    return ir.AffineMap.get(dims, 0, exprs)


def broadcast_map(shape: Sequence[int], target: Sequence[int]) -> Any:
    """Map of an operand of `shape` in a nest over `target`, by numpy's broadcasting.

    A unit dimension that is broadcast becomes the constant 0.
    """
    offset = len(target) - len(shape)
    kept = [d == target[offset + i] for i, d in enumerate(shape)]
    exprs = [dim(offset + i) if keeps else 0 for i, keeps in enumerate(kept)]
    return affine_map(len(target), exprs)


def _reshape(b: Builder, value: Any, shape: list[int]) -> Any:
    source = list(value.type.shape)
    if source == shape:
        return value
    element = value.type.element_type
    groups = _common_groups(source, shape)
    if groups is None:
        flat = _collapse_all(b, value)
        return _expand_all(b, flat, shape)
    collapsed, expanded, middle = groups
    if len(middle) != len(source):
        value = b.tensor.CollapseShapeOp(tensor(middle, element), value, collapsed).result
    if len(middle) != len(shape):
        value = b.tensor.ExpandShapeOp(tensor(shape, element), value, expanded, [], shape).result
    return value


def _collapse_all(b: Builder, value: Any) -> Any:
    rank = value.type.rank
    if rank == 1:
        return value
    count = 1
    for d in value.type.shape:
        count *= d
    type_ = tensor([count], value.type.element_type)
    if rank == 0:
        return b.tensor.ExpandShapeOp(type_, value, [], [], [1]).result
    return b.tensor.CollapseShapeOp(type_, value, [list(range(rank))]).result


def _expand_all(b: Builder, flat: Any, shape: list[int]) -> Any:
    element = flat.type.element_type
    if len(shape) == 1:
        return flat
    if not shape:
        return b.tensor.CollapseShapeOp(tensor([], element), flat, []).result
    return b.tensor.ExpandShapeOp(
        tensor(shape, element), flat, [list(range(len(shape)))], [], shape
    ).result


def _common_groups(
    source: list[int], target: list[int]
) -> tuple[list[list[int]], list[list[int]], list[int]] | None:
    """Finest common coarsening of two shapes of one size; None for scalars and empty tensors."""
    if not source or not target or 0 in source or 0 in target:
        return None
    collapsed: list[list[int]] = []
    expanded: list[list[int]] = []
    middle: list[int] = []
    i = j = 0
    while i < len(source) and j < len(target):
        left, right = [i], [j]
        a, c = source[i], target[j]
        while a != c:
            if a < c:
                i += 1
                left.append(i)
                a *= source[i]
            else:
                j += 1
                right.append(j)
                c *= target[j]
        collapsed.append(left)
        expanded.append(right)
        middle.append(a)
        i, j = i + 1, j + 1
    collapsed[-1] += range(i, len(source))
    expanded[-1] += range(j, len(target))
    return collapsed, expanded, middle
