"""Recurrent layers whose sizes fill tiles, leave rests, or need several rows of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from graph_programs import normal, run

from aicc.dialects.graph.recurrent import Gru, Lstm, Rnn

# (batch, hidden units)
SIZES = [(1, 64), (1, 256), (1, 100), (3, 37), (5, 16), (7, 130), (19, 48), (2, 3)]
SIGMOID = ["sigmoid", "tanh", "tanh"]


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _lstm(gates: Any, r: Any, h: Any, c: Any) -> Any:
    rows = []
    for x in gates:
        i, o, f, g = np.split(x + h @ r, 4, axis=1)
        c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
        h = _sigmoid(o) * np.tanh(c)
        rows.append(h)
    return np.stack(rows)


def _gru(gates: Any, r: Any, h: Any, bias: Any) -> Any:
    hidden, rows = h.shape[1], []
    for x in gates:
        xz, xr, xn = np.split(x, 3, axis=1)
        z, reset = (
            _sigmoid(x + h @ r[:, k * hidden : (k + 1) * hidden]) for k, x in ((0, xz), (1, xr))
        )
        last = r[:, 2 * hidden :]
        part = (reset * h) @ last if bias is None else reset * (h @ last + bias)
        h = (1 - z) * np.tanh(xn + part) + z * h
        rows.append(h)
    return np.stack(rows)


def _arrays(gates: int, batch: int, hidden: int) -> dict[str, Any]:
    return {
        "gates": normal([4, batch, gates * hidden], seed=1),
        "r": 0.2 * normal([hidden, gates * hidden], seed=2),
        "h": normal([batch, hidden], seed=3),
    }


def _attrs(count: int) -> dict[str, Any]:
    names = SIGMOID[:count] if count > 1 else ["tanh"]
    return {"activations": names, "alpha": [0.0] * count, "beta": [0.0] * count}


def _check(actual: Any, expected: Any) -> None:
    np.testing.assert_allclose(actual, expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize(("batch", "hidden"), SIZES)
def test_lstm(batch: int, hidden: int) -> None:
    arrays = _arrays(4, batch, hidden) | {"c": normal([batch, hidden], seed=4)}
    results, _ = run(lambda *v: Lstm.build(*v, **_attrs(3)), arrays, level=3)
    _check(results[0], _lstm(**arrays))


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(("batch", "hidden"), SIZES)
def test_gru(batch: int, hidden: int, is_after: bool) -> None:
    arrays = _arrays(3, batch, hidden)
    bias = {"bias": normal([hidden], seed=5)} if is_after else {}

    def body(gates: Any, r: Any, h: Any, *bias: Any) -> Any:
        own = bias[0] if bias else None
        return Gru.build(gates, r, h, own, linear_before_reset=is_after, **_attrs(2))

    results, _ = run(body, arrays | bias, level=3)
    _check(results[0], _gru(**arrays, bias=bias.get("bias")))


@pytest.mark.parametrize(("batch", "hidden"), SIZES)
def test_rnn(batch: int, hidden: int) -> None:
    arrays = _arrays(1, batch, hidden)
    results, _ = run(lambda *v: Rnn.build(*v, **_attrs(1)), arrays, level=3)
    h, rows = arrays["h"], []
    for x in arrays["gates"]:
        h = np.tanh(x + h @ arrays["r"])
        rows.append(h)
    _check(results[0], np.stack(rows))
