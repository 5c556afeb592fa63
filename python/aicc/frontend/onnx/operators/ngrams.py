"""Counts of n-grams."""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE
from aicc.dialects.graph.indexing import Gather, ScatterElements
from aicc.dialects.graph.movement import Expand, Reshape
from aicc.dialects.graph.reduction import REDUCE
from aicc.dialects.graph.types import element_type_of

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, mul
from .casts import converted


@onnx_op("TfIdfVectorizer", since=9)
def tf_idf_vectorizer(
    n: Node,
    x: Any,
    *,
    max_gram_length: int,
    max_skip_count: int,
    min_gram_length: int,
    mode: str,
    ngram_counts: list[int],
    ngram_indexes: list[int],
    pool_int64s: list[int] | None = None,
    pool_strings: list[str] | None = None,
    weights: list[float] | None = None,
) -> Any:
    """How often each n-gram of the pool stands in a row of x, its items up to some steps apart."""
    if not pool_int64s:
        n.unsupported("n-grams of strings")
    if mode not in ("TF", "IDF", "TFIDF"):
        n.invalid(f"mode '{mode}'")
    rows = n.emit(Reshape, x, shape=[1, x.type.shape[0]]) if x.type.rank == 1 else x
    rows = converted(n, rows, element_type_of("int64"))
    width = max(ngram_indexes) + 1
    counts = n.emit(Expand, n.constant(0.0, "float32"), shape=[rows.type.shape[0], width])
    for length, grams, columns in _pools(n, pool_int64s, ngram_counts, ngram_indexes):
        if not min_gram_length <= length <= max_gram_length:
            continue
        for skip in range(1 if length == 1 else max_skip_count + 1):
            found = _occurrences(n, rows, grams, skip + 1)
            if found is not None:
                counts = _added(n, counts, found, columns)
    y = _weighted(n, counts, mode, ngram_indexes, weights)
    return n.emit(Reshape, y, shape=[width]) if x.type.rank == 1 else y


def _pools(
    n: Node, pool: list[int], starts: list[int], indexes: list[int]
) -> list[tuple[int, Any, list[int]]]:
    """(n, the n-grams as a matrix, their columns of the result) for every n that has some."""
    pools, first = [], 0
    for i, (start, end) in enumerate(zip(starts, [*starts[1:], len(pool)], strict=True)):
        count, rest = divmod(end - start, i + 1)
        if rest or not 0 <= start <= end:
            n.invalid(f"has {end - start} items for {i + 1}-grams")
        if count:
            grams = np.array(pool[start:end], np.int64).reshape(count, i + 1)
            pools.append((i + 1, grams, indexes[first : first + count]))
        first += count
    if first != len(indexes):
        n.invalid(f"has {first} n-grams and {len(indexes)} columns for them")
    return pools


def _occurrences(n: Node, rows: Any, grams: Any, distance: int) -> Any:
    """f32 [rows, n-grams]: places where an n-gram stands, its items `distance` apart."""
    batch, size = rows.type.shape
    count, length = grams.shape
    places = size - distance * (length - 1)
    if places < 1:
        return None
    at = np.arange(places)[:, None] + distance * np.arange(length)[None, :]
    windows = n.emit(Gather, rows, n.constant(at.reshape(-1).astype(np.int64)), axis=1)
    windows = n.emit(Reshape, windows, shape=[batch, places, 1, length])
    agrees = None
    for i in range(length):
        item = n.emit(Gather, windows, n.constant(i, "int64"), axis=3)
        same = n.emit(COMPARE["equal"], item, n.constant(grams[:, i]))
        agrees = same if agrees is None else binary(n, "and", agrees, same)
    hits = converted(n, agrees, element_type_of("float32"))
    return n.emit(REDUCE["reduce_sum"], hits, axes=[1], keepdims=False)


def _added(n: Node, counts: Any, found: Any, columns: list[int]) -> Any:
    """counts with `found` in its columns; a column may be named twice."""
    if columns == list(range(counts.type.shape[1])):
        return add(n, counts, found)
    place = n.emit(Expand, n.constant(np.array([columns], np.int64)), shape=list(found.type.shape))
    return n.emit(ScatterElements, counts, place, found, axis=1, reduction="add")


def _weighted(
    n: Node, counts: Any, mode: str, indexes: list[int], weights: list[float] | None
) -> Any:
    if mode == "TF":
        return counts
    factors = np.ones(counts.type.shape[1], np.float32)
    factors[indexes] = weights if weights else 1.0
    if mode == "IDF":
        counts = binary(n, "minimum", counts, 1.0)
    return mul(n, counts, n.constant(factors))
