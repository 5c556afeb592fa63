"""Elementwise ops as the passes that move things past them see them."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY, COMPARE, ELEMENTWISE, UNARY
from aicc.dialects.graph.types import element_count

from ..dataflow import definition, is_read_once

POINTWISE = tuple(f"graph.{name}" for name in (*ELEMENTWISE, "where", "cast"))
UNARY_NAMES = tuple(f"graph.{name}" for name in (*UNARY, "cast"))
BINARY_NAMES = tuple(f"graph.{name}" for name in (*BINARY, *COMPARE))
# They only copy, or hold what is there already: nothing can fuse into them.
COPIES = tuple(
    f"graph.{name}"
    for name in (
        *("constant", "reshape", "transpose", "layout_cast", "expand", "slice", "concat", "pad"),
        *("gather", "gather_nd", "gather_elements", "scatter_nd", "scatter_elements"),
    )
)


def is_number(value: Any) -> bool:
    """True for an inline constant of one element."""
    op = definition(value)
    return op is not None and op.name == "graph.constant" and element_count(value.type.shape) == 1


def varying_operand(op: Any) -> int | None:
    """The index of the only operand that is no number, None if there are several or none."""
    found = [i for i, v in enumerate(op.operands) if not is_number(v)]
    return found[0] if len(found) == 1 and op.name in POINTWISE else None


def rebuilt(op: Any, operands: list[Any]) -> Any:
    """The same op on other operands."""
    return type(op.opview).build(*operands, **op.opview.attr_values())


def with_operand(op: Any, index: int, value: Any) -> Any:
    """The same op with one operand replaced."""
    operands = list(op.operands)
    operands[index] = value
    return rebuilt(op, operands)


def fuses_with_producer(value: Any) -> bool:
    """True if one elementwise reader of `value` becomes part of the kernel that makes it."""
    op = definition(value)
    return op is not None and op.name not in COPIES and is_read_once(value)
