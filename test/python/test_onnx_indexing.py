"""Movement and indexing operators against onnx.reference on random inputs, over opsets."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx.reference import ReferenceEvaluator

import aicc

Arrays = dict[str, np.ndarray]
i64 = np.int64
DATA = ("x", "indices", "updates", "grid", "lengths", "rois", "theta")


def model_of(operator: str, opset: int, arrays: Arrays, outputs: int, **attrs: Any) -> Any:
    """One node; the operands called as in DATA are inputs, the others initializers.

    An operand whose name starts with `_` is left out.
    """
    names = ["" if n.startswith("_") else n for n in arrays]
    results = [f"y{i}" for i in range(outputs)]
    node = helper.make_node(operator, names, results, "node", **attrs)
    kind = helper.np_dtype_to_tensor_dtype
    inputs = [
        helper.make_tensor_value_info(n, kind(a.dtype), a.shape)
        for n, a in arrays.items()
        if n in DATA
    ]
    constants = [
        onnx.numpy_helper.from_array(a, n)
        for n, a in arrays.items()
        if n not in DATA and not n.startswith("_")
    ]
    outs = [helper.make_tensor_value_info(r, onnx.TensorProto.UNDEFINED, None) for r in results]
    graph = helper.make_graph([node], "graph", inputs, outs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def run_both(operator: str, opset: int, arrays: Arrays, outputs: int = 1, **attrs: Any) -> Any:
    model = model_of(operator, opset, arrays, outputs, **attrs)
    feeds = {n: a for n, a in arrays.items() if n in DATA}
    actual = list(aicc.compile(model, threads=1).run(feeds).values())
    return actual, ReferenceEvaluator(model).run(None, feeds)


def check(actual: Any, expected: Any) -> None:
    assert len(actual) == len(expected)
    for a, e in zip(actual, expected, strict=True):
        assert a.dtype == e.dtype
        assert a.shape == e.shape
        np.testing.assert_allclose(a, e, rtol=1e-4, atol=1e-5)


def random(name: str, shape: tuple[int, ...], dtype: Any = np.float32) -> np.ndarray:
    """Random values that depend on the name alone."""
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    if np.dtype(dtype).kind == "f":
        return rng.standard_normal(shape).astype(dtype)
    return rng.integers(-50 if np.dtype(dtype).kind == "i" else 0, 50, shape).astype(dtype)


def x(*shape: int, dtype: Any = np.float32) -> Arrays:
    return {"x": random(str(shape), shape, dtype)}


def ints(**values: Any) -> Arrays:
    return {n: np.array(v, i64) for n, v in values.items()}


CASES: dict[str, tuple[Any, ...]] = {
    "slice_attributes": ("Slice", 7, x(7, 9), {"starts": [-5, 2], "ends": [100, -1]}),
    "slice_axes": ("Slice", 10, x(7, 9) | ints(s=[2], e=[-2], a=[-1])),
    "slice_back": ("Slice", 13, x(7, 9) | ints(s=[-1, 90], e=[-99, 1], a=[0, 1], t=[-2, -3])),
    "slice_nothing": ("Slice", 13, x(2, 5, 3) | ints(s=[4], e=[2], a=[1])),
    "gather_one": ("Gather", 13, x(4, 5, 6) | ints(i=-2), {"axis": 1}),
    "gather_rows": ("Gather", 11, x(6, 5) | ints(indices=[[0, -1, 5], [2, 2, -6]])),
    "gather_bytes": ("Gather", 13, x(3, 6, dtype=np.uint8) | ints(indices=[5, 0]), {"axis": -1}),
    "gather_elements": (
        "GatherElements", 13, x(4, 3) | ints(indices=[[0, -1, 2], [3, 1, -4]]), {"axis": 0}),
    "gather_nd": ("GatherND", 13, x(3, 4, 5) | ints(indices=[[[0, 1]], [[-1, 3]]])),
    "gather_nd_batches": (
        "GatherND", 12, x(2, 3, 4) | ints(indices=[[[1], [0]], [[2], [2]]]), {"batch_dims": 1}),
    "split_7": ("Split", 7, x(6, 4), {"axis": 0, "split": [1, 2, 3]}, 3),
    "split_even": ("Split", 11, x(6, 4), {"axis": -1}, 2),
    "split_13": ("Split", 13, x(6, 4) | ints(s=[4, 0, 2]), {}, 3),
    "split_uneven": ("Split", 18, x(7, 4), {"num_outputs": 3}, 3),
    "tile": ("Tile", 13, x(2, 3, dtype=np.int32) | ints(r=[2, 3])),
    "expand": ("Expand", 13, x(3, 1) | ints(s=[2, 1, 6])),
    "trilu": ("Trilu", 14, x(2, 4, 6) | ints(k=-1), {"upper": 0}),
    "reverse_sequence": (
        "ReverseSequence", 10, x(3, 5, 2) | ints(lengths=[2, 5, 1]),
        {"batch_axis": 0, "time_axis": 1}),
    "compress": ("Compress", 11, x(4, 3) | {"c": np.array([True, False, True])}, {"axis": 0}),
    "depth_to_space": ("DepthToSpace", 11, x(2, 12, 2, 3), {"blocksize": 2, "mode": "CRD"}),
    "space_to_depth": ("SpaceToDepth", 13, x(2, 3, 4, 6), {"blocksize": 2}),
    "center_crop_pad": ("CenterCropPad", 18, x(7, 4, 5) | ints(s=[4, 9]), {"axes": [0, 2]}),
    "topk": ("TopK", 11, x(3, 17) | ints(k=[4]), {}, 2),
    "topk_smallest": (
        "TopK", 11, x(17, 3, dtype=np.int32) | ints(k=[17]), {"axis": 0, "largest": 0}, 2),
    "affine_grid": ("AffineGrid", 20, {"theta": random("t", (2, 2, 3))} | ints(s=[2, 1, 3, 4])),
    "col2im": (
        "Col2Im", 18, x(2, 12, 12) | ints(i=[5, 6], b=[2, 3]),
        {"strides": [1, 2], "pads": [0, 1, 0, 1]}),
}  # fmt: skip

for reduction in ("none", "add", "mul", "min", "max"):
    CASES[f"scatter_elements_{reduction}"] = (
        "ScatterElements", 18,
        x(4, 3) | ints(indices=[[0, -1, 2], [3, 1, 0]]) | {"updates": random("u", (2, 3))},
        {"axis": 0, "reduction": reduction},
    )  # fmt: skip
    CASES[f"scatter_nd_{reduction}"] = (
        "ScatterND", 18,
        x(5, 2, 3) | ints(indices=[[[3], [-1]], [[0], [2]]])
        | {"updates": random("u", (2, 2, 2, 3))},
        {"reduction": reduction},
    )  # fmt: skip
for mode in ("constant", "reflect", "edge", "wrap"):
    CASES[f"pad_{mode}"] = ("Pad", 19, x(4, 5) | ints(p=[2, 0, 1, 3]), {"mode": mode})
CASES["pad_attributes"] = ("Pad", 7, x(2, 3), {"pads": [1, 0, 0, 2], "value": 3.5})
CASES["pad_axes"] = (
    "Pad", 18, x(2, 3, 4) | ints(p=[1, 2]) | {"v": np.float32([7]).reshape(())} | ints(a=[-2]),
)  # fmt: skip
for padding in ("zeros", "border", "reflection"):
    for mode in ("nearest", "linear", "cubic"):
        grid = {"grid": random("g", (2, 3, 4, 2))}
        attrs = {"mode": mode, "padding_mode": padding, "align_corners": int(mode == "cubic")}
        CASES[f"grid_{mode}_{padding}"] = ("GridSample", 20, x(2, 2, 5, 4) | grid, attrs)


@pytest.mark.parametrize("name", CASES)
def test_agrees_with_the_reference(name: str) -> None:
    operator, opset, arrays, *rest = CASES[name]
    attrs, outputs = (*rest, *({}, 1)[len(rest) :])
    check(*run_both(operator, opset, arrays, outputs, **attrs))


COORDINATES = (
    "half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "align_corners", "asymmetric",
)  # fmt: skip
MODES = [
    *[{"mode": "nearest", "nearest_mode": r} for r in
      ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")],
    {"mode": "linear"},
    {"mode": "linear", "antialias": 1},
    {"mode": "cubic", "cubic_coeff_a": -0.5, "exclude_outside": 1},
    {"mode": "cubic", "antialias": 1},
]  # fmt: skip


@pytest.mark.parametrize("coordinates", COORDINATES)
@pytest.mark.parametrize("attrs", MODES, ids=lambda a: "-".join(str(v) for v in a.values()))
def test_resize(attrs: dict[str, Any], coordinates: str) -> None:
    rest = ints(s=[1, 2, 9, 3])
    arrays = x(1, 2, 5, 7) | {"_roi": rest["s"], "_scales": rest["s"]} | rest
    actual, expected = run_both(
        "Resize", 19, arrays, coordinate_transformation_mode=coordinates, **attrs
    )
    check(actual, expected)


@pytest.mark.parametrize("mode", ["linear", "cubic"])
def test_resize_of_integers_rounds_and_saturates(mode: str) -> None:
    data = np.where(random("bytes", (1, 1, 5, 6)) > 0, 255, 3).astype(np.uint8)
    arrays = {"x": data, "_roi": data, "s": np.float32([1, 1, 1.7, 2])}
    check(*run_both("Resize", 19, arrays, mode=mode))


@pytest.mark.parametrize("policy", ["stretch", "not_larger", "not_smaller"])
def test_resize_of_some_axes(policy: str) -> None:
    arrays = x(2, 5, 6, 3) | {"_roi": np.zeros(0), "_scales": np.zeros(0)} | ints(s=[7, 8])
    attrs = {"mode": "linear", "axes": [2, 1], "keep_aspect_ratio_policy": policy}
    model = model_of("Resize", 18, arrays, 1, **attrs)
    actual = aicc.compile(model, threads=1).run({"x": arrays["x"]})["y0"]
    scales = [7 / 6, 8 / 5]
    if policy != "stretch":
        scales = [(min if policy == "not_larger" else max)(scales)] * 2
    sizes = [int(scales[1] * 5 + 0.5), int(scales[0] * 6 + 0.5)]
    assert actual.shape == (2, *sizes, 3)


def test_resize_crops_and_extrapolates() -> None:
    arrays = x(1, 1, 6, 6) | {
        "roi": np.float32([0, 0, -0.2, 0.3, 1, 1, 0.8, 1.4]),
        "_scales": np.zeros(0),
        "s": np.array([1, 1, 4, 5], i64),
    }
    check(
        *run_both(
            "Resize", 13, arrays, mode="linear",
            coordinate_transformation_mode="tf_crop_and_resize", extrapolation_value=9.0,
        )
    )  # fmt: skip


@pytest.mark.parametrize("opset", [7, 9, 10])
def test_whole_number_enlargement(opset: int) -> None:
    data = random("up", (1, 2, 3, 4))
    scales = np.float32([1, 1, 2, 3])
    if opset == 7:
        model = model_of("Upsample", 7, {"x": data}, 1, scales=scales.tolist())
    else:
        operator = "Upsample" if opset == 9 else "Resize"
        model = model_of(operator, opset, {"x": data, "s": scales}, 1)
    actual = aicc.compile(model, threads=1).run({"x": data})["y0"]
    np.testing.assert_array_equal(actual, data.repeat(2, 2).repeat(3, 3))


def test_negative_pads_cut() -> None:
    arrays = x(4, 5) | ints(p=[-1, 2, 1, -3])
    actual = aicc.compile(model_of("Pad", 13, arrays, 1), threads=1).run({"x": arrays["x"]})["y0"]
    np.testing.assert_array_equal(actual, np.pad(arrays["x"][1:, :2], [(0, 1), (2, 0)]))


def test_indices_beyond_the_tensor_touch_nothing_else() -> None:
    arrays = x(3, 4) | ints(indices=[7, -9]) | {"updates": np.ones((2, 4), np.float32)}
    model = model_of("ScatterND", 13, arrays | {"indices": arrays["indices"][:, None]}, 1)
    feeds = arrays | {"indices": arrays["indices"][:, None]}
    actual = aicc.compile(model, threads=1).run(feeds)["y0"]
    np.testing.assert_array_equal(actual, arrays["x"])
    del arrays["updates"]
    actual = aicc.compile(model_of("Gather", 13, arrays, 1), threads=1).run(arrays)["y0"]
    np.testing.assert_array_equal(actual, arrays["x"][[2, 0]])


@pytest.mark.parametrize("mode", ["linear", "circular"])
def test_cache_update(mode: str) -> None:
    arrays = x(2, 3, 6, 4) | {"updates": random("new", (2, 3, 2, 4))} | ints(indices=[1, 4])
    if mode == "circular":
        arrays["indices"][1] = 5
    check(*run_both("TensorScatter", 24, arrays, mode=mode))


def test_positions_that_are_not_zero() -> None:
    data = np.float32([[1, 0, 3], [0, 0, 2]])
    exe = aicc.compile(model_of("NonZero", 13, {"x": data}, 1), threads=1)
    np.testing.assert_array_equal(exe.run({"x": data})["y0"], np.stack(np.nonzero(data)))
    data = np.float32([[0, 0, 0], [0, 5, 0]])
    np.testing.assert_array_equal(exe.run({"x": data})["y0"], [[1], [1]])
