"""If and Loop ops whose course data decides: the bodies become regions, which are compiled.

A body is imported into a region like any other nodes. It cannot be compiled if what it carries on
changes its type, if a shape inside hangs on a value that only a run computes, or if it makes
anything but tensors; then the caller gets None, and has other ways.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import onnx

from aicc._mlir import ir
from aicc.diagnostics import UnsupportedOp
from aicc.dialects.graph.base import GraphOp
from aicc.dialects.graph.control_flow import MAX_VALUES, If, Loop, RegionYield
from aicc.dialects.graph.elementwise import Cast
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import element_type_of, is_bool, tensor

from .node import Node
from .values import NeedsValueInBody


@dataclass
class Region:
    """A body that was imported: its block, in an op that only holds it, and what it yields."""

    holder: Any
    block: Any
    results: list[Any]

    def drop(self) -> None:
        """Erase what was imported."""
        self.holder.erase()


def region_of(
    n: Node,
    graph: onnx.GraphProto,
    types: Sequence[Any],
    words: str,
    given: Any = list,
    yielded: Any = list,
) -> Region | None:
    """`graph` imported into a block with arguments of `types`; None if it cannot be compiled.

    `given` makes the inputs of `graph` of the block's arguments, `yielded` what the region yields
    of its outputs.
    """
    holder = ir.Operation.create("graph.group", regions=1, loc=n.location)
    block = holder.regions[0].blocks.append(*types)
    try:
        with n.values.inside(holder), ir.InsertionPoint(block):
            results = yielded(n.import_body(graph, given(block.arguments), words))
    except (UnsupportedOp, NeedsValueInBody):
        holder.erase()
        return None
    except BaseException:
        holder.erase()
        raise
    region = Region(holder, block, results)
    if not all(is_compiled(v) for v in results) or len(results) > MAX_VALUES:
        region.drop()
        return None
    return region


def is_compiled(value: Any) -> bool:
    """True for a tensor with elements; others are resolved while importing."""
    return isinstance(value, ir.Value) and 0 not in value.type.shape


def compiled_if(n: Node, condition: Any, branches: Sequence[onnx.GraphProto]) -> list[Any] | None:
    """The results of an If on a condition that a run computes; both branches give equal types."""
    regions: list[Region] = []
    for graph, words in zip(branches, ("then", "else"), strict=True):
        region = region_of(n, graph, [], words)
        if region is None:
            break
        regions.append(region)
    types = [[v.type for v in region.results] for region in regions]
    if len(regions) < 2 or types[0] != types[1]:
        for region in regions:
            region.drop()
        return None
    return _op(n, If, [condition], types[0], regions)


@dataclass
class LoopBody:
    """The body of a loop as a region; the first result is whether to go on."""

    region: Region
    carried: int

    @property
    def row_types(self) -> list[Any]:
        """Types of what each iteration adds to the collected results."""
        return [v.type for v in self.region.results[1 + self.carried :]]

    def emit(self, n: Node, operands: Sequence[Any], capacity: int) -> list[Any]:
        """The op on trip count, condition and carried values; it collects up to `capacity` rows."""
        carried = [v.type for v in operands[2:]]
        rows = [tensor([capacity, *t.shape], t.element_type) for t in self.row_types]
        return _op(n, Loop, operands, [*carried, *rows], [self.region])


def loop_body(
    n: Node, graph: onnx.GraphProto, carried: Sequence[Any], given: Any, results: Any = list
) -> LoopBody | None:
    """The body of a loop; None if it cannot be compiled.

    `given(iteration, values)` are the inputs of `graph`; `results` makes what is yielded of its
    outputs: whether to go on, what is carried, what is collected.
    """
    if not all(is_compiled(v) for v in carried) or len(carried) + 2 > MAX_VALUES:
        return None
    scalar = tensor([], ir.IntegerType.get_signless(64)), tensor([], ir.IntegerType.get_signless(1))
    types = [v.type for v in carried]
    region = region_of(
        n,
        graph,
        [*scalar, *types],
        "body",
        lambda arguments: given(arguments[0], list(arguments)[2:]),
        results,
    )
    if region is None:
        return None
    goes_on, *others = region.results
    is_one = is_bool(goes_on.type.element_type) and all(d == 1 for d in goes_on.type.shape)
    if not is_one or [v.type for v in others[: len(types)]] != types:
        region.drop()
        return None
    return LoopBody(region, len(types))


def counted_loop(
    n: Node, trips: int, carried: Sequence[Any], body: Callable[..., Sequence[Any]]
) -> list[Any]:
    """A loop of `trips` iterations at most; `body(iteration, *carried)` emits what it carries on.

    It ends before if bools are carried last, of which none is true any more.
    """
    scalar = tensor([], ir.IntegerType.get_signless(64)), tensor([], ir.IntegerType.get_signless(1))
    holder = ir.Operation.create("graph.group", regions=1, loc=n.location)
    block = holder.regions[0].blocks.append(*scalar, *(v.type for v in carried))
    with n.values.inside(holder), ir.InsertionPoint(block):
        results = list(body(block.arguments[0], *list(block.arguments)[2:]))
        may_end = is_bool(results[-1].type.element_type)
        goes_on = _any(n, results[-1]) if may_end else n.constant(True)
    region = Region(holder, block, [goes_on, *results])
    operands = [n.constant(trips, "int64"), n.constant(True), *carried]
    return _op(n, Loop, operands, [v.type for v in carried], [region])


def _any(n: Node, flags: Any) -> Any:
    """One bool: whether any element is true."""
    axes = list(range(flags.type.rank))
    number = n.emit(Cast, flags, to=element_type_of("int32"))
    most = n.emit(REDUCE["reduce_max"], number, axes=axes, keepdims=False)
    return n.emit(Cast, most, to=flags.type.element_type)


def _op(
    n: Node,
    op: type[GraphOp],
    operands: Sequence[Any],
    types: Sequence[Any],
    regions: Sequence[Region],
) -> list[Any]:
    """`op` with these regions, each of which yields its results."""
    attributes = {"resultSegmentSizes": _slots(len(types), MAX_VALUES)}
    if op is Loop:
        attributes["operandSegmentSizes"] = _slots(len(operands), MAX_VALUES + 2)
    made = ir.Operation.create(
        op.OPERATION_NAME,
        results=list(types),
        operands=list(operands),
        attributes=attributes,
        regions=len(regions),
        loc=n.location,
    )
    for region, target in zip(regions, made.regions, strict=True):
        with ir.InsertionPoint(region.block):
            ir.Operation.create(
                RegionYield.OPERATION_NAME,
                operands=region.results,
                attributes={"operandSegmentSizes": _slots(len(region.results), MAX_VALUES)},
                loc=n.location,
            )
        region.block.append_to(target)
        region.holder.erase()
    return list(made.results)


def _slots(used: int, slots: int) -> Any:
    """Segment sizes: the first `used` slots are taken."""
    return ir.DenseI32ArrayAttr.get([1] * used + [0] * (slots - used))


def node_count(graph: onnx.GraphProto) -> int:
    """Nodes of a body, those of bodies inside included; constants are not counted."""
    return sum(_size(node) for node in graph.node)


def _size(node: onnx.NodeProto) -> int:
    inner = [a.g for a in node.attribute if a.type == onnx.AttributeProto.GRAPH]
    return (node.op_type != "Constant") + sum(node_count(graph) for graph in inner)
