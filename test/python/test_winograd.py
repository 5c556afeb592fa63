"""Winograd's convolutions against f64: transforms, shapes, edges, epilogues, threads, options."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model

import aicc
from aicc import target
from aicc.dialects.graph.winograd import filter_transform, input_transform, output_transform
from aicc.passes.schedule.winograd.blocks import Blocks, blocks_for
from aicc.passes.schedule.winograd.cost import Layer, best_tile
from aicc.passes.schedule.winograd.depth import Depth

# Largest error allowed for outputs of about 1.
ALLOWED = {"2": 6e-6, "4": 3e-5}


def convolved(x: Any, w: Any, bias: Any, pads: list[int]) -> Any:
    """The convolution in f64, one tap after the other."""
    top, left, bottom, right = pads
    x = np.pad(x.astype(np.float64), ((0, 0), (0, 0), (top, bottom), (left, right)))
    height, width = x.shape[2] - 2, x.shape[3] - 2
    y = np.zeros((x.shape[0], w.shape[0], height, width))
    for i in range(3):
        for j in range(3):
            part = x[:, :, i : i + height, j : j + width]
            y += np.einsum("oc,nchw->nohw", w[:, :, i, j].astype(np.float64), part)
    return y + bias[:, None, None]


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


# name -> (nodes from "c" to "y", the same in numpy; r is an operand of the result's shape)
EPILOGUES: dict[str, tuple[list[onnx.NodeProto], Any]] = {
    "none": ([helper.make_node("Identity", ["c"], ["y"])], lambda c, r: c),
    "relu": ([helper.make_node("Relu", ["c"], ["y"])], lambda c, r: np.maximum(c, 0)),
    "relu6": (
        [helper.make_node("Clip", ["c", "low", "high"], ["y"])],
        lambda c, r: np.clip(c, 0, 6),
    ),
    "silu": (
        [helper.make_node("Sigmoid", ["c"], ["s"]), helper.make_node("Mul", ["c", "s"], ["y"])],
        lambda c, r: c * sigmoid(c),
    ),
    "residual": (
        [helper.make_node("Add", ["c", "r"], ["a"]), helper.make_node("Relu", ["a"], ["y"])],
        lambda c, r: np.maximum(c + r, 0),
    ),
    "per_pixel": (
        [helper.make_node("Mul", ["c", "p"], ["a"]), helper.make_node("Add", ["a", "r"], ["y"])],
        lambda c, r: c * r[:, :1] + r,
    ),
}


def layer(shape: list[int], out: int, pads: list[int], epilogue: str) -> tuple[Any, Any, Any]:
    """(model, feeds, expected) of a convolution of an image [N, C, H, W]."""
    x, w, bias = numbers(shape, out, [3, 3])
    return with_epilogue((x, w, bias), {"pads": pads}, convolved(x, w, bias, pads), epilogue)


def numbers(shape: list[int], out: int, window: list[int]) -> tuple[Any, Any, Any]:
    """(x, w, bias) such that the sums are about 1."""
    random = np.random.default_rng(sum(shape) + out)
    scale = np.sqrt(shape[1] * np.prod(window))
    w = (random.standard_normal((out, shape[1], *window)) / scale).astype(np.float32)
    bias = random.standard_normal(out).astype(np.float32)
    return random.standard_normal(shape).astype(np.float32), w, bias


def with_epilogue(
    operands: tuple[Any, Any, Any], attributes: dict[str, list[int]], c: Any, epilogue: str
) -> tuple[Any, Any, Any]:
    """(model, feeds, expected) of a convolution with the result c and what follows it."""
    x, w, bias = operands
    random = np.random.default_rng(c.size)
    r = random.standard_normal(c.shape).astype(np.float32)
    nodes, formula = EPILOGUES[epilogue]
    conv = helper.make_node("Conv", ["x", "w", "b"], ["c"], "conv", **attributes)
    read = {name for node in nodes for name in node.input}
    feeds = {"x": x} | {n: v for n, v in (("r", r), ("p", r[:, :1])) if n in read}
    weights = {"w": w, "b": bias}
    if epilogue == "relu6":
        weights |= {"low": np.float32(0), "high": np.float32(6)}
    made = model([conv, *nodes], {n: list(v.shape) for n, v in feeds.items()}, ["y"], weights)
    return made, feeds, formula(c, r.astype(np.float64))


def is_used(exe: Any) -> bool:
    return "call @winograd" in exe.ir("kernels")


@pytest.mark.parametrize("tile", [2, 4])
def test_the_transforms_make_a_convolution(tile: int) -> None:
    matrices = (input_transform(tile), filter_transform(tile), output_transform(tile))
    into, of_filter, out = (np.array(m) for m in matrices)
    random = np.random.default_rng(tile)
    d, g = random.standard_normal(tile + 2), random.standard_normal(3)
    y = out @ ((of_filter @ g) * (into @ d))
    np.testing.assert_allclose(y, np.correlate(d, g), rtol=1e-12)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("tile", ["2", "4"])
@pytest.mark.parametrize(
    ("shape", "out", "pads", "epilogue"),
    [
        ([1, 64, 16, 16], 64, [1, 1, 1, 1], "relu"),
        ([1, 70, 13, 15], 72, [1, 1, 1, 1], "residual"),
        ([3, 64, 7, 7], 130, [1, 1, 1, 1], "silu"),
        ([1, 128, 1, 1], 64, [1, 1, 1, 1], "none"),
        ([1, 96, 9, 23], 33, [0, 2, 1, 0], "relu6"),
        ([2, 65, 10, 12], 64, [2, 0, 2, 1], "per_pixel"),
        ([1, 64, 40, 31], 32, [0, 0, 0, 0], "residual"),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, list) else str(value),
)
def test_results(
    shape: list[int], out: int, pads: list[int], epilogue: str, tile: str, threads: int
) -> None:
    made, feeds, expected = layer(shape, out, pads, epilogue)
    exe = aicc.compile(made, threads=threads, winograd=tile)
    got = exe.run(feeds)["y"]
    assert np.abs(got - expected).max() < ALLOWED[tile]


def volume(
    shape: list[int], out: int, depth: list[int], pads: list[int], epilogue: str
) -> tuple[Any, Any, Any]:
    """(model, feeds, expected) of a convolution of a volume [N, C, D, H, W].

    `depth`: taps, stride and dilation along D.
    """
    taps, stride, dilation = depth
    x, w, bias = numbers(shape, out, [taps, 3, 3])
    padded = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[3]), (0, 0), (0, 0)))
    layers = (padded.shape[2] - dilation * (taps - 1) - 1) // stride + 1
    around = [*pads[1:3], *pads[4:]]
    sums = []
    for first in range(0, layers * stride, stride):
        parts = [
            convolved(padded[:, :, first + t * dilation], w[:, :, t], 0 * bias, around)
            for t in range(taps)
        ]
        sums.append(sum(parts) + bias[:, None, None])
    attributes = {"pads": pads, "strides": [stride, 1, 1], "dilations": [dilation, 1, 1]}
    return with_epilogue((x, w, bias), attributes, np.stack(sums, axis=2), epilogue)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("tile", ["2", "4"])
@pytest.mark.parametrize(
    ("shape", "out", "depth", "pads", "epilogue"),
    [
        ([1, 64, 8, 12, 12], 64, [3, 1, 1], [1, 1, 1, 1, 1, 1], "residual"),
        ([2, 19, 5, 9, 7], 33, [3, 1, 1], [1, 0, 2, 1, 1, 0], "silu"),
        ([1, 32, 11, 13, 6], 40, [2, 2, 1], [0, 1, 1, 1, 1, 1], "relu"),
        ([1, 32, 11, 9, 6], 40, [3, 1, 3], [2, 1, 1, 1, 1, 1], "per_pixel"),
        ([3, 16, 3, 7, 7], 16, [1, 1, 1], [0, 1, 1, 0, 1, 1], "none"),
        ([1, 24, 17, 6, 6], 24, [5, 1, 2], [4, 1, 1, 3, 1, 1], "relu6"),
        ([1, 128, 2, 14, 14], 128, [3, 1, 1], [1, 1, 1, 1, 1, 1], "residual"),
    ],
    ids=lambda value: "x".join(map(str, value)) if isinstance(value, list) else str(value),
)
def test_volumes(
    shape: list[int],
    out: int,
    depth: list[int],
    pads: list[int],
    epilogue: str,
    tile: str,
    threads: int,
) -> None:
    made, feeds, expected = volume(shape, out, depth, pads, epilogue)
    exe = aicc.compile(made, threads=threads, winograd=tile)
    assert is_used(exe)
    assert np.abs(exe.run(feeds)["y"] - expected).max() < ALLOWED[tile]


def test_layers_of_outputs_share_inputs_where_they_overlap() -> None:
    same = Depth.of(size=20, out=20, taps=3, stride=1, dilation=1, front=1)
    assert (same.layers, same.parts, same.slabs) == (7, 3, 9)
    apart = Depth.of(size=20, out=4, taps=3, stride=1, dilation=8, front=0)
    assert (apart.layers, apart.step, apart.slabs) == (1, 8, 3)
    strided = Depth.of(size=20, out=9, taps=3, stride=2, dilation=1, front=0)
    assert (strided.layers, strided.is_inside) == (1, True)


def test_the_epilogue_joins_the_kernel() -> None:
    made, *_ = layer([1, 64, 18, 18], 64, [1, 1, 1, 1], "residual")
    text = aicc.compile(made, threads=1, winograd=4).ir("buffers")
    kernel = text.split("func.func private @winograd")[1].split("func.func")[0]
    assert "vector.fma" in kernel
    assert "linalg" not in kernel


def test_not_a_number_and_infinity_stay_where_they_are_read() -> None:
    made, feeds, _ = layer([1, 64, 24, 24], 64, [1, 1, 1, 1], "none")
    feeds["x"][0, 3, 5, 5] = np.nan
    y = aicc.compile(made, threads=1, winograd=4).run(feeds)["y"]
    assert np.isnan(y[0, :, 4:7, 4:7]).all()
    assert not np.isnan(y[0, :, 12:, 12:]).any()


def test_options() -> None:
    made, *_ = layer([1, 64, 56, 56], 64, [1, 1, 1, 1], "relu")
    assert is_used(aicc.compile(made, threads=1))
    assert not is_used(aicc.compile(made, threads=1, winograd="off"))
    assert not is_used(aicc.compile(made, threads=1, strict_fp=True))
    with pytest.raises(aicc.AiccError, match="winograd='3'"):
        aicc.compile(made, winograd=3)
    with pytest.raises(aicc.AiccError, match="strict_fp and Winograd"):
        aicc.compile(made, winograd=4, strict_fp=True)


def test_runs_are_equal_bit_for_bit() -> None:
    made, feeds, _ = layer([1, 64, 30, 30], 64, [1, 1, 1, 1], "relu")
    exe = aicc.compile(made, threads=2, winograd=4)
    first = exe.run(feeds)["y"]
    assert all(np.array_equal(first, exe.run(feeds)["y"]) for _ in range(5))


@pytest.mark.parametrize(
    ("shape", "tile"),
    [
        ((1, 56, 56, 64, 64), 4),
        ((1, 28, 28, 128, 128), 4),
        ((1, 14, 14, 256, 256), 2),
        ((8, 14, 14, 256, 256), 4),
        ((1, 224, 224, 64, 3), 0),
        ((1, 3, 3, 64, 64), 0),
        ((1, 1, 1, 512, 512), 0),
    ],
)
def test_the_cost_model(shape: tuple[int, ...], tile: int) -> None:
    assert best_tile(Layer(*shape), target.by_name("x86-64-v4"), 1) == tile


@pytest.mark.parametrize("threads", [1, 2, 8])
@pytest.mark.parametrize("tiles", [1, 4, 16, 49, 196, 3136])
def test_chunks_cover_all_tiles(tiles: int, threads: int) -> None:
    machine = target.by_name("x86-64-v4")
    chunk, split = blocks_for(Blocks(4, tiles, 128, 128, 32), machine, threads)
    assert 1 <= chunk <= tiles
    assert split in (("none",) if threads == 1 else ("none", "tiles", "channels"))
