"""Scan as it was at opset 8: a batch of independent sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import onnx

from aicc.dialects.graph.movement import Concat, Expand, Reshape

from ..node import Node
from ..registry import onnx_op
from .control_flow import scan
from .indexing import take_range


@onnx_op("Scan", since=8)
def scan_8(
    n: Node,
    lengths: Any = None,
    *operands: Any,
    body: onnx.GraphProto,
    num_scan_inputs: int,
    directions: list[int] | None = None,
) -> Any:
    """Scan of every sequence; outputs beyond a sequence's length are 0."""
    if len(operands) < num_scan_inputs or not num_scan_inputs:
        n.invalid(f"scans {num_scan_inputs} of {len(operands)} operands")
    batch, longest = operands[-1].type.shape[:2]
    steps = [longest] * batch if lengths is None else n.integers(lengths, "the sequence lengths")
    if not batch or any(not 0 < s <= longest for s in steps):
        n.unsupported(f"sequences of lengths {steps}")
    rows = []
    for sample, count in enumerate(steps):
        given = [_sample(n, v, sample) for v in operands]
        split = len(given) - num_scan_inputs
        given[split:] = [take_range(n, v, 0, 0, count) for v in given[split:]]
        results = scan(
            n,
            *given,
            body=body,
            num_scan_inputs=num_scan_inputs,
            scan_input_directions=directions,
        )
        rows.append([*results[:split], *[_filled_up(n, v, longest) for v in results[split:]]])
    return [_batch(n, column) for column in zip(*rows, strict=True)]


def _sample(n: Node, value: Any, index: int) -> Any:
    """One sample of a batch."""
    part = take_range(n, value, 0, index, 1)
    return n.emit(Reshape, part, shape=list(value.type.shape[1:]))


def _batch(n: Node, samples: Sequence[Any]) -> Any:
    """Samples as a batch."""
    wide = [n.emit(Reshape, s, shape=[1, *s.type.shape]) for s in samples]
    return wide[0] if len(wide) == 1 else n.emit(Concat, wide, axis=0)


def _filled_up(n: Node, value: Any, size: int) -> Any:
    """`value` with zeros behind it along the first dimension."""
    missing = size - value.type.shape[0]
    if not missing:
        return value
    zeros = n.emit(Expand, n.like(0, value), shape=[missing, *value.type.shape[1:]])
    return n.emit(Concat, [value, zeros], axis=0)
