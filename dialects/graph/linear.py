"""Matrix product and convolution."""

from collections.abc import Sequence
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    choice,
    element_type,
    integer,
    integers,
)
from .types import broadcast_shapes, tensor

# What a dot-product instruction multiplies and adds up in a lane.
DOT_BITS = 32
# operand types -> the type of their sums
_NARROW = {("8", "8"): "i32", ("bf16", "bf16"): "f32"}


def dot_group(element: Any) -> int:
    """Elements side by side in the dot layout: four bytes, or two bf16."""
    return DOT_BITS // element.width


def _sums(x: Any, w: Any, to: Any) -> Any:
    """The element type of sums of products: `to` for narrow operands, else that of both."""
    if to is None:
        if x.element_type != w.element_type:
            raise VerifyError(f"mixes element types {x.element_type} and {w.element_type}")
        return x.element_type
    kinds = [str(t.element_type).removeprefix("u").removeprefix("i") for t in (x, w)]
    if _NARROW.get((kinds[0], kinds[1])) != str(to):
        raise VerifyError(f"sums {x.element_type} times {w.element_type} in {to}")
    return to


class Matmul(GraphOp, name="matmul", traits=[Pure]):
    """y[.., m, n] = sum_k lhs[.., m, k] * rhs[.., k, n]; leading dimensions broadcast.

    `rhs_layout = "packed"`: rhs is [ceil(N/block), K, block], zero-filled beyond N = `columns`;
    "dot": [ceil(N/block), K/g, block, g], where g elements take 32 bits. `to`: the type of the sums
    of narrow operands, i32 of 8-bit integers and f32 of bf16.
    """

    lhs: Operand[Tensor]
    rhs: Operand[Tensor]
    y: Result[Tensor]
    attrs = {
        "rhs_layout": choice("KN", "packed", "dot", default="KN"),
        "columns": integer(None),
        "to": element_type(None),
    }

    @staticmethod
    def infer(lhs: Any, rhs: Any, *, rhs_layout: str, columns: Any, to: Any) -> Any:
        element = _sums(lhs, rhs, to)
        if lhs.rank < 2 or rhs.rank < 2:
            raise VerifyError(f"expects matrices, got {lhs} and {rhs}")
        if rhs_layout != "KN":
            k = rhs.shape[1] * (rhs.shape[3] if rhs_layout == "dot" else 1)
            shape = [*lhs.shape[:-1], columns]
        else:
            k = rhs.shape[-2]
            batch = broadcast_shapes(lhs.shape[:-2], rhs.shape[:-2])
            shape = [*batch, lhs.shape[-2], rhs.shape[-1]]
        if lhs.shape[-1] != k:
            raise VerifyError(f"contracts {lhs.shape[-1]} columns with {k} rows")
        return tensor(shape, element)


def to_channels_first(shape: Sequence[int], layout: str) -> list[int]:
    """[N, C, spatial...] of an image shape in `layout` (NCHW or NHWC, any spatial rank)."""
    return list(shape) if layout == "NCHW" else [shape[0], shape[-1], *shape[1:-1]]


def from_channels_first(shape: Sequence[int], layout: str) -> list[int]:
    """Shape in `layout` of [N, C, spatial...]."""
    return list(shape) if layout == "NCHW" else [shape[0], *shape[2:], shape[1]]


def window_output(size: int, kernel: int, stride: int, dilation: int, pad: int) -> int:
    """Output positions of a sliding window; `pad` is the sum of both sides."""
    return (size + pad - dilation * (kernel - 1) - 1) // stride + 1


def _check_window(spatial: int, **lists: Sequence[int]) -> None:
    for name, values in lists.items():
        want = 2 * spatial if name == "pads" else spatial
        if len(values) != want:
            raise VerifyError(f"expects {want} {name}, got {len(values)}")
        if name != "pads" and min(values) < 1:
            raise VerifyError(f"{name} must be positive, got {list(values)}")


def _check_types(x: Any, w: Any, bias: Any, to: Any = None) -> Any:
    """The element type of the result, which is the bias's too."""
    element = _sums(x, w, to)
    if bias is not None and bias.element_type != element:
        raise VerifyError(f"adds a bias of {bias.element_type} to sums of {element}")
    return element


_WINDOW = {"strides": integers(), "pads": integers(), "dilations": integers()}
_LAYOUT = choice("NCHW", "NHWC", default="NCHW")


class Conv(GraphOp, name="conv", traits=[Pure]):
    """Convolution (cross-correlation) with zero padding, any number of spatial dimensions.

    `pads` are all begins, then all ends. `filter_layout`: OIHW = [O, I/group, kernel...];
    packed = [O/block, kernel..., I/group, block] with O = `out_channels`, zero-filled beyond O;
    dot = [O/block, kernel..., I/g, block, g], where g elements take 32 bits; depthwise =
    [kernel..., O] for group = I = O. `to`: the type of the sums of narrow operands, i32 of 8-bit
    integers, which are padded with `padding`, and f32 of bf16.
    """

    x: Operand[Tensor]
    w: Operand[Tensor]
    y: Result[Tensor]
    bias: Operand[Tensor] | None = None
    attrs = {
        **_WINDOW,
        "group": integer(1),
        "layout": _LAYOUT,
        "filter_layout": choice("OIHW", "packed", "dot", "depthwise", default="OIHW"),
        "out_channels": integer(None),
        "to": element_type(None),
        "padding": integer(0),
    }

    @staticmethod
    def infer(
        x: Any,
        w: Any,
        bias: Any = None,
        *,
        strides: list[int],
        pads: list[int],
        dilations: list[int],
        group: int,
        layout: str,
        filter_layout: str,
        out_channels: Any,
        to: Any,
        padding: int,
    ) -> Any:
        spatial = x.rank - 2
        if spatial < 1:
            raise VerifyError(f"expects at least one spatial dimension, got {x}")
        element = _check_types(x, w, bias, to)
        if padding and to is None:
            raise VerifyError(f"pads {x.element_type} with {padding}")
        _check_window(spatial, strides=strides, pads=pads, dilations=dilations)
        n, c, *size = to_channels_first(x.shape, layout)
        kernel, in_per_group, out = filter_dims(w.shape, filter_layout, out_channels)
        if len(kernel) != spatial:
            raise VerifyError(f"expects a filter of {spatial} spatial dimensions, got {w}")
        if in_per_group * group != c or out % group:
            raise VerifyError(f"{c} input channels, filter {w}, group {group} do not fit")
        if bias is not None and list(bias.shape) != [out]:
            raise VerifyError(f"expects a bias of {out} elements, got {bias}")
        result = [
            window_output(size[i], kernel[i], strides[i], dilations[i], pads[i] + pads[spatial + i])
            for i in range(spatial)
        ]
        return tensor(from_channels_first([n, out, *result], layout), element)


def filter_dims(
    shape: Sequence[int], filter_layout: str, out_channels: Any
) -> tuple[list[int], int, int]:
    """(kernel sizes, input channels per group, output channels) of a filter shape."""
    if filter_layout == "packed":
        return list(shape[1:-2]), shape[-2], out_channels
    if filter_layout == "dot":
        return list(shape[1:-3]), shape[-3] * shape[-1], out_channels
    if filter_layout == "depthwise":
        return list(shape[:-1]), 1, shape[-1]
    return list(shape[2:]), shape[1], shape[0]


class ConvTranspose(GraphOp, name="conv_transpose", traits=[Pure]):
    """Gradient of a convolution by its input (ONNX ConvTranspose). w = [I, O/group, kernel...]."""

    x: Operand[Tensor]
    w: Operand[Tensor]
    y: Result[Tensor]
    bias: Operand[Tensor] | None = None
    attrs = {**_WINDOW, "group": integer(1), "output_padding": integers()}

    @staticmethod
    def infer(
        x: Any,
        w: Any,
        bias: Any = None,
        *,
        strides: list[int],
        pads: list[int],
        dilations: list[int],
        group: int,
        output_padding: list[int],
    ) -> Any:
        spatial = x.rank - 2
        _check_types(x, w, bias)
        _check_window(spatial, strides=strides, pads=pads, dilations=dilations)
        n, c, *size = x.shape
        if w.rank != x.rank or w.shape[0] != c or c % group:
            raise VerifyError(f"{c} input channels, filter {w}, group {group} do not fit")
        out = w.shape[1] * group
        result = [
            (size[i] - 1) * strides[i]
            + output_padding[i]
            + dilations[i] * (w.shape[2 + i] - 1)
            + 1
            - pads[i]
            - pads[spatial + i]
            for i in range(spatial)
        ]
        return tensor([n, out, *result], x.element_type)
