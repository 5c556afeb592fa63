"""What is drawn of norms, attention, and the sums and pools that the common rules leave out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from graphs import Graph, Rejected, Value
from onnx import TensorProto

REDUCTIONS = ("ReduceL1", "ReduceLogSumExp", "ReduceSum", "ReduceMax", "ReduceProd", "ReduceMean")


def spread(value: Value, axes: tuple[int, ...]) -> None:
    """Norms of what hardly varies are rounding errors made large."""
    if not value.array.size or value.wide.std(axis=axes).min() < 0.05:
        raise Rejected


def group_norm(graph: Graph) -> None:
    """GroupNormalization; float64 by name, as by default the standard computes in float32."""
    value = graph.floats(3, 5)
    channels = value.shape[1]
    groups = graph.one_of([n for n in range(1, channels + 1) if channels % n == 0])
    if not value.array.size or graph.opset < 21:
        raise Rejected
    spread(Value("", value.array.reshape(value.shape[0], groups, -1), True), (2,))
    scale, bias = (graph.weight(graph.grid((channels,), value.array.dtype)) for _ in range(2))
    stash = TensorProto.DOUBLE if value.array.dtype == np.float64 else TensorProto.FLOAT
    attrs = {"num_groups": groups, "stash_type": stash}
    graph.node("GroupNormalization", [value, scale, bias], exact=False, **attrs)


def rms_norm(graph: Graph) -> None:
    """RMSNormalization over the last one or two axes.

    Of float64 the standard's function computes in float32 unless `stash_type` says otherwise;
    onnx's evaluator knows no other `stash_type` and computes in float64 all the same.
    """
    value = graph.floats(2)
    axis = graph.one_of([-1, -1, -2])
    spread(value, tuple(range(value.rank))[axis:])
    if graph.opset < 23 or value.array.dtype == np.float64:
        raise Rejected
    scale = graph.weight(graph.grid(value.shape[axis:], value.array.dtype))
    graph.node("RMSNormalization", [value, scale], exact=False, axis=axis)


def lp_norm(graph: Graph) -> None:
    """LpNormalization of order 2: of 1, onnx's evaluator forgets the signs."""
    value = graph.floats(1)
    axis = graph.number(-value.rank, value.rank - 1)
    spread(value, (axis,))
    graph.node("LpNormalization", [value], exact=False, axis=axis, p=2)


def mean_variance(graph: Graph) -> None:
    """MeanVarianceNormalization of images."""
    value = graph.floats(4, 4)
    spread(value, (0, 2, 3))
    graph.node("MeanVarianceNormalization", [value], exact=False)


def norm_with_bias(graph: Graph) -> None:
    """LayerNormalization with a bias and any epsilon."""
    value = graph.floats(2)
    axis = graph.one_of([-1, 1])
    spread(value, tuple(range(value.rank))[axis:])
    pair = [graph.weight(graph.grid(value.shape[axis:], value.array.dtype)) for _ in range(2)]
    epsilon = graph.one_of([1e-5, 1e-3, 0.5])
    graph.node("LayerNormalization", [value, *pair], exact=False, axis=axis, epsilon=epsilon)


def attention(graph: Graph) -> None:
    """Attention with fewer key heads, masks, a cap."""
    value = graph.floats(4, 4)
    batch, heads, rows, depth = value.shape
    if graph.opset < 23 or not value.array.size:
        raise Rejected
    kept = graph.one_of([heads, 1])
    keys = graph.one_of([rows, 1, 9])
    dtype = value.array.dtype
    k, v = (graph.weight(graph.grid((batch, kept, keys, n), dtype, -1, 1)) for n in (depth, 8))
    operands = [value, k, v]
    attrs: dict[str, Any] = {}
    if graph.chance(0.3):
        attrs["is_causal"] = 1
    elif graph.chance(0.4):
        # a row without any key would be divided by nothing
        mask = np.tri(rows, keys, graph.number(0, 2), dtype=bool)
        bias = np.where(mask, 0, -30).astype(dtype)
        operands.append(graph.weight(graph.one_of([mask, bias])))
    if graph.chance(0.3):
        attrs["softcap"] = 2.0
    # the function that defines the operator takes the default's root in f32, the evaluator in f64
    if graph.chance(0.3) or dtype == np.float64:
        attrs["scale"] = 0.25
    graph.node("Attention", operands, exact=False, **attrs)


def reduction_of_axes(op: str, graph: Graph) -> None:
    """A reduction with negative axes, none (all, or no effect), or all."""
    value = graph.pick(lambda v: v.rank > 0 and v.array.size > 0 and v.is_float)
    counts = [[], [-1], [-value.rank], list(range(value.rank))]
    axes = graph.integers(graph.one_of(counts))
    attrs = {"keepdims": graph.number(0, 1), "noop_with_empty_axes": graph.number(0, 1)}
    graph.node(op, [value, axes], exact=op == "ReduceMax", **attrs)


def integer_reduction(op: str, graph: Graph) -> None:
    """Sums and bounds of integers."""
    value = graph.pick(lambda v: v.rank > 0 and v.array.size > 0 and v.array.dtype.name in WHOLE)
    axes = graph.integers([graph.number(-value.rank, value.rank - 1)])
    graph.node(op, [value, axes], exact=True, keepdims=graph.number(0, 1))


WHOLE = ("int32", "int64")


def lp_pool(graph: Graph) -> None:
    """LpPool."""
    value = graph.floats(4, 4)
    kernel = [graph.number(1, 3) for _ in range(2)]
    attrs = {"strides": [graph.number(1, 2)] * 2, "p": graph.number(1, 3)}
    graph.node("LpPool", [value], exact=False, kernel_shape=kernel, **attrs)


def odd_pool(op: str, graph: Graph) -> None:
    """Pools with uneven pads, dilations, and names for pads."""
    value = graph.floats(3, 5)
    spatial = value.rank - 2
    kernel = [graph.number(1, 4) for _ in range(spatial)]
    attrs: dict[str, Any] = {"strides": [graph.number(1, 3) for _ in range(spatial)]}
    is_maximum = op == "MaxPool"
    if is_maximum and set(attrs["strides"]) == {1}:
        pass  # onnx's evaluator takes the pads of such a maximum in another order
    elif graph.chance(0.5):
        attrs["pads"] = [graph.number(0, (k - 1) // 2) for k in kernel * 2]
    elif graph.chance(0.5):
        # steps longer than the window would make pads negative
        is_wide = all(k >= s for k, s in zip(kernel, attrs["strides"], strict=True))
        # and the evaluator rounds the size of a SAME_LOWER maximum down
        same = ["SAME_UPPER"] if is_maximum else ["SAME_UPPER", "SAME_LOWER"]
        attrs["auto_pad"] = graph.one_of(same if is_wide else ["VALID"])
    if is_maximum and "auto_pad" not in attrs:
        attrs["dilations"] = [graph.number(1, 2) for _ in range(spatial)]
    graph.node(op, [value], exact=is_maximum, kernel_shape=kernel, **attrs)


def odd_conv_transpose(graph: Graph) -> None:
    """Transposed convolutions with groups, dilations, added rows, of one to three dimensions."""
    value = graph.floats(3, 5)
    spatial, channels = value.rank - 2, value.shape[1]
    if not channels:
        raise Rejected
    groups = graph.one_of([1, channels])
    kernel = [graph.number(1, 3) for _ in range(spatial)]
    strides = [graph.number(1, 3) for _ in range(spatial)]
    shape = (channels, graph.number(1, 4), *kernel)
    operands = [value, graph.weight(graph.grid(shape, value.array.dtype) / 4)]
    rows = [graph.number(0, s - 1) for s in strides]
    # onnx's evaluator adds no bias to added rows, and the first group's to all groups
    if groups == 1 and not any(rows):
        operands.append(graph.weight(graph.grid((shape[1] * groups,), value.array.dtype)))
    graph.node(
        "ConvTranspose",
        operands,
        exact=False,
        group=groups,
        strides=strides,
        dilations=[graph.number(1, 2) for _ in range(spatial)],
        output_padding=rows,
        pads=[graph.number(0, (k - 1) // 2) for k in kernel * 2],
    )


def contraction(graph: Graph) -> None:
    """Einsum with an ellipsis, of three operands, and of one."""
    value = graph.floats(2, 4)
    equation, shapes = graph.one_of(
        [
            ("...i,ij->...j", [(value.shape[-1], 3)]),
            ("...ij->...ji", []),
            ("...ij->...i", []),
            ("...i,i,i->...", [value.shape[-1:]] * 2),
        ]
    )
    others = [graph.weight(graph.grid(s, value.array.dtype, -0.5, 0.5)) for s in shapes]
    graph.node("Einsum", [value, *others], exact=False, equation=equation)


RULES: list[Callable[[Graph], Any]] = [
    *[group_norm, rms_norm, lp_norm, mean_variance, norm_with_bias],
    *[attention, attention, lp_pool, odd_conv_transpose, odd_conv_transpose, contraction],
    *(partial(odd_pool, op) for op in ("MaxPool", "AveragePool")),
    *(partial(reduction_of_axes, op) for op in REDUCTIONS),
    *(partial(integer_reduction, op) for op in ("ReduceSum", "ReduceMax", "ReduceMin")),
]
