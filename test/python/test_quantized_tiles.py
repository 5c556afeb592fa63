"""Tiles of quantised convolutions: small images, rows one by one, bytes of four vectors at once.

Scales are powers of two, so that nothing but the last step rounds, and results must agree bit for
bit with onnx's evaluator.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import aicc
from aicc.passes.graph.quantization.sums import scales_by_one

# (image, input channels, output channels, kernel, stride, pad)
CASES = [
    # tiles over all of an image: pixels side by side, with padding between, too many left out
    (7, 64, 48, 1, 1, 0),
    (7, 64, 48, 3, 1, 1),
    (14, 64, 48, 1, 2, 0),
    (4, 32, 16, 1, 1, 0),
    (8, 16, 40, 3, 1, 1),
    (9, 64, 20, 3, 1, 1),
    # row by row, and in passes over the rows
    (28, 64, 128, 1, 1, 0),
    (20, 3, 64, 7, 2, 3),
    (14, 64, 64, 3, 1, 1),
    (17, 32, 24, 3, 1, 1),
]


def _convolution(case: tuple[int, ...], y_type: Any, zero: int, joined: bool) -> onnx.ModelProto:
    """dequantise, convolve, quantise; `joined`: and add the result to a byte tensor as well."""
    _, channels, out, kernel, stride, pad = case
    random = np.random.default_rng(3)
    weights = {
        "one": np.float32(1),
        "xz": np.uint8(100),
        "w": random.integers(-127, 127, (out, channels, kernel, kernel), np.int8, True),
        "ws": np.float32(2.0**-9),
        "wz": np.int8(0),
        "ys": np.float32(2.0 ** (int(np.log2(channels * kernel * kernel)) // 2 - 3)),
        "yz": y_type(zero),
        "half": np.float32(2),
    }
    nodes = [
        helper.make_node("DequantizeLinear", ["x", "one", "xz"], ["d"]),
        helper.make_node("DequantizeLinear", ["w", "ws", "wz"], ["f"]),
        helper.make_node("Conv", ["d", "f"], ["c"], pads=[pad] * 4, strides=[stride] * 2),
        helper.make_node("QuantizeLinear", ["c", "ys", "yz"], ["q"]),
    ]
    if joined:
        nodes += [
            helper.make_node("DequantizeLinear", ["q", "ys", "yz"], ["e"]),
            helper.make_node("DequantizeLinear", ["r", "one", "xz"], ["s"]),
            helper.make_node("Add", ["e", "s"], ["t"]),
            helper.make_node("QuantizeLinear", ["t", "half", "yz"], ["u"]),
        ]
    image, byte = case[0], onnx.TensorProto.UINT8
    size = (image + 2 * pad - kernel) // stride + 1
    inputs = [helper.make_tensor_value_info("x", byte, (1, channels, image, image))]
    if joined:
        inputs.append(helper.make_tensor_value_info("r", byte, (1, out, size, size)))
    graph = helper.make_graph(
        nodes,
        "convolution",
        inputs,
        [onnx.ValueInfoProto(name="u" if joined else "q")],
        [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()],
    )
    opsets = [helper.make_opsetid("", 21)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=10)


@pytest.mark.parametrize(
    ("y_type", "zero", "joined", "threads"),
    [
        (np.uint8, 0, False, 1),
        (np.uint8, 131, True, 1),
        (np.int8, -6, False, 2),
        (np.int8, -6, True, 1),
    ],
)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_bytes_of_convolutions(
    case: tuple[int, ...], y_type: Any, zero: int, joined: bool, threads: int
) -> None:
    model = _convolution(case, y_type, zero, joined)
    random = np.random.default_rng(4)
    shapes = {
        i.name: [d.dim_value for d in i.type.tensor_type.shape.dim] for i in model.graph.input
    }
    inputs = {name: random.integers(0, 255, s, np.uint8, True) for name, s in shapes.items()}
    (got,) = aicc.compile(model, threads=threads).run(inputs).values()
    (expected,) = ReferenceEvaluator(model).run(None, inputs)
    assert len(np.unique(expected)) > 50
    np.testing.assert_array_equal(got, expected)


def test_scales_of_sums_round_every_pair_alike() -> None:
    random = np.random.default_rng(5)
    for _ in range(20):
        a, b, c = (float(np.float32(v)) for v in random.uniform(0.01, 0.05, 3))
        found = scales_by_one(a, b, c, (-100, 155), (-128, 127))
        if found is None:
            continue
        x = np.arange(-100, 156, dtype=np.float32)[:, None]
        y = np.arange(-128, 128, dtype=np.float32)[None, :]
        expected = np.round((x * np.float32(a) + y * np.float32(b)) / np.float32(c))
        got = np.round(x * np.float32(found[0]) + y * np.float32(found[1]))
        np.testing.assert_array_equal(got, expected)


def test_scales_of_sums_are_left_where_quotients_are_large() -> None:
    assert scales_by_one(1.0, 1.0, 1e-6, (0, 255), (0, 255)) is None
