"""The smallest part of a model that still fails as the whole does.

Delta debugging (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, TSE 2002)
over the set of nodes; a part is fed with the reference's values, so any set of nodes is a model.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence


def smallest(
    nodes: Sequence[int], fails: Callable[[Sequence[int]], bool], seconds: float
) -> list[int]:
    """A subset of `nodes` from which no node can be left out, or the best found in `seconds`."""
    deadline = time.monotonic() + seconds
    kept, chunks = list(nodes), 2
    while len(kept) > 1 and time.monotonic() < deadline:
        size = -(-len(kept) // chunks)
        pieces = [kept[i : i + size] for i in range(0, len(kept), size)]
        smaller = _first_failing(kept, pieces, fails, deadline)
        if smaller is not None:
            chunks = max(2, chunks - 1) if len(smaller) > size else 2
            kept = smaller
        elif size == 1:
            break
        else:
            chunks = min(len(kept), chunks * 2)
    return kept


def _first_failing(
    kept: Sequence[int],
    pieces: Sequence[Sequence[int]],
    fails: Callable[[Sequence[int]], bool],
    deadline: float,
) -> list[int] | None:
    """A piece, or the rest without a piece, that fails; None if there is none."""
    rests = [[n for n in kept if n not in set(piece)] for piece in pieces]
    for candidate in [*pieces, *(rests if len(pieces) > 2 else [])]:
        if candidate and time.monotonic() < deadline and fails(candidate):
            return list(candidate)
    return None
