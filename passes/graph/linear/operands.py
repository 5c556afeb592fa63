"""What the linear-algebra passes ask of and build on the operands of linear ops.

A factor or offset is a known value that broadcasts against the linear op's result; `channel_vector`
says whether it differs along the channels only, the filter functions bring it to the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from aicc.dialects.graph.elementwise import BINARY
from aicc.dialects.graph.movement import Reshape
from aicc.dialects.graph.types import element_count, is_float


class Refused(Exception):
    """A linear op is there, but the rewrite would be wrong or no gain; says why."""


def add(lhs: Any, rhs: Any) -> Any:
    """lhs + rhs."""
    return BINARY["add"].build(lhs, rhs)


def mul(lhs: Any, rhs: Any) -> Any:
    """lhs * rhs."""
    return BINARY["mul"].build(lhs, rhs)


def reshaped(value: Any, shape: Sequence[int]) -> Any:
    """`value` in another shape; itself if it has it."""
    shape = list(shape)
    return value if list(value.type.shape) == shape else Reshape.build(value, shape=shape)


def is_float_value(value: Any) -> bool:
    """True for tensors of floating-point elements."""
    return is_float(value.type.element_type)


def padded_shape(value: Any, rank: int) -> list[int]:
    """The shape that broadcasting gives `value` in front."""
    return [1] * (rank - value.type.rank) + list(value.type.shape)


def is_single(value: Any) -> bool:
    """True for tensors of one element."""
    return element_count(value.type.shape) == 1


def broadcasts_into(value: Any, shape: Sequence[int]) -> bool:
    """True if value op [shape] has that very shape."""
    if value.type.rank > len(shape):
        return False
    given = padded_shape(value, len(shape))
    return all(g in (1, s) for g, s in zip(given, shape, strict=True))


def channel_axis(op: Any) -> int:
    """The dimension of a convolution's operand and result that counts channels."""
    is_last = op.name == "graph.conv" and op.opview.layout == "NHWC"
    return op.operands[0].type.rank - 1 if is_last else 1


def channel_vector(value: Any, like: Any, axis: int) -> Any:
    """`value` as [C], or as [1] if it is one element; None if it varies along other dimensions."""
    shape = list(like.type.shape)
    if not broadcasts_into(value, shape):
        return None
    if is_single(value):
        return reshaped(value, [1])
    given = padded_shape(value, len(shape))
    others = [d for i, d in enumerate(given) if i != axis]
    return reshaped(value, [given[axis]]) if element_count(others) == 1 else None


def known_operand(op: Any, static: Any) -> tuple[Any, Any, int] | None:
    """(other operand, known operand, position of the known one) of a binary op with one of each."""
    lhs, rhs = op.operands
    if (lhs in static) == (rhs in static):
        return None
    return (rhs, lhs, 0) if lhs in static else (lhs, rhs, 1)


def filter_is_known(op: Any, static: Any) -> None:
    """Refused unless a convolution's filter is known and in the order of the model."""
    _, w, bias = op.opview.operand_groups()
    if w not in static or (bias is not None and bias not in static):
        raise Refused("its weights are computed in the run")
    if op.name == "graph.conv" and op.opview.filter_layout != "OIHW":
        raise Refused("its filter is packed already")


def scaled_outputs(op: Any, w: Any, vector: Any) -> Any:
    """The filter of a convolution times a factor per output channel."""
    count = vector.type.shape[0]
    if op.name == "graph.conv" or count == 1:
        return mul(w, reshaped(vector, [count, *[1] * (w.type.rank - 1)]))
    # [I, O/g, kernel..]: the output channels of a group stand beside its inputs
    groups, (inputs, outputs, *kernel) = op.opview.group, w.type.shape
    split = reshaped(w, [groups, inputs // groups, outputs, *kernel])
    wide = reshaped(vector, [groups, 1, outputs, *[1] * len(kernel)])
    return reshaped(mul(split, wide), w.type.shape)


def per_input(op: Any, w: Any, vector: Any) -> Any:
    """The filter of a convolution times a factor per input channel."""
    count, rank = vector.type.shape[0], w.type.rank
    if op.name != "graph.conv" or count == 1:
        return mul(w, reshaped(vector, [count, *[1] * (rank - 1)]))
    groups, (outputs, inputs, *kernel) = op.opview.group, w.type.shape
    split = reshaped(w, [groups, outputs // groups, inputs, *kernel])
    wide = reshaped(vector, [groups, 1, inputs, *[1] * len(kernel)])
    return reshaped(mul(split, wide), w.type.shape)


def rebuilt(op: Any, *operands: Any) -> Any:
    """The same op on other operands."""
    return type(op.opview).build(*operands, loc=op.location, **op.opview.attr_values())


def explained(rewrite: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A pattern's rewrite that reports `Refused` as the frame wants it."""

    @wraps(rewrite)
    def checked(op: Any, match: Any) -> Any:
        try:
            return rewrite(op, match)
        except Refused as reason:
            return match.refuse(str(reason))

    return checked
