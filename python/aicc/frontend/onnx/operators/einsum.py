"""Einsum as transposes, sums and one batched matrix product per further operand."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_letters
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import Where
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Expand, Reshape, Transpose
from aicc.dialects.graph.types import element_count

from ..node import Node
from ..registry import onnx_op
from .reductions import reduced


@dataclass
class Term:
    """A value whose dimensions carry labels, each once."""

    value: Any
    labels: str

    def size(self, label: str) -> int:
        """The dimension of a label; 1 if the term lacks it."""
        if label not in self.labels:
            return 1
        return int(self.value.type.shape[self.labels.index(label)])


@onnx_op("Einsum")
def einsum(n: Node, *operands: Any, equation: str) -> Any:
    """Sum of products over the labels that the right side of the equation lacks."""
    inputs, output = _parsed(n, equation.replace(" ", ""), [v.type.rank for v in operands])
    terms = [_diagonal(n, v, labels) for v, labels in zip(operands, inputs, strict=True)]
    result = terms[0]
    for i, term in enumerate(terms[1:], start=1):
        needed = set(output).union(*[t.labels for t in terms[i + 1 :]])
        result = _contract(n, result, term, needed)
    result = _summed(n, result, set(output))
    return _ordered(n, result, output)


def _parsed(n: Node, equation: str, ranks: list[int]) -> tuple[list[str], str]:
    """Labels of each operand and of the result; an ellipsis becomes unused letters."""
    left, arrow, right = equation.partition("->")
    sides = left.split(",")
    if len(sides) != len(ranks):
        n.invalid(f"equation '{equation}' has {len(sides)} operands, the node {len(ranks)}")
    spare = [c for c in ascii_letters if c not in equation]
    widths = [
        r - len(s.replace("...", "")) if "..." in s else 0
        for s, r in zip(sides, ranks, strict=True)
    ]
    widest = max(widths, default=0)
    dots = "".join(spare[:widest])
    inputs = [s.replace("...", dots[widest - w :]) for s, w in zip(sides, widths, strict=True)]
    if any(len(s) != r for s, r in zip(inputs, ranks, strict=True)):
        n.invalid(f"equation '{equation}' does not fit operands of ranks {ranks}")
    if arrow:
        return inputs, right.replace("...", dots)
    flat = "".join(inputs)
    once = [c for c in sorted(set(flat)) if flat.count(c) == 1 and c not in dots]
    return inputs, dots + "".join(once)


def _diagonal(n: Node, value: Any, labels: str) -> Term:
    """A repeated label keeps the elements where its positions agree."""
    for label in sorted(set(labels)):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            size, rank = value.type.shape[first], value.type.rank
            shape = [size if i in (first, second) else 1 for i in range(rank)]
            mask = n.constant(np.eye(size, dtype=bool).reshape(shape))
            value = n.emit(Where, mask, value, n.like(0, value))
            value = reduced(n, "sum", value, [second], keepdims=False)
            labels = labels[:second] + labels[second + 1 :]
    return Term(value, labels)


def _summed(n: Node, term: Term, needed: set[str]) -> Term:
    """Labels that nothing needs are summed away."""
    axes = [i for i, c in enumerate(term.labels) if c not in needed]
    if not axes:
        return term
    kept = "".join(c for c in term.labels if c in needed)
    return Term(reduced(n, "sum", term.value, axes, keepdims=False), kept)


def _ordered(n: Node, term: Term, labels: str) -> Any:
    """The value with its dimensions in the order of `labels`; those it lacks are 1."""
    present = [c for c in labels if c in term.labels]
    order = [term.labels.index(c) for c in present]
    value = term.value
    if order != sorted(order):
        value = n.emit(Transpose, value, permutation=order)
    shape = [term.size(c) for c in labels]
    return value if list(value.type.shape) == shape else n.emit(Reshape, value, shape=shape)


def _widened(n: Node, term: Term, other: Term, inner: str) -> Term:
    """`term` with each summed dimension of 1 repeated as often as `other` is long in it."""
    sizes = [_common(term, other, c) if c in inner else term.size(c) for c in term.labels]
    if sizes == list(term.value.type.shape):
        return term
    return Term(n.emit(Expand, term.value, shape=sizes), term.labels)


def _common(one: Term, other: Term, label: str) -> int:
    """The size of a label in both: a 1, or what is not there, goes with any, 0 as well."""
    size = other.size(label)
    return one.size(label) if size == 1 else size


def _contract(n: Node, lhs: Term, rhs: Term, needed: set[str]) -> Term:
    """One matrix product: labels of both that are needed are its batch, the others are summed."""
    lhs = _summed(n, lhs, needed | set(rhs.labels))
    rhs = _summed(n, rhs, needed | set(lhs.labels))
    shared = [c for c in lhs.labels if c in rhs.labels]
    batch = "".join(c for c in shared if c in needed)
    inner = "".join(c for c in shared if c not in needed)
    rows = "".join(c for c in lhs.labels if c not in shared)
    columns = "".join(c for c in rhs.labels if c not in shared)
    lhs, rhs = _widened(n, lhs, rhs, inner), _widened(n, rhs, lhs, inner)

    def matrix(term: Term, first: str, second: str) -> Any:
        value = _ordered(n, term, batch + first + second)
        sizes = [element_count([term.size(c) for c in part]) for part in (first, second)]
        return n.emit(Reshape, value, shape=[*[term.size(c) for c in batch], *sizes])

    y = n.emit(Matmul, matrix(lhs, rows, inner), matrix(rhs, inner, columns))
    shape = [_common(lhs, rhs, c) for c in batch + rows + columns]
    return Term(n.emit(Reshape, y, shape=shape), batch + rows + columns)
