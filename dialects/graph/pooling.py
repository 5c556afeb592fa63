"""Sliding-window maximum and mean."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, boolean, choice, integers, ir
from .linear import from_channels_first, to_channels_first
from .types import is_float, tensor

_WINDOW = {
    "kernel": integers(),
    "strides": integers(),
    "pads": integers(),
    "dilations": integers(),
    "ceil_mode": boolean(False),
    "layout": choice("NCHW", "NHWC", default="NCHW"),
}


def pooled_size(
    size: int, kernel: int, stride: int, dilation: int, begin: int, end: int, ceil_mode: bool
) -> int:
    """ONNX's rule: with `ceil_mode`, a last window that starts in the end padding is dropped."""
    span = size + begin + end - dilation * (kernel - 1) - 1
    if not ceil_mode:
        return span // stride + 1
    out = -(-span // stride) + 1
    return out - 1 if (out - 1) * stride >= size + begin else out


def _infer(x: Any, attrs: dict[str, Any]) -> Any:
    n, c, *size = to_channels_first(x.shape, attrs["layout"])
    spatial = len(size)
    for name in ("kernel", "strides", "dilations", "pads"):
        want = 2 * spatial if name == "pads" else spatial
        if len(attrs[name]) != want:
            raise VerifyError(f"expects {want} values in {name}, got {len(attrs[name])}")
        if name != "pads" and min(attrs[name], default=1) < 1:
            raise VerifyError(f"{name} must be positive, got {list(attrs[name])}")
    out = [
        pooled_size(
            size[i],
            attrs["kernel"][i],
            attrs["strides"][i],
            attrs["dilations"][i],
            attrs["pads"][i],
            attrs["pads"][spatial + i],
            attrs["ceil_mode"],
        )
        for i in range(spatial)
    ]
    return tensor(from_channels_first([n, c, *out], attrs["layout"]), x.element_type)


class MaxPool(GraphOp, name="max_pool", traits=[Pure]):
    """Maximum over each window; padding never wins."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = _WINDOW

    @staticmethod
    def infer(x: Any, **attrs: Any) -> Any:
        return _infer(x, attrs)


class AveragePool(GraphOp, name="average_pool", traits=[Pure]):
    """Mean over each window; padding counts as zeros only with `count_include_pad`."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {**_WINDOW, "count_include_pad": boolean(False)}

    @staticmethod
    def infer(x: Any, **attrs: Any) -> Any:
        if not is_float(x.element_type):
            raise VerifyError(f"expects floats, got {x}")
        return _infer(x, attrs)


class MaxPoolIndices(GraphOp, name="max_pool_indices", traits=[Pure]):
    """Where each window's first maximum stands: its place (i64) in the whole operand, NCHW.

    With `column_major`, the spatial dimensions count in reverse order.
    """

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {**_WINDOW, "column_major": boolean(False)}

    @staticmethod
    def infer(x: Any, *, column_major: bool, **attrs: Any) -> Any:
        if attrs["layout"] != "NCHW":
            raise VerifyError(f"expects layout NCHW, got {attrs['layout']}")
        return tensor(_infer(x, attrs).shape, ir.IntegerType.get_signless(64))
