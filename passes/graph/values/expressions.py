"""Take elementwise expressions apart and build new ones, for the patterns of `simplify-algebra`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from aicc.dialects.graph import OPS
from aicc.dialects.graph.elementwise import ELEMENTWISE, Where
from aicc.dialects.graph.evaluation import evaluate
from aicc.dialects.graph.movement import Expand
from aicc.dialects.graph.structure import (
    MAX_INLINE_ELEMENTS,
    Constant,
    array_of,
    numpy_dtype,
)
from aicc.dialects.graph.types import broadcast_shapes, dtype_of, element_count, is_float

from ..dataflow import definition, is_read_once, users_of

# f(x, y) = f(y, x) for all values (payloads of NaNs aside)
COMMUTATIVE = (
    "graph.add",
    "graph.mul",
    "graph.maximum",
    "graph.minimum",
    "graph.and",
    "graph.or",
    "graph.xor",
    "graph.bitwise_and",
    "graph.bitwise_or",
    "graph.bitwise_xor",
    "graph.equal",
)
# f(x, y) = g(y, x)
MIRRORED = {
    "graph.less": "graph.greater",
    "graph.greater": "graph.less",
    "graph.less_equal": "graph.greater_equal",
    "graph.greater_equal": "graph.less_equal",
}
# by attribute; only while a pass runs, since attributes keep their context alive
_remembered: ContextVar[dict[Any, Any] | None] = ContextVar("aicc_constants", default=None)


def make(name: str, *operands: Any) -> Any:
    """The value of elementwise op `name` (without prefix) on `operands`."""
    return ELEMENTWISE[name].build(*operands)


def select(condition: Any, x: Any, other: Any) -> Any:
    """condition ? x : other."""
    return Where.build(condition, x, other)


def constant(array: Any, like: Any) -> Any:
    """A constant of numbers in the element type of value `like`."""
    return Constant.of(np.asarray(array).astype(dtype_like(like)))


def dtype_like(value: Any) -> Any:
    """numpy dtype of a value's elements."""
    return numpy_dtype(dtype_of(value.type.element_type))


def filled(number: Any, result: Any) -> Any:
    """A tensor of the type of `result` whose elements are all `number`."""
    return fitted(constant(number, result), result)


def fitted(value: Any, result: Any) -> Any:
    """`value`, broadcast where the type of `result` asks for it."""
    return value if value.type == result.type else Expand.build(value, shape=result.type.shape)


def computed(name: str, *arrays: Any) -> Any:
    """Elementwise op `name` on numpy arrays, rounded and wrapped as the op does.

    None where the result would have too many elements for an inline constant.
    """
    if element_count(np.broadcast_shapes(*(a.shape for a in arrays))) > MAX_INLINE_ELEMENTS:
        return None
    return evaluate(OPS[f"graph.{name}"], list(arrays), {})


def has_floats(value: Any) -> bool:
    """True for tensors of f16, bf16, f32 and f64."""
    return is_float(value.type.element_type)


def either_way(op: Any) -> Iterator[tuple[Any, Any]]:
    """Both orders of a binary op's operands."""
    lhs, rhs = op.operands
    yield lhs, rhs
    yield rhs, lhs


@contextmanager
def remembered_constants() -> Iterator[None]:
    """Read each constant once in this block of code: a dozen patterns ask for the same one."""
    token = _remembered.set({})
    try:
        yield
    finally:
        _remembered.reset(token)


def constant_array(value: Any) -> Any:
    """numpy array of an inline constant of numpy's own types or bf16; None for any other value."""
    op = definition(value)
    if op is None or op.name != "graph.constant":
        return None
    attribute, known = op.attributes["value"], _remembered.get()
    if known is None:
        return _array_of(attribute)
    if attribute not in known:
        known[attribute] = _array_of(attribute)
    return known[attribute]


def _array_of(attribute: Any) -> Any:
    array = array_of(attribute)
    array.flags.writeable = False
    return None if _is_foreign(array.dtype) else array


def _is_foreign(dtype: Any) -> bool:
    """ml_dtypes' narrow types lack most of numpy's functions."""
    return dtype.kind not in "iubf" and dtype.name != "bfloat16"


def with_constant(op: Any) -> tuple[Any, Any] | None:
    """(x, array) of a commutative op on x and an inline constant, on whichever side."""
    for x, other in either_way(op):
        if (array := constant_array(other)) is not None:
            return x, array
    return None


def once(value: Any, *names: str) -> Any:
    """The op that defines `value`, if nothing else reads it and it is one of `names`."""
    op = definition(value)
    return op if op is not None and op.name in names and is_read_once(value) else None


def size_of(*values: Any) -> int:
    """Elements of the tensor that the values broadcast to."""
    return element_count(broadcast_shapes(*[v.type.shape for v in values]))


def becomes_integer(op: Any) -> bool:
    """True if a reader of `op` rounds it: another last bit could then give the next integer.

    The offset of a quantisation may come in between.
    """
    users = users_of(op)
    offsets = [user for user in users if user.name == "graph.add"]
    return any(_rounds(user) for user in [*users, *(u for one in offsets for u in users_of(one))])


def _rounds(user: Any) -> bool:
    if user.name in ("graph.round", "graph.floor", "graph.ceil", "graph.quantize"):
        return True
    return user.name == "graph.cast" and not has_floats(user.results[0])
