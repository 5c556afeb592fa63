"""Casts to and from small floats against ml_dtypes, bit casts, and positions of window maxima."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from onnx import TensorProto, helper

import aicc

SMALL = ["float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float4_e2m1fn"]


def run(operator: str, x: Any, outputs: int = 1, opset: int = 23, **attributes: Any) -> list[Any]:
    """The outputs of one node on one input."""
    names = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(operator, ["x"], names, **attributes)
    kind = helper.np_dtype_to_tensor_dtype(x.dtype)
    graph = helper.make_graph(
        [node],
        "g",
        [helper.make_tensor_value_info("x", kind, x.shape)],
        [helper.make_tensor_value_info(n, TensorProto.UNDEFINED, None) for n in names],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    return list(aicc.compile(model, threads=1).run({"x": x}).values())


def number_of(dtype: str) -> int:
    return helper.np_dtype_to_tensor_dtype(np.dtype(getattr(ml_dtypes, dtype)))


def codes(dtype: str) -> Any:
    count = 16 if dtype.startswith("float4") else 256
    return np.arange(count, dtype=np.uint8).view(getattr(ml_dtypes, dtype))


@pytest.mark.parametrize("dtype", SMALL)
def test_every_code_is_decoded(dtype: str) -> None:
    (got,) = run("Cast", codes(dtype), to=TensorProto.FLOAT)
    np.testing.assert_array_equal(got, codes(dtype).astype(np.float32))


@pytest.mark.parametrize("dtype", SMALL)
def test_rounding_is_to_nearest_even(dtype: str) -> None:
    """All representable values, the points half way between them, and random ones."""
    values = codes(dtype).astype(np.float32)
    values = np.unique(values[np.isfinite(values)])
    halves = (values[1:] + values[:-1]) / 2
    random = np.random.default_rng(0).uniform(values[0], values[-1], 1000)
    x = np.concatenate([values, halves, random]).astype(np.float32)
    (got,) = run("Cast", x, to=number_of(dtype))
    want = x.astype(getattr(ml_dtypes, dtype))
    np.testing.assert_array_equal(got.astype(np.float32), want.astype(np.float32))


@pytest.mark.parametrize("dtype", SMALL[:4])
def test_overflow_saturates_only_if_asked_to(dtype: str) -> None:
    x = np.array([1e6, -1e6, 3.0, np.nan], np.float32)
    limit = float(ml_dtypes.finfo(getattr(ml_dtypes, dtype)).max)
    (got,) = run("Cast", x, to=number_of(dtype))
    np.testing.assert_array_equal(got.astype(np.float32), [limit, -limit, 3, np.nan])
    (got,) = run("Cast", x, to=number_of(dtype), saturate=0)
    want = x.astype(getattr(ml_dtypes, dtype)).astype(np.float32)
    np.testing.assert_array_equal(got.astype(np.float32), want)


def test_bit_cast_keeps_the_bits() -> None:
    x = np.array([1.0, -0.0, np.inf], np.float32)
    (got,) = run("BitCast", x, opset=26, to=TensorProto.INT32)
    np.testing.assert_array_equal(got, x.view(np.int32))


@pytest.mark.parametrize("storage_order", [0, 1])
def test_positions_of_window_maxima(storage_order: int) -> None:
    x = np.random.default_rng(0).integers(0, 9, (2, 3, 6, 7)).astype(np.float32)
    attrs = {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 1]}
    y, places = run("MaxPool", x, outputs=2, opset=12, storage_order=storage_order, **attrs)
    for i in range(6):
        flat = x.reshape(6, 6, 7)[i].reshape(-1, order="F" if storage_order else "C")
        within = places.reshape(6, *places.shape[2:])[i] - 42 * i
        np.testing.assert_array_equal(flat[within], y.reshape(6, *y.shape[2:])[i])
