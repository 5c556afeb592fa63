"""Sequences whose length is known when compiling: they leave no trace in the IR.

A sequence is a tuple of values while the model is imported. What is not known then (a position
that data decides, a sequence that comes from outside) is left to host steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import onnx

from aicc.dialects.graph.movement import Concat, Reshape, Slice

from ..node import Node
from ..registry import onnx_op
from .control_flow import stacked


@dataclass(frozen=True)
class Sequence:
    """The elements of a sequence, as values of the IR."""

    elements: tuple[Any, ...]

    @property
    def type(self) -> str:
        """In words: a sequence has no type in the IR."""
        return f"a sequence of {len(self.elements)}"


@onnx_op("SequenceConstruct")
def sequence_construct(n: Node, *tensors: Any) -> Any:
    """The tensors, in order."""
    return Sequence(tensors)


@onnx_op("SequenceEmpty")
def sequence_empty(n: Node, *, dtype: int = onnx.TensorProto.FLOAT) -> Any:
    """No tensors."""
    return Sequence(())


@onnx_op("SequenceLength")
def sequence_length(n: Node, sequence: Any) -> Any:
    """A constant."""
    return n.constant(len(_known(n, sequence)), "int64")


@onnx_op("SequenceAt")
def sequence_at(n: Node, sequence: Any, position: Any) -> Any:
    """The element at a constant position."""
    elements = _known(n, sequence)
    return elements[_place(n, position, len(elements), len(elements) - 1)]


@onnx_op("SequenceInsert")
def sequence_insert(n: Node, sequence: Any, tensor: Any, position: Any = None) -> Any:
    """One more element, at a constant position or at the end."""
    elements = _known(n, sequence)
    end = len(elements)
    at = end if position is None else _place(n, position, end, end)
    return Sequence((*elements[:at], tensor, *elements[at:]))


@onnx_op("SequenceErase")
def sequence_erase(n: Node, sequence: Any, position: Any = None) -> Any:
    """All elements but the one at a constant position, or but the last."""
    elements = _known(n, sequence)
    if not elements:
        n.invalid("the sequence is empty")
    last = len(elements) - 1
    at = last if position is None else _place(n, position, len(elements), last)
    return Sequence((*elements[:at], *elements[at + 1 :]))


@onnx_op("ConcatFromSequence")
def concat_from_sequence(n: Node, sequence: Any, *, axis: int, new_axis: int = 0) -> Any:
    """The elements one behind the other, or side by side along a new dimension."""
    elements = _known(n, sequence)
    if not elements:
        n.invalid("the sequence is empty")
    if new_axis:
        return stacked(n, elements, axis)
    return elements[0] if len(elements) == 1 else n.emit(Concat, list(elements), axis=axis)


@onnx_op("SplitToSequence")
def split_to_sequence(
    n: Node, x: Any, split: Any = None, *, axis: int = 0, keepdims: int = 1
) -> Any:
    """Slices of x: of one size, of given sizes, or of size 1 without that dimension."""
    shape = list(x.type.shape)
    if not -len(shape) <= axis < len(shape):
        n.invalid(f"axis {axis} of a tensor of rank {len(shape)}")
    axis %= len(shape)
    parts, start = [], 0
    for size in _sizes(n, shape[axis], split):
        starts = [start if i == axis else 0 for i in range(len(shape))]
        sizes = [size if i == axis else d for i, d in enumerate(shape)]
        part = n.emit(Slice, x, starts=starts, sizes=sizes, steps=[1] * len(shape))
        if split is None and not keepdims:
            part = n.emit(Reshape, part, shape=[d for i, d in enumerate(shape) if i != axis])
        parts.append(part)
        start += size
    return Sequence(tuple(parts))


def _sizes(n: Node, whole: int, split: Any) -> list[int]:
    if split is not None and split.type.rank:
        sizes = n.integers(split, "the sizes of parts")
        if sum(sizes) != whole or min(sizes, default=0) < 0:
            n.invalid(f"parts of {sizes} do not make up {whole}")
        return sizes
    size = 1 if split is None else n.integers(split, "the size of parts")[0]
    if size < 1:
        n.invalid(f"parts of {size}")
    return [min(size, whole - start) for start in range(0, whole, size)]


def _known(n: Node, sequence: Any) -> tuple[Any, ...]:
    if not isinstance(sequence, Sequence):
        n.invalid(f"expects a sequence, got {sequence.type}")
    return sequence.elements


def _place(n: Node, position: Any, size: int, last: int) -> int:
    at = n.integers(position, "the position")[0]
    if not -size <= at <= last:
        n.invalid(f"position {at} in a sequence of {size}")
    return at + size if at < 0 else at


@onnx_op("SequenceMap")
def sequence_map(n: Node, *operands: Any, body: onnx.GraphProto) -> Any:
    """The body once per element; an operand that is a tensor is the same each time."""
    count = len(_known(n, operands[0]))
    if any(isinstance(v, Sequence) and len(v.elements) != count for v in operands):
        n.invalid("the sequences differ in length")
    rows = []
    for i in range(count):
        given = [v.elements[i] if isinstance(v, Sequence) else v for v in operands]
        rows.append(n.import_body(body, given, str(i)))
    if not rows:
        return tuple(Sequence(()) for _ in n.outputs)
    return tuple(Sequence(column) for column in zip(*rows, strict=True))
