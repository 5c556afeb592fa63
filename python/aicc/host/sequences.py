"""Operators on sequences, which are Python lists; their tensors are moved by compiled code."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kinds import NUMBER, STRING, Kind, inside, sequence_of
from .registry import Attributes, Kinds, Step, always, giving, host_op
from .strings import text_array


def _same_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [kinds[0] or NUMBER]


def _element_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [inside(kinds[0] or NUMBER)]


def _sequence_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [sequence_of(kinds[0] or NUMBER)]


@host_op("Identity", gives=_same_kind)
def identity(step: Step, x: Any) -> Any:
    """The value itself."""
    return x


@host_op("SequenceConstruct", gives=_sequence_kind, needs=always)
def sequence_construct(step: Step, *tensors: Any) -> Any:
    """The tensors as a list."""
    return list(tensors)


@host_op(
    "SequenceEmpty",
    gives=lambda kinds, attributes: [
        sequence_of(STRING if attributes.get("dtype") == "STRING" else NUMBER)
    ],
    needs=always,
)
def sequence_empty(step: Step, *, dtype: Any = None) -> Any:
    """A list of nothing."""
    return []


@host_op("SequenceLength", gives=giving(NUMBER), needs=always)
def sequence_length(step: Step, sequence: Any) -> Any:
    """How many elements there are."""
    return np.array(len(sequence), np.int64)


@host_op("SequenceAt", gives=_element_kind, needs=always)
def sequence_at(step: Step, sequence: Any, position: Any) -> Any:
    """The element at a position; negative ones count from the end."""
    return sequence[_place(step, position, len(sequence), len(sequence) - 1)]


@host_op("SequenceInsert", gives=_same_kind, needs=always)
def sequence_insert(step: Step, sequence: Any, tensor: Any, position: Any = None) -> Any:
    """The sequence with one more element, by default at the end."""
    end = len(sequence)
    at = end if position is None else _place(step, position, end, end)
    return [*sequence[:at], tensor, *sequence[at:]]


@host_op("SequenceErase", gives=_same_kind, needs=always)
def sequence_erase(step: Step, sequence: Any, position: Any = None) -> Any:
    """The sequence without an element, by default the last one."""
    last = len(sequence) - 1
    at = last if position is None else _place(step, position, len(sequence), last)
    if not sequence:
        step.unfit("the sequence is empty")
    return [*sequence[:at], *sequence[at + 1 :]]


def _place(step: Step, position: Any, size: int, last: int) -> int:
    at = int(position.reshape(-1)[0])
    if not -size <= at <= last:
        step.unfit(f"position {at} in a sequence of {size}")
    return at + size if at < 0 else at


@host_op("ConcatFromSequence", gives=_element_kind, needs=always)
def concat_from_sequence(step: Step, sequence: Any, *, axis: int, new_axis: int = 0) -> Any:
    """The elements one behind the other, or side by side along a new dimension."""
    if not sequence:
        step.unfit("the sequence is empty")
    if new_axis:
        sequence = [np.expand_dims(element, axis) for element in sequence]
    if sequence[0].dtype == object:
        return np.concatenate(sequence, axis)
    return step.compute("Concat", *sequence, axis=axis)


@host_op("SplitToSequence", gives=_sequence_kind, needs=always)
def split_to_sequence(
    step: Step, x: Any, split: Any = None, *, axis: int = 0, keepdims: int = 1
) -> Any:
    """Parts of x along `axis`: of one size, of given sizes, or slices without that dimension."""
    if not -x.ndim <= axis < x.ndim:
        step.invalid(f"axis {axis} of a tensor of rank {x.ndim}")
    sizes = _part_sizes(step, x.shape[axis], split)
    if x.dtype == object:
        parts = np.split(x, np.cumsum(sizes)[:-1], axis)
    elif not sizes:
        parts = []
    else:
        lengths = np.array(sizes, np.int64)
        parts = step.compute("Split", x, lengths, outputs=len(sizes), axis=axis)
    drops = split is None and not keepdims
    return [np.squeeze(part, axis) if drops else part for part in parts]


def _part_sizes(step: Step, whole: int, split: Any) -> list[int]:
    if split is not None and split.ndim:
        sizes = [int(size) for size in split]
        if sum(sizes) != whole or min(sizes, default=0) < 0:
            step.unfit(f"parts of {sizes} do not make up {whole}")
        return sizes
    size = 1 if split is None else int(split.reshape(-1)[0])
    if size < 1:
        step.unfit(f"parts of {size}")
    return [min(size, whole - start) for start in range(0, whole, size)]


@host_op("StackedRows", domain="aicc.host", gives=_element_kind, needs=always)
def stacked_rows(step: Step, sequence: Any, *, dtype: Any, shape: list[int]) -> Any:
    """What a loop collects: its tensors side by side; none at all has a shape all the same."""
    if not sequence:
        whole = (0, *shape)
        return text_array([], whole) if np.dtype(dtype).kind == "O" else np.zeros(whole, dtype)
    rows = [row for row in sequence if isinstance(row, np.ndarray) and row.dtype.kind != "O"]
    if len(rows) == len(sequence) and len({row.shape for row in rows}) == 1:
        return np.stack(rows)
    return concat_from_sequence(step, sequence, axis=0, new_axis=1)
