"""How much work an op is: floating-point operations, and bytes that it reads and writes.

A multiply-add counts as two operations, any other scalar operation (a comparison, exp, a division)
as one; data movement does none. Bytes are those of all operands and results, each counted once: the
least that an op alone can move. Formulas: convolution (2 K I/g + b) per output element for a filter
of K elements per channel, I input channels, g groups and b = 1 with a bias; matrix product
2 M N K; a reduction one operation per element read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import prod
from typing import Any

from .attention import Attention, to_heads_first
from .elementwise import ELEMENTWISE, Where
from .linear import Conv, ConvTranspose, Matmul, filter_dims
from .pooling import AveragePool, MaxPool
from .recurrent import Gru, Lstm, Rnn
from .reduction import REDUCE, BatchNorm, InstanceNorm, LayerNorm, Softmax
from .types import element_count
from .winograd import KERNEL, WinogradConv

# Scalar operations per element: max, subtract, exp, sum, divide.
SOFTMAX_OPS = 5
# Sum, subtract, square-add, scale by the deviation, factor, offset.
NORM_OPS = 7


@dataclass(frozen=True)
class Work:
    """`flops` operations on `bytes` bytes of memory."""

    flops: int
    bytes: int

    @property
    def intensity(self) -> float:
        """Arithmetic intensity: operations per byte."""
        return self.flops / self.bytes if self.bytes else 0.0

    def __add__(self, other: Work) -> Work:
        return Work(self.flops + other.flops, self.bytes + other.bytes)


def flops_of(op: Any) -> int:
    """Operations of one graph op, of a group those of all its ops."""
    if op.name == "graph.group":
        return sum(flops_of(inner.operation) for inner in op.regions[0].blocks[0].operations)
    formula = _FORMULAS.get(op.name)
    return formula(op.opview) if formula else 0


def bytes_of(values: Iterable[Any]) -> int:
    """Bytes of tensors; sub-byte elements are stored one per byte."""
    return sum(_bytes(value.type) for value in dict.fromkeys(values))


def _bytes(type_: Any) -> int:
    width = getattr(type_.element_type, "width", 64)
    return element_count(type_.shape) * max(1, width // 8)


def _size(value: Any) -> int:
    return element_count(value.type.shape)


def _matmul(op: Any) -> int:
    return 2 * _size(op.y) * int(op.lhs.type.shape[-1])


def _conv(op: Any) -> int:
    x, w, bias = op.operand_groups()
    kernel, in_per_group, _ = filter_dims(w.type.shape, op.filter_layout, op.out_channels)
    return (2 * prod(kernel) * in_per_group + (bias is not None)) * _size(op.y)


def _winograd_conv(op: Any) -> int:
    """The operations of the convolution it stands for, not the fewer that it does."""
    x, _, bias = op.operand_groups()
    taps = KERNEL**2 * op.depth[0]
    return (2 * taps * x.type.shape[-1] + (bias is not None)) * _size(op.y)


def _conv_transpose(op: Any) -> int:
    x, w, bias = op.operand_groups()
    per_input = prod(w.type.shape[1:])
    return 2 * per_input * _size(x) + (bias is not None) * _size(op.y)


def _pool(op: Any) -> int:
    return prod(op.kernel) * _size(op.y)


def _attention(op: Any) -> int:
    """Two products over all pairs of queries and keys, and the softmax of every row."""
    batch, heads, queries, width = to_heads_first(op.y.type.shape, op.y_layout)
    keys, depth = to_heads_first(op.k.type.shape, op.k_layout)[2:]
    return batch * heads * queries * keys * (2 * depth + SOFTMAX_OPS + 2 * width)


def _recurrent(op: Any) -> int:
    """The recurrent product of every step, and about ten operations per gate element."""
    steps, batch, gates = op.gates.type.shape
    hidden = op.operation.results[0].type.shape[2]
    return int(steps * batch * gates * (2 * hidden + 10))


def _per_output(op: Any) -> int:
    return _size(op.operation.results[0])


def _per_input(count: int = 1) -> Callable[[Any], int]:
    return lambda op: count * _size(op.operation.operands[0])


_FORMULAS: dict[str, Callable[[Any], int]] = {
    **{op.OPERATION_NAME: _per_output for op in (*ELEMENTWISE.values(), Where)},
    **{op.OPERATION_NAME: _per_input() for op in REDUCE.values()},
    **{op.OPERATION_NAME: _recurrent for op in (Lstm, Gru, Rnn)},
    **{op.OPERATION_NAME: _per_input(NORM_OPS) for op in (LayerNorm, InstanceNorm)},
    **{op.OPERATION_NAME: _pool for op in (MaxPool, AveragePool)},
    Softmax.OPERATION_NAME: _per_input(SOFTMAX_OPS),
    BatchNorm.OPERATION_NAME: _per_input(2),
    Attention.OPERATION_NAME: _attention,
    Matmul.OPERATION_NAME: _matmul,
    Conv.OPERATION_NAME: _conv,
    ConvTranspose.OPERATION_NAME: _conv_transpose,
    WinogradConv.OPERATION_NAME: _winograd_conv,
}
