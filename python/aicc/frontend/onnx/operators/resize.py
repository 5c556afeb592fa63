"""Resizing and sampling: Resize, Upsample, grids and regions.

Resizing is separable. Where each axis reads, and by which weights, is known when compiling: see
`axis_sampling`. Nearest neighbours are a gather, a whole-number enlargement a broadcast copy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, UNARY, Cast, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.linear import Matmul
from aicc.dialects.graph.movement import Expand, Reshape, Transpose
from aicc.dialects.graph.resize import GridSample, Interpolate, RoiAlign
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of, element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from ..sampling import AxisSampling, Kernel, axis_sampling


@dataclass(frozen=True)
class Extents:
    """What becomes of each dimension: its size, scale, and region of interest (start, end)."""

    sizes: list[int]
    scales: list[float]
    rois: list[tuple[float, float]]


def _extents(
    n: Node, shape: Sequence[int], scales: Any, sizes: Any, roi: Any, axes: list[int], policy: str
) -> Extents:
    """Spread what is given per axis over all dimensions."""
    out = Extents(list(shape), [1.0] * len(shape), [(0.0, 1.0)] * len(shape))
    given = sizes if sizes else scales
    if not given or len(given) != len(axes):
        n.invalid(f"has {len(given or [])} scales or sizes for {len(axes)} axes")
    if sizes:
        factors = [s / shape[a] if s else 0.0 for s, a in zip(sizes, axes, strict=True)]
    else:
        factors = list(scales)
    if sizes and policy != "stretch":
        shared = min(factors) if policy == "not_larger" else max(factors)
        factors = [shared] * len(axes)
    for i, a in enumerate(axes):
        out.scales[a] = factors[i]
        out.sizes[a] = int(np.floor(factors[i] * shape[a]))
        if sizes:
            out.sizes[a] = sizes[i] if policy == "stretch" else int(factors[i] * shape[a] + 0.5)
        if roi:
            out.rois[a] = (roi[i], roi[len(axes) + i])
    return out


def _resize(n: Node, x: Any, extents: Extents, kernel: Kernel, outside: float) -> Any:
    """Resize axis by axis; those that shrink first, then from the innermost one outwards."""
    shape = list(x.type.shape)
    if 0 in extents.sizes:
        return n.constant(np.zeros(extents.sizes, numpy_dtype(dtype_of(x.type.element_type))))
    plans = {}
    for axis, size in enumerate(extents.sizes):
        plan = axis_sampling(shape[axis], size, extents.scales[axis], extents.rois[axis], kernel)
        if not plan.is_identity(shape[axis]):
            plans[axis] = plan
    if all(p.repeats(shape[a]) for a, p in plans.items()):
        return _repeated(n, x, {a: p.repeats(shape[a]) for a, p in plans.items()})
    element = x.type.element_type
    if kernel.mode != "nearest" and str(element) not in ("f32", "f64"):
        x = n.emit(Cast, x, to=element_type_of("float32"))
    for axis in sorted(plans, key=lambda a: (extents.sizes[a] > shape[a], -a)):
        x = _sample(n, x, axis, plans[axis])
    for axis, plan in plans.items():
        if plan.outside.any():
            mask = plan.outside.reshape([-1 if i == axis else 1 for i in range(len(shape))])
            x = n.emit(Where, n.constant(mask), n.like(outside, x), x)
    return x if x.type.element_type == element else _narrowed(n, x, element)


def _narrowed(n: Node, x: Any, element: Any) -> Any:
    """Back to a narrower type; integers are rounded, and saturate where a kernel overshoots."""
    if not is_float(element):
        limits = np.iinfo(numpy_dtype(dtype_of(element)))
        x = n.emit(UNARY["round"], x)
        x = n.emit(BINARY["maximum"], x, n.like(limits.min, x))
        x = n.emit(BINARY["minimum"], x, n.like(limits.max, x))
    return n.emit(Cast, x, to=element)


def _sample(n: Node, x: Any, axis: int, plan: AxisSampling) -> Any:
    if plan.weights is None:
        return n.emit(Gather, x, n.constant(plan.positions[:, 0], np.int64), axis=axis)
    dtype = numpy_dtype(dtype_of(x.type.element_type))
    weights = n.constant(plan.weights.astype(dtype))
    return n.emit(Interpolate, x, n.constant(plan.positions, np.int64), weights, axis=axis)


def _repeated(n: Node, x: Any, factors: dict[int, int]) -> Any:
    """Every element of dimension a `factors[a]` times in a row: one broadcast copy."""
    if not factors:
        return x
    split, wide, final = [], [], []
    for axis, size in enumerate(x.type.shape):
        times = factors.get(axis, 1)
        split += [size, 1] if times > 1 else [size]
        wide += [size, times] if times > 1 else [size]
        final.append(size * times)
    x = n.emit(Expand, n.emit(Reshape, x, shape=split), shape=wide)
    return n.emit(Reshape, x, shape=final)


def _floats(n: Node, value: Any, words: str) -> list[float]:
    return [] if value is None else [float(v) for v in n.array(value, words).reshape(-1)]


@onnx_op("Resize", since=11)
def resize(
    n: Node,
    x: Any,
    roi: Any = None,
    scales: Any = None,
    sizes: Any = None,
    *,
    antialias: int = 0,
    axes: list[int] | None = None,
    coordinate_transformation_mode: str = "half_pixel",
    cubic_coeff_a: float = -0.75,
    exclude_outside: int = 0,
    extrapolation_value: float = 0.0,
    keep_aspect_ratio_policy: str = "stretch",
    mode: str = "nearest",
    nearest_mode: str = "round_prefer_floor",
) -> Any:
    """Interpolation at positions that scales or sizes decide."""
    crops = coordinate_transformation_mode == "tf_crop_and_resize"
    rank = x.type.rank
    along = [a % rank for a in axes] if axes else list(range(rank))
    extents = _extents(
        n,
        list(x.type.shape),
        _floats(n, scales, "the scales"),
        [] if sizes is None else n.integers(sizes, "the sizes"),
        _floats(n, roi, "the region") if crops else [],
        along,
        keep_aspect_ratio_policy,
    )
    kernel = Kernel(
        mode,
        coordinate_transformation_mode,
        nearest_mode,
        cubic_coeff_a,
        bool(exclude_outside),
        bool(antialias),
    )
    return _resize(n, x, extents, kernel, extrapolation_value)


@onnx_op("Resize", "Upsample", since=9)
def resize_9(n: Node, x: Any, scales: Any, *, mode: str = "nearest") -> Any:
    """Positions are multiples of 1 / scale; the nearest neighbour is the one before."""
    return upsample_7(n, x, scales=_floats(n, scales, "the scales"), mode=mode)


@onnx_op("Upsample", since=7)
def upsample_7(n: Node, x: Any, *, scales: list[float], mode: str = "nearest") -> Any:
    """Upsample with the scales as an attribute."""
    rank = x.type.rank
    extents = _extents(n, list(x.type.shape), scales, [], [], list(range(rank)), "stretch")
    kind = "nearest" if mode == "nearest" else "linear"
    return _resize(n, x, extents, Kernel(kind, "asymmetric", "floor"), 0.0)


_SAMPLE_MODES = {"bilinear": "linear", "bicubic": "cubic"}


@onnx_op("GridSample", since=16)
def grid_sample(
    n: Node,
    x: Any,
    grid: Any,
    *,
    align_corners: int = 0,
    mode: str = "linear",
    padding_mode: str = "zeros",
) -> Any:
    """Interpolation at positions given as data."""
    return n.emit(
        GridSample,
        x,
        grid,
        mode=_SAMPLE_MODES.get(mode, mode),
        padding=padding_mode,
        align_corners=bool(align_corners),
    )


def _roi_align(n: Node, x: Any, rois: Any, batches: Any, half_pixel: bool, attrs: Any) -> Any:
    if not is_float(x.type.element_type):
        n.invalid(f"expects floats, got {x.type}")
    return n.emit(
        RoiAlign,
        x,
        rois,
        batches,
        size=[attrs["output_height"], attrs["output_width"]],
        mode=attrs["mode"],
        sampling_ratio=attrs["sampling_ratio"],
        scale=attrs["spatial_scale"],
        offset=0.5 if half_pixel else 0.0,
    )


@onnx_op("RoiAlign", since=10)
def roi_align_10(
    n: Node,
    x: Any,
    rois: Any,
    batches: Any,
    *,
    mode: str = "avg",
    output_height: int = 1,
    output_width: int = 1,
    sampling_ratio: int = 0,
    spatial_scale: float = 1.0,
) -> Any:
    """Regions cut out and averaged; coordinates name element corners."""
    attrs = dict(mode=mode, output_height=output_height, output_width=output_width)
    rest = dict(sampling_ratio=sampling_ratio, spatial_scale=spatial_scale)
    return _roi_align(n, x, rois, batches, False, attrs | rest)


@onnx_op("RoiAlign", since=16)
def roi_align_16(
    n: Node,
    x: Any,
    rois: Any,
    batches: Any,
    *,
    coordinate_transformation_mode: str = "half_pixel",
    mode: str = "avg",
    output_height: int = 1,
    output_width: int = 1,
    sampling_ratio: int = 0,
    spatial_scale: float = 1.0,
) -> Any:
    """Coordinates name element centres by default."""
    attrs = dict(mode=mode, output_height=output_height, output_width=output_width)
    rest = dict(sampling_ratio=sampling_ratio, spatial_scale=spatial_scale)
    half_pixel = coordinate_transformation_mode == "half_pixel"
    return _roi_align(n, x, rois, batches, half_pixel, attrs | rest)


@onnx_op("AffineGrid", since=20)
def affine_grid(n: Node, theta: Any, size: Any, *, align_corners: int = 0) -> Any:
    """The grid of all positions in [-1, 1], innermost coordinate first, moved by a matrix each."""
    image = n.integers(size, "the size of the image")[2:]
    spatial = len(image)
    if list(theta.type.shape[1:]) != [spatial, spatial + 1]:
        n.invalid(f"moves {spatial} coordinates by {theta.type}")
    axes = [_unit_positions(d, bool(align_corners)) for d in image]
    places = np.stack([*np.meshgrid(*axes, indexing="ij")[::-1], np.ones(image)], axis=-1)
    dtype = numpy_dtype(dtype_of(theta.type.element_type))
    lhs = n.constant(places.reshape(1, -1, spatial + 1).astype(dtype))
    moved = n.emit(Matmul, lhs, n.emit(Transpose, theta, permutation=[0, 2, 1]))
    return n.emit(Reshape, moved, shape=[theta.type.shape[0], *image, spatial])


def _unit_positions(size: int, align_corners: bool) -> np.ndarray[Any, Any]:
    """`size` places in [-1, 1]: from border to border, or in the middle of equal cells."""
    if align_corners:
        return np.linspace(-1.0, 1.0, size) if size > 1 else np.zeros(size)
    return (np.arange(size) * 2 + 1) / size - 1
