"""The k best elements of rows, against insertion into a list, which defines their order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from onnx import helper
from onnx_models import model

import aicc
from aicc.passes.schedule.searches.plan import MAX_K, groups_for

SHAPES = {
    "one row, a bound": ([1, 4000], 100),
    "ranks are the bound": ([2, 3, 129], 7),
    "no bound": ([7, 70], 9),
    "all are wanted": ([2, 300], 300),
    "rows for threads": ([2, 24, 700], 5),
    "one wanted": ([5, 2000], 1),
    "many wanted": ([1, 3000], 600),
    "element by element": ([3, 40], 5),
    "too many wanted": ([1, 1200], 1100),
}


def inserted(row: Any, k: int, largest: bool) -> list[int]:
    """Positions: an element goes in front of what it beats, from the end of the list."""
    best: list[int] = []
    for position, mine in enumerate(row):
        place = min(position, k)
        while place and (mine > row[best[place - 1]] if largest else mine < row[best[place - 1]]):
            place -= 1
        best.insert(place, position)
        del best[k:]
    return best


def cases(shape: list[int]) -> dict[str, np.ndarray]:
    random = np.random.default_rng(3)
    plain = random.standard_normal(shape).astype(np.float32)
    few, first = plain.copy(), plain.copy()
    few[random.random(shape) < 0.02] = np.nan
    first[..., 0] = np.nan
    infinite = np.where(random.random(shape) < 0.3, np.inf * np.sign(plain), plain)
    return {
        "plain": plain,
        "equal elements": np.round(2 * plain),
        "zeros of both signs": 0 * plain,
        "rising": np.sort(plain, -1),
        "falling": -np.sort(-plain, -1),
        "infinities": infinite.astype(np.float32),
        "the same": np.full(shape, -np.inf, np.float32),
        "NaN": few,
        "NaN first": first,
    }


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("largest", [True, False])
@pytest.mark.parametrize("case", SHAPES)
def test_order_values_and_positions(case: str, largest: bool, threads: int) -> None:
    shape, k = SHAPES[case]
    node = helper.make_node("TopK", ["x", "k"], ["v", "i"], largest=int(largest))
    proto = model([node], {"x": shape}, ["v", "i"], {"k": np.array([k])})
    top_k = aicc.compile(proto, threads=threads)
    for name, x in cases(shape).items():
        values, positions = top_k(x)
        rows = [inserted(row, k, largest) for row in x.reshape(-1, shape[-1])]
        expected = np.array(rows).reshape(positions.shape)
        np.testing.assert_array_equal(positions, expected, err_msg=name)
        chosen = np.take_along_axis(x, expected, -1)
        np.testing.assert_array_equal(values.view(np.int32), chosen.view(np.int32), err_msg=name)


def test_groups_are_more_than_what_is_wanted() -> None:
    for k in range(1, MAX_K + 1, 7):
        for length in (64, 500, 8400, 100_000):
            groups = groups_for(k, length, 16)
            assert groups == 0 or groups * 16 >= 2 * k
            assert groups == 0 or 2 * groups * 16 <= length
