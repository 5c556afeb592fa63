"""Transposing a block of keys: [keys, depth] -> panels of [depth, keys of a tile].

The lanes of a score are keys, but keys lie in memory feature by feature. Squares of lanes x lanes
are turned in registers: in round w every two rows that differ in bit w of their number exchange
halves of their blocks of w elements.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc.passes.schedule.microkernels.writer import Index, Writer


def write_panels(
    w: Writer, panels: Any, count: int, depth: int, panel: int, load: Callable[..., Any]
) -> None:
    """Fill `panels` [.., depth, panel] with `count` keys; load(key, feature, active) is a vector.

    Lanes beyond the last key hold zeros.
    """
    lanes = w.lanes
    whole = count - count % lanes

    def square(key: Index, rows: int) -> None:
        at, lane = _place(w, key, panel)

        def columns(feature: Index, carried: list[Any]) -> list[Any]:
            _square(w, panels, (at, lane), feature, lanes, rows, load, key)
            return carried

        w.loop(0, depth, lanes, [], columns)
        if depth % lanes:
            _square(w, panels, (at, lane), depth - depth % lanes, depth % lanes, rows, load, key)

    def rows(key: Index, carried: list[Any]) -> list[Any]:
        square(key, lanes)
        return carried

    w.loop(0, whole, lanes, [], rows)
    if count % lanes:
        square(whole, count % lanes)


def _place(w: Writer, key: Index, panel: int) -> tuple[Index, Index]:
    """(panel, first lane) of a key."""
    if isinstance(key, int):
        return key // panel, key % panel
    return w.quotient(key, panel), w.arith.remui(key, w.index(panel))


def _square(
    w: Writer,
    panels: Any,
    place: tuple[Index, Index],
    feature: Index,
    features: int,
    rows: int,
    load: Callable[..., Any],
    key: Index,
) -> None:
    loaded = [load(w.add(key, i), feature, features) for i in range(rows)]
    vectors = loaded + [w.splat(0.0)] * (w.lanes - rows)
    for i, vector in enumerate(transposed(w, vectors)[:features]):
        w.store(vector, panels, [place[0], w.add(feature, i), place[1]])


def transposed(w: Writer, rows: Sequence[Any]) -> list[Any]:
    """The columns of a square of vectors."""
    lanes, current = w.lanes, list(rows)
    width = 1
    while width < lanes:
        for i in range(lanes):
            if i & width:
                continue
            low, high = current[i], current[i | width]
            first = [lane if not lane & width else lanes + (lane & ~width) for lane in range(lanes)]
            second = [(lane | width) if not lane & width else lanes + lane for lane in range(lanes)]
            current[i] = w.vector.shuffle(low, high, first)
            current[i | width] = w.vector.shuffle(low, high, second)
        width *= 2
    return current
