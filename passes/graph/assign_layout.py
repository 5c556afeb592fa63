"""Run image operators channels-last.

Why: in NHWC a convolution's vectors run along the output channels, whatever its window and stride;
in NCHW they run along the image's columns, which are few, odd, or strided. Casts stand at the
border only: an op whose image operands exist in NHWC is itself done in NHWC.

    %y = "graph.conv"(%x, %w)  ->  %a = "graph.layout_cast"(%x) to NHWC
                                   %b = "graph.conv"(%a, %w) {layout = "NHWC"}
                                   %y = "graph.layout_cast"(%b) to NCHW   (dead if nobody reads it)
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir
from aicc.dialects.graph.elementwise import ELEMENTWISE, Cast, Where
from aicc.dialects.graph.movement import Concat, Pad, Reshape
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.structure import LayoutCast, cast_permutation
from aicc.dialects.graph.types import element_count
from aicc.passes.registry import register_pass
from aicc.passes.signature import functions_of
from aicc.passes.static_values import StaticValues

WINDOWED = ("graph.max_pool", "graph.average_pool", "graph.batch_norm", "graph.instance_norm")
POINTWISE = {op.OPERATION_NAME for op in (*ELEMENTWISE.values(), Where, Cast)}
REDUCTIONS = {op.OPERATION_NAME for op in REDUCE.values()}
# Below this many output channels a vector of them is mostly padding.
MIN_CHANNELS = 8


@register_pass("assign-layout")
def run(module: Any) -> None:
    """Move convolutions, and what follows them, from NCHW to NHWC."""
    for function in functions_of(module):
        _Assignment(function).run()


class _Assignment:
    """NHWC twins of the NCHW values of one function."""

    def __init__(self, function: Any) -> None:
        self.block = function.operation.regions[0].blocks[0]
        self.static = StaticValues(function)
        self.twins: dict[Any, Any] = {}

    def run(self) -> None:
        for view in list(self.block.operations):
            op = view.operation
            if not op.name.startswith("graph.") or len(op.results) != 1:
                continue
            with ir.InsertionPoint(op), op.location:
                twin = self.build_twin(op)
                if twin is not None:
                    self.replace(op, twin)

    def build_twin(self, op: Any) -> Any:
        """The op's result in NHWC, or None if the op stays as it is."""
        if op.name == "graph.conv":
            return self.conv(op) if self.wants_conv(op) else None
        if op.results[0].type.rank < 3 or not any(v in self.twins for v in op.operands):
            return None
        if op.name in WINDOWED:
            return self.rebuilt(
                op, [self.twin(op.operands[0]), *list(op.operands)[1:]], layout="NHWC"
            )
        if op.name in POINTWISE:
            return self.pointwise(op)
        if op.name in REDUCTIONS:
            return self.reduction(op)
        if op.name == Concat.OPERATION_NAME:
            return self.concat(op)
        return self.pad(op) if op.name == Pad.OPERATION_NAME else None

    def wants_conv(self, op: Any) -> bool:
        """Plain and depthwise 2-d convolutions with weights that are known when compiling."""
        conv = op.opview
        if conv.layout != "NCHW" or conv.filter_layout != "OIHW" or op.results[0].type.rank != 4:
            return False
        channels, out = op.operands[0].type.shape[1], op.results[0].type.shape[1]
        is_depthwise = conv.group == channels == out
        is_float = str(op.results[0].type.element_type) == "f32"
        fits = is_depthwise or (conv.group == 1 and out >= MIN_CHANNELS)
        return fits and is_float and op.operands[1] in self.static

    def conv(self, op: Any) -> Any:
        return self.rebuilt(op, [self.twin(op.operands[0]), *list(op.operands)[1:]], layout="NHWC")

    def rebuilt(self, op: Any, operands: list[Any], **changes: Any) -> Any:
        return type(op.opview).build(*operands, **(op.opview.attr_values() | changes))

    def twin(self, value: Any) -> Any:
        """`value` in NHWC; cast where it does not exist yet."""
        if value not in self.twins:
            self.twins[value] = LayoutCast.build(value, source="NCHW", target="NHWC")
        return self.twins[value]

    def pointwise(self, op: Any) -> Any:
        rank = op.results[0].type.rank
        operands = [self.broadcastable(v, rank) for v in op.operands]
        return self.rebuilt(op, operands)

    def broadcastable(self, value: Any, rank: int) -> Any:
        """An operand that broadcasts against NHWC as `value` does against NCHW."""
        if value in self.twins and value.type.rank == rank:
            return self.twins[value]
        shape = list(value.type.shape)
        if element_count(shape) == 1:
            return value
        full = [1] * (rank - len(shape)) + shape
        moved = [full[p] for p in cast_permutation(rank, "NHWC")]
        spatial = element_count(full[2:])
        if full[1] == 1 or spatial == 1:
            # moving unit dimensions leaves the order of the elements as it is
            return Reshape.build(value, shape=moved)
        wide = value if len(shape) == rank else Reshape.build(value, shape=full)
        return self.twin(wide)

    def reduction(self, op: Any) -> Any:
        rank = op.operands[0].type.rank
        if not op.opview.keepdims:
            return None
        inverse = cast_permutation(rank, "NHWC")
        axes = [inverse.index(a % rank) for a in op.opview.axes]
        return self.rebuilt(op, [self.twin(op.operands[0])], axes=sorted(axes))

    def concat(self, op: Any) -> Any:
        rank = op.results[0].type.rank
        axis = cast_permutation(rank, "NHWC").index(op.opview.axis % rank)
        return Concat.build([self.twin(v) for v in op.operands], axis=axis)

    def pad(self, op: Any) -> Any:
        order = cast_permutation(op.results[0].type.rank, "NHWC")
        low, high = ([pads[p] for p in order] for pads in (op.opview.low, op.opview.high))
        return self.rebuilt(op, [self.twin(op.operands[0]), op.operands[1]], low=low, high=high)

    def replace(self, op: Any, twin: Any) -> None:
        back = LayoutCast.build(twin, source="NHWC", target="NCHW")
        op.results[0].replace_all_uses_with(back)
        self.twins[back] = twin
        op.erase()
