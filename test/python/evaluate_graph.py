"""An interpreter of graph functions in numpy, apart from the compiler: for comparing rewrites."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from aicc.dialects.graph import OPS
from aicc.dialects.graph.evaluation import can_evaluate, evaluate
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of

Array = Any


def _maximum(x: Array, y: Array) -> Array:
    """IEEE maximum: NaN propagates, -0.0 is less than 0.0."""
    tie = np.where(np.signbit(x), y, x) if np.issubdtype(x.dtype, np.floating) else x
    return np.where(x == y, tie, np.maximum(x, y))


def _minimum(x: Array, y: Array) -> Array:
    tie = np.where(np.signbit(x), x, y) if np.issubdtype(x.dtype, np.floating) else x
    return np.where(x == y, tie, np.minimum(x, y))


def _shift_left(x: Array, y: Array) -> Array:
    bits = x.dtype.itemsize * 8
    return np.where((y >= 0) & (y < bits), np.left_shift(x, np.clip(y, 0, bits - 1)), 0)


def _shift_right(x: Array, y: Array) -> Array:
    bits = x.dtype.itemsize * 8
    return np.right_shift(x, np.where((y >= 0) & (y < bits), y, bits - 1))


def _div(x: Array, y: Array) -> Array:
    """Integers truncate and wrap around; a division by zero, which has no result, gives 0 here."""
    if np.issubdtype(x.dtype, np.floating):
        return x / y
    wide, divisor = x.astype(object), np.where(y == 0, 1, y).astype(object)
    quotient = np.abs(wide) // np.abs(divisor) * np.where((x < 0) != (y < 0), -1, 1)
    bits = x.dtype.itemsize * 8
    wrapped = (quotient % 2**bits).astype(f"u{x.dtype.itemsize}").view(x.dtype)
    return np.where(y == 0, 0, wrapped)


def _pow(x: Array, y: Array) -> Array:
    """A negative power of an integer is the truncated reciprocal: 0 but for 1 and -1."""
    if np.issubdtype(x.dtype, np.floating):
        return np.power(x, y)
    power = np.power(x, np.maximum(y, 0))
    unit = np.where((x == -1) & (y % 2 == 0), 1, x)
    return np.where(y < 0, np.where(np.abs(x) == 1, unit, 0), power)


def _cast(x: Array, *, to: Any) -> Array:
    """What an integer type lacks, which has no defined result, gives 0 here."""
    target = numpy_dtype(dtype_of(to))
    if np.issubdtype(x.dtype, np.floating) and np.issubdtype(target, np.integer):
        limits = np.iinfo(target)
        x = np.where((x >= limits.min) & (x <= limits.max), x, 0)
    return x != 0 if target == np.bool_ else x.astype(target)


def _softmax(x: Array, *, axis: int, log: bool) -> Array:
    shifted = x - x.max(axis=axis, keepdims=True)
    total = np.exp(shifted).sum(axis=axis, keepdims=True)
    return shifted - np.log(total) if log else np.exp(shifted) / total


RULES: dict[str, Callable[..., Array]] = {
    "maximum": _maximum,
    "minimum": _minimum,
    "relu": lambda x: _maximum(x, np.zeros_like(x)),
    "rsqrt": lambda x: 1 / np.sqrt(x),
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "div": _div,
    "pow": _pow,
    "fmod": np.fmod,
    "bitwise_and": np.bitwise_and,
    "bitwise_or": np.bitwise_or,
    "bitwise_xor": np.bitwise_xor,
    "shift_left": _shift_left,
    "shift_right": _shift_right,
    "matmul": lambda x, y, **attrs: x @ y,
    "softmax": _softmax,
    "reduce_mean": lambda x, *, axes, keepdims: np.mean(x, axis=tuple(axes), keepdims=keepdims),
}


def run_function(function: Any, arguments: Sequence[Array]) -> list[Array]:
    """The results of a function of graph ops on numpy arrays."""
    block = function.operation.regions[0].blocks[0]
    values = dict(zip(block.arguments, arguments, strict=True))
    with np.errstate(all="ignore"):
        for view in block.operations:
            op = view.operation
            operands = [values[v] for v in op.operands]
            if op.name == "func.return":
                return operands
            values[op.results[0]] = _result(op, operands)
    raise ValueError("the function returns nothing")


def _result(op: Any, operands: list[Array]) -> Array:
    name = op.name.removeprefix("graph.")
    if name == "constant":
        return op.opview.array()
    attrs = op.opview.attr_values()
    if name == "cast":
        return _cast(*operands, **attrs)
    if name in RULES:
        return np.asarray(RULES[name](*operands, **attrs)).astype(operands[-1].dtype)
    assert can_evaluate(OPS[op.name]), f"no numpy rule for {op.name}"
    return evaluate(OPS[op.name], operands, attrs)
