"""Batches of recurrent layers: what a thread gets, what a tile holds, and the results."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model

import aicc
from aicc import target
from aicc.passes.schedule.recurrence_split import (
    Recurrence,
    batch_parts,
    panel_units,
    tile_sizes,
)

MACHINE = target.by_name("x86-64-v4")


@pytest.mark.parametrize(
    ("layer", "threads", "parts"),
    [
        (Recurrence(100, 8, 3, 128), 2, 2),
        (Recurrence(100, 8, 3, 128), 1, 1),
        (Recurrence(100, 9, 3, 128), 2, 1),
        (Recurrence(100, 9, 3, 128), 4, 3),
        (Recurrence(100, 1, 3, 128), 2, 1),
        (Recurrence(5, 8, 3, 128), 2, 1),
        (Recurrence(100, 8, 4, 1024), 2, 1),
        (Recurrence(100, 0, 3, 128), 2, 1),
    ],
)
def test_parts_of_a_batch(layer: Recurrence, threads: int, parts: int) -> None:
    assert batch_parts(layer, MACHINE, threads) == parts


@pytest.mark.parametrize(
    ("batch", "gates", "tile"),
    [
        (1, 3, (1, 80)),
        (1, 4, (1, 64)),
        (8, 3, (8, 16)),
        (4, 3, (4, 32)),
        (9, 3, (5, 16)),
        (8, 4, (4, 16)),
        (2, 4, (2, 32)),
        (19, 1, (19, 16)),
    ],
)
def test_tiles(batch: int, gates: int, tile: tuple[int, int]) -> None:
    assert tile_sizes(batch, gates, 512, 16, 32) == tile


def layer(kind: str, batch: int, hidden: int, direction: str) -> tuple[Any, dict[str, Any]]:
    """(model, feeds) of a layer with lengths of its own for every sequence."""
    gates, steps, width = {"GRU": 3, "LSTM": 4, "RNN": 1}[kind], 90, 7
    directions = 2 if direction == "bidirectional" else 1
    random = np.random.default_rng(batch + hidden)

    def normal(*shape: int) -> Any:
        return (random.standard_normal(shape) / np.sqrt(shape[-1])).astype(np.float32)

    weights = {
        "w": normal(directions, gates * hidden, width),
        "r": normal(directions, gates * hidden, hidden),
        "b": normal(directions, 2 * gates * hidden),
    }
    feeds = {
        "x": normal(steps, batch, width),
        "n": random.integers(0, steps + 1, batch).astype(np.float32),
    }
    nodes = [
        helper.make_node("Cast", ["n"], ["lengths"], to=onnx.TensorProto.INT32),
        helper.make_node(
            kind,
            ["x", "w", "r", "b", "lengths"],
            ["y", "h"],
            hidden_size=hidden,
            direction=direction,
        ),
    ]
    shapes = {name: list(value.shape) for name, value in feeds.items()}
    return model(nodes, shapes, ["y", "h"], weights), feeds


@pytest.mark.parametrize(
    ("kind", "batch", "hidden", "direction"),
    [
        ("GRU", 8, 96, "reverse"),
        ("GRU", 6, 130, "forward"),
        ("LSTM", 6, 128, "bidirectional"),
        ("RNN", 12, 250, "forward"),
    ],
)
def test_threads_agree(kind: str, batch: int, hidden: int, direction: str) -> None:
    made, feeds = layer(kind, batch, hidden, direction)
    serial, shared = (aicc.compile(made, threads=threads) for threads in (1, 2))
    assert "scf.forall" in shared.ir("kernels")
    assert "scf.forall" not in serial.ir("kernels")
    expected, results = serial.run(feeds), shared.run(feeds)
    for name, value in expected.items():
        np.testing.assert_allclose(results[name], value, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("batch", "gates", "hidden", "threads", "units"),
    [
        (1, 4, 256, 1, 64),
        (1, 4, 256, 2, 64),
        (1, 4, 320, 2, 32),
        (8, 3, 128, 1, 16),
        (8, 3, 128, 2, 32),
        (1, 3, 130, 1, 0),
        (1, 3, 8, 1, 0),
    ],
)
def test_panels(batch: int, gates: int, hidden: int, threads: int, units: int) -> None:
    sizes = Recurrence(100, batch, gates, hidden)
    assert panel_units(sizes, gates, MACHINE, threads) == units


@pytest.mark.parametrize("kind", ["GRU", "LSTM", "RNN"])
@pytest.mark.parametrize("threads", [1, 2])
def test_packed_weights_give_the_same(kind: str, threads: int) -> None:
    made, feeds = layer(kind, 3, 64, "reverse")
    packed, plain = (aicc.compile(made, threads=threads, opt_level=level) for level in (3, 2))
    for name, value in plain.run(feeds).items():
        np.testing.assert_allclose(packed.run(feeds)[name], value, rtol=1e-5, atol=1e-6)
