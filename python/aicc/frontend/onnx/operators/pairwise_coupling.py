"""Probabilities of classes from those of pairs of classes.

Wu, Lin and Weng, "Probability estimates for multi-class classification by pairwise coupling" (JMLR
2004), second method, as libsvm computes it: p minimises the sum of (r_ji p_i - r_ij p_j)^2, one p
after the other, until no equation is off by more than 0.005 / classes. Stopping there is part of
what the standard's runtimes give, so that every row stops by itself.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, UNARY, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.movement import Concat, Reshape, Transpose

from ..bodies import counted_loop
from ..node import Node
from .arithmetic import add, binary, div, mul, sub
from .reductions import reduced

ROUNDS, TOLERANCE = 100, 0.005


def coupled(n: Node, shares: Any, classes: int) -> Any:
    """f32 [rows, classes] from shares [rows, pairs]: of the first class of (0, 1), (0, 2), .."""
    rows = shares.type.shape[0]
    system = _system(n, _matrix(n, shares, classes))
    start = n.constant(np.full((rows, classes), 1 / classes, np.float32))
    is_active = n.constant(np.ones((rows, 1), bool))

    def improve(_: Any, p: Any, active: Any) -> list[Any]:
        product, square = _products(n, system, p)
        error = reduced(n, "max", n.emit(UNARY["abs"], sub(n, product, square)), [1], keepdims=True)
        is_off = n.emit(COMPARE["less"], error, n.like(TOLERANCE / classes, error))
        active = binary(n, "and", active, n.emit(UNARY["not"], is_off))
        better, _, _ = counted_loop(
            n, classes, [p, product, square], lambda t, *v: _step(n, system, t, *v)
        )
        return [n.emit(Where, active, better, p), active]

    return counted_loop(n, ROUNDS, [start, is_active], improve)[0]


def _matrix(n: Node, shares: Any, classes: int) -> Any:
    """[rows, classes, classes]: how likely i is, of i and j; 0 on the diagonal."""
    rows, pairs = shares.type.shape
    places = np.full((classes, classes), 2 * pairs, np.int64)
    for number, (i, j) in enumerate(combinations(range(classes), 2)):
        places[i, j], places[j, i] = number, pairs + number
    zero = n.constant(np.zeros((rows, 1), np.float32))
    table = n.emit(Concat, [shares, sub(n, 1.0, shares), zero], axis=1)
    return n.emit(Gather, table, n.constant(places), axis=1)


def _system(n: Node, matrix: Any) -> Any:
    """Q: sums of squares on the diagonal, -r_ij r_ji elsewhere."""
    rows, classes, _ = matrix.type.shape
    turned = n.emit(Transpose, matrix, permutation=[0, 2, 1])
    squares = reduced(n, "sum", mul(n, matrix, matrix), [1], keepdims=True)
    diagonal = mul(n, squares, n.constant(np.eye(classes, dtype=np.float32)[None]))
    return sub(n, diagonal, mul(n, matrix, turned))


def _products(n: Node, system: Any, p: Any) -> tuple[Any, Any]:
    """Q p [rows, classes], and p Q p [rows, 1]."""
    rows, classes = p.type.shape
    row = n.emit(Reshape, p, shape=[rows, 1, classes])
    product = reduced(n, "sum", mul(n, system, row), [2], keepdims=False)
    return product, reduced(n, "sum", mul(n, p, product), [1], keepdims=True)


def _step(n: Node, system: Any, t: Any, p: Any, product: Any, square: Any) -> list[Any]:
    """p, Q p and p Q p after p_t has changed, and all p were divided by their sum."""
    rows, classes = p.type.shape
    column = n.emit(Gather, system, t, axis=1)
    here = n.emit(COMPARE["equal"], n.constant(np.arange(classes)[None]), t)
    pivot = n.emit(Reshape, n.emit(Gather, column, t, axis=1), shape=[rows, 1])
    value = n.emit(Reshape, n.emit(Gather, product, t, axis=1), shape=[rows, 1])
    change = div(n, sub(n, square, value), pivot)
    total = add(n, change, 1.0)
    grown = add(n, square, mul(n, change, add(n, mul(n, change, pivot), mul(n, value, 2.0))))
    moved = n.emit(Where, here, add(n, p, change), p)
    return [
        div(n, moved, total),
        div(n, add(n, product, mul(n, change, column)), total),
        div(n, grown, mul(n, total, total)),
    ]
