"""numpy meaning of graph ops, for folding inline constants (at most 64 elements).

Exact integer and shape arithmetic is what this is for; `evaluate` returns None where numpy's
result would differ from the op's definition.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .base import GraphOp
from .structure import numpy_dtype
from .types import dtype_of

Array = Any
_RULES: dict[str, Callable[..., Array]] = {}


def _rule(*names: str) -> Callable[[Callable[..., Array]], Callable[..., Array]]:
    def register(function: Callable[..., Array]) -> Callable[..., Array]:
        for name in names:
            _RULES[f"graph.{name}"] = function
        return function

    return register


def can_evaluate(op: type[GraphOp]) -> bool:
    """True if `evaluate` has a rule for the op."""
    return op.OPERATION_NAME in _RULES


def evaluate(op: type[GraphOp], arrays: Sequence[Array], attrs: dict[str, Any]) -> Array | None:
    """Result of `op` on arrays (None for an absent operand, a list for a variadic one)."""
    rule = _RULES[op.OPERATION_NAME]
    with np.errstate(all="ignore"):
        result = rule(*arrays, **attrs)
    if result is None:
        return None
    first = arrays[0][0] if isinstance(arrays[0], list) else arrays[0]
    keeps_type = op.OPERATION_NAME.removeprefix("graph.") in _KEEPS_TYPE
    return np.asarray(result).astype(first.dtype) if keeps_type else np.asarray(result)


_UNARY: dict[str, Callable[[Array], Array]] = {
    "abs": np.abs,
    "neg": np.negative,
    "sign": np.sign,
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "reciprocal": lambda x: 1 / x,
    "floor": np.floor,
    "ceil": np.ceil,
    "round": np.round,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "not": np.logical_not,
    "bitwise_not": np.invert,
}
_BINARY: dict[str, Callable[[Array, Array], Array]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "and": np.logical_and,
    "or": np.logical_or,
    "xor": np.logical_xor,
}
_COMPARE: dict[str, Callable[[Array, Array], Array]] = {
    "equal": np.equal,
    "less": np.less,
    "less_equal": np.less_equal,
    "greater": np.greater,
    "greater_equal": np.greater_equal,
}
for _name, _function in (_UNARY | _BINARY | _COMPARE).items():
    _RULES[f"graph.{_name}"] = _function
_KEEPS_TYPE = set(_UNARY) | set(_BINARY)


@_rule("maximum")
def _maximum(lhs: Array, rhs: Array) -> Array:
    """+0 is above -0; numpy takes whichever comes first."""
    larger = np.maximum(lhs, rhs)
    if np.issubdtype(lhs.dtype, np.integer):
        return larger
    return np.where((lhs == 0) & (rhs == 0), lhs + rhs, larger).astype(lhs.dtype)


@_rule("minimum")
def _minimum(lhs: Array, rhs: Array) -> Array:
    smaller = np.minimum(lhs, rhs)
    if np.issubdtype(lhs.dtype, np.integer):
        return smaller
    return np.where((lhs == 0) & (rhs == 0), -(-lhs + -rhs), smaller).astype(lhs.dtype)


@_rule("pow")
def _pow(lhs: Array, rhs: Array) -> Array | None:
    """An integer's negative power is its truncated reciprocal; what overflows is left alone."""
    if not np.issubdtype(lhs.dtype, np.integer):
        return np.power(lhs, rhs).astype(lhs.dtype)
    limits = np.iinfo(lhs.dtype)
    bases, exponents = np.broadcast_arrays(lhs, rhs)
    powers = []
    for base, exponent in zip(bases.flat, exponents.flat, strict=True):
        is_unit = abs(int(base)) <= 1
        if exponent > limits.bits and not is_unit:
            return None
        vanishes = exponent < 0 and abs(int(base)) != 1
        powers.append(0 if vanishes else int(base) ** abs(int(exponent)))
    if any(not limits.min <= power <= limits.max for power in powers):
        return None
    return np.array(powers, lhs.dtype).reshape(bases.shape)


@_rule("div")
def _div(lhs: Array, rhs: Array) -> Array | None:
    if np.issubdtype(lhs.dtype, np.integer):
        if not np.all(rhs):
            return None
        quotient = np.abs(lhs.astype(object)) // np.abs(rhs.astype(object))
        sign = np.where((lhs < 0) != (rhs < 0), -1, 1)
        # the least number over -1 is itself: its negative has no place in the type
        limits = np.iinfo(lhs.dtype)
        exact = np.asarray(quotient * sign, object)
        return np.where(exact > limits.max, limits.min, exact).astype(lhs.dtype)
    return (lhs / rhs).astype(lhs.dtype)


@_rule("mod")
def _mod(lhs: Array, rhs: Array) -> Array | None:
    if np.issubdtype(lhs.dtype, np.integer) and not np.all(rhs):
        return None
    return np.mod(lhs, rhs).astype(lhs.dtype)


@_rule("where")
def _where(condition: Array, x: Array, other: Array) -> Array:
    return np.where(condition, x, other)


@_rule("cast")
def _cast(x: Array, *, to: Any) -> Array | None:
    target = numpy_dtype(dtype_of(to))
    if target == np.bool_:
        return x != 0
    if np.issubdtype(x.dtype, np.floating) and np.issubdtype(target, np.integer):
        limits = np.iinfo(target)
        # the largest integer has no float of its own; the power of two above it has
        if not np.all((x >= limits.min) & (x < limits.max + 1)):
            return None
    return x.astype(target)


@_rule("quantize")
def _quantize(x: Array, *, scale: float, zero: int, to: Any) -> Array | None:
    limits = np.iinfo(numpy_dtype(dtype_of(to)))
    if np.isnan(x).any():
        return None
    whole = np.round(x / np.float32(scale)).astype(np.float64) + zero
    return np.clip(whole, limits.min, limits.max).astype(limits.dtype)


@_rule("dequantize")
def _dequantize(x: Array, *, scale: float, zero: int) -> Array:
    return (x.astype(np.int64) - zero).astype(np.float32) * np.float32(scale)


@_rule("snap")
def _snap(x: Array, *, scale: float, zero: int, to: Any, step: float) -> Array | None:
    whole = _quantize(x, scale=scale, zero=zero, to=to)
    return None if whole is None else _dequantize(whole, scale=step, zero=zero)


@_rule("reshape")
def _reshape(x: Array, *, shape: list[int]) -> Array:
    return x.reshape(shape)


@_rule("transpose")
def _transpose(x: Array, *, permutation: list[int]) -> Array:
    return x.transpose(permutation)


@_rule("expand")
def _expand(x: Array, *, shape: list[int]) -> Array:
    return np.broadcast_to(x, shape)


@_rule("slice")
def _slice(x: Array, *, starts: list[int], sizes: list[int], steps: list[int]) -> Array:
    for axis, (start, size, step) in enumerate(zip(starts, sizes, steps, strict=True)):
        x = np.take(x, start + step * np.arange(size), axis=axis)
    return x


@_rule("concat")
def _concat(inputs: list[Array], *, axis: int) -> Array:
    return np.concatenate(inputs, axis=axis)


@_rule("gather")
def _gather(x: Array, indices: Array, *, axis: int) -> Array | None:
    size = x.shape[axis]
    if indices.size and (indices.min() < -size or indices.max() >= size):
        return None
    return np.take(x, indices.astype(np.int64), axis=axis)


@_rule("gather_elements")
def _gather_elements(x: Array, indices: Array, *, axis: int) -> Array | None:
    size = x.shape[axis]
    if indices.size and (indices.min() < -size or indices.max() >= size):
        return None
    at = list(np.indices(indices.shape))
    at[axis] = indices.astype(np.int64)
    return x[tuple(at)]


@_rule("gather_nd")
def _gather_nd(x: Array, indices: Array, *, batch_dims: int) -> Array | None:
    if batch_dims or not _fit(indices, x.shape):
        return None
    return x[tuple(np.moveaxis(indices.astype(np.int64), -1, 0))]


@_rule("scatter_nd")
def _scatter_nd(x: Array, indices: Array, updates: Array, *, reduction: str) -> Array | None:
    if reduction != "none" or not _fit(indices, x.shape):
        return None
    y = x.copy()
    for row in np.ndindex(indices.shape[:-1]):
        y[tuple(indices[row].astype(np.int64))] = updates[row]
    return y


def _fit(indices: Array, shape: Sequence[int]) -> bool:
    """True if every row of indices names an element, or slice, of a tensor of `shape`."""
    limits = np.array(shape[: indices.shape[-1]], np.int64)
    return bool(np.all((indices >= -limits) & (indices < limits)))


@_rule("pad")
def _pad(x: Array, value: Array, *, low: list[int], high: list[int], mode: str) -> Array | None:
    if mode != "constant" or min([*low, *high], default=0) < 0:
        return None
    return np.pad(x, list(zip(low, high, strict=True)), constant_values=value)


def _reduction(function: Callable[..., Array]) -> Callable[..., Array]:
    def rule(x: Array, *, axes: list[int], keepdims: bool) -> Array | None:
        if x.size == 0:
            return None
        return function(x, axis=tuple(axes), keepdims=keepdims).astype(x.dtype)

    return rule


def _extreme(function: Callable[..., Array], wants_minus: bool) -> Callable[..., Array]:
    """np.max or np.min, with +0 above -0."""

    def extreme(x: Array, **kept: Any) -> Array:
        found = function(x, **kept)
        if np.issubdtype(x.dtype, np.integer):
            return found
        zeros = (x == 0) & (np.signbit(x) == wants_minus)
        zero = -0.0 if wants_minus else 0.0
        return np.where((found == 0) & np.any(zeros, **kept), zero, found)

    return extreme


for _name, _function in (
    ("reduce_sum", np.sum),
    ("reduce_prod", np.prod),
    ("reduce_max", _extreme(np.max, wants_minus=False)),
    ("reduce_min", _extreme(np.min, wants_minus=True)),
):
    _RULES[f"graph.{_name}"] = _reduction(_function)
