"""precision = "bf16": operands of 8 bits of mantissa, sums in f32, on every instruction set."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import model

import aicc
from aicc.diagnostics import AiccError, TargetError
from aicc.target import check_runs_here

# Half a unit in the last place of a bf16, relative.
ROUNDING = 2.0**-9
RANDOM = np.random.default_rng(0)


def runnable(names: tuple[str, ...]) -> list[str]:
    """Those of the targets whose code runs on this machine."""
    found = []
    for name in names:
        try:
            check_runs_here(name)
        except TargetError:
            continue
        found.append(name)
    return found


# The matrix unit, vector instructions, and none of them.
TARGETS = runnable(("host", "sapphirerapids", "znver4", "x86-64-v4", "x86-64-v3"))


def normal(*shape: int) -> np.ndarray:
    return RANDOM.standard_normal(shape).astype(np.float32)


def rounded(x: np.ndarray) -> np.ndarray:
    return x.astype(ml_dtypes.bfloat16).astype(np.float64)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(("m", "k", "n"), [(128, 64, 96), (7, 34, 50), (1, 16, 8), (33, 200, 65)])
def test_matmul(m: int, k: int, n: int, target: str) -> None:
    w, b = normal(k, n), normal(n)
    nodes = [
        helper.make_node("MatMul", ["x", "w"], ["y"]),
        helper.make_node("Add", ["y", "b"], ["z"]),
        helper.make_node("Relu", ["z"], ["out"]),
    ]
    exe = aicc.compile(
        model(nodes, {"x": [m, k]}, ["out"], {"w": w, "b": b}), precision="bf16", target=target
    )
    x = normal(m, k)
    (got,) = exe.run({"x": x}).values()
    exact = np.maximum(x.astype(np.float64) @ w + b, 0)
    bound = 3 * ROUNDING * (np.abs(x).astype(np.float64) @ np.abs(w))
    assert (np.abs(got - exact) <= bound + 1e-5).all()
    if "xbf16>" in exe.ir("graph"):
        same = np.maximum(rounded(x) @ rounded(w) + b, 0)
        assert np.abs(got - same).max() <= 1e-4 * max(1.0, np.abs(same).max())


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("channels", "out", "size", "taps", "stride"),
    [
        (32, 48, 14, 3, 1),
        (64, 64, 7, 1, 1),
        (16, 20, 9, 3, 2),
        (6, 24, 12, 2, 1),
        (3, 32, 11, 3, 2),
        (3, 64, 24, 7, 2),
        (4, 40, 20, 5, 1),
    ],
)
def test_residual_block(
    channels: int, out: int, size: int, taps: int, stride: int, target: str
) -> None:
    w, v = normal(out, channels, taps, taps) / 8, normal(out, out, 3, 3) / 16
    pads = [taps // 2] * 4
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], pads=pads, strides=[stride] * 2),
        helper.make_node("Relu", ["a"], ["r"]),
        helper.make_node("Conv", ["r", "v"], ["c"], pads=[1] * 4),
        helper.make_node("Add", ["c", "r"], ["out"]),
    ]
    built = model(nodes, {"x": [2, channels, size, size]}, ["out"], {"w": w, "v": v})
    x = {"x": normal(2, channels, size, size)}
    (exact,) = aicc.compile(built).run(x).values()
    (got,) = aicc.compile(built, precision="bf16", target=target).run(x).values()
    assert np.abs(got - exact).max() <= 8 * ROUNDING * np.abs(exact).max()


def test_strict_arithmetic_is_not_narrow() -> None:
    node = helper.make_node("Relu", ["x"], ["y"])
    built: onnx.ModelProto = model([node], {"x": [4]}, ["y"], {})
    with pytest.raises(AiccError, match="strict_fp"):
        aicc.compile(built, precision="bf16", strict_fp=True)
