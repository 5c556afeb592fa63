"""Sampling for deformable convolution."""

from typing import Any

from .base import GraphOp, Operand, Pure, Result, Tensor, VerifyError, integer, integers
from .linear import window_output
from .types import element_count, is_float, tensor


class DeformColumns(GraphOp, name="deform_columns", traits=[Pure]):
    """What each position of a sliding window reads, moved by an offset: [N, C, taps, spatial...].

    Tap k of the window at o reads x at o * stride - pad + k * dilation + offset, linearly between
    the elements around it, zero outside of x, times the mask. x is NCHW with any number of spatial
    dimensions; offset [N, groups * taps * dimensions, spatial...] and mask [N, groups * taps,
    spatial...] hold for `groups` equal runs of channels.
    """

    x: Operand[Tensor]
    offset: Operand[Tensor]
    y: Result[Tensor]
    mask: Operand[Tensor] | None = None
    attrs = {
        "kernel": integers(),
        "strides": integers(),
        "pads": integers(),
        "dilations": integers(),
        "groups": integer(1),
    }

    @staticmethod
    def infer(x: Any, offset: Any, mask: Any = None, **attrs: Any) -> Any:
        spatial, taps, groups = x.rank - 2, element_count(attrs["kernel"]), attrs["groups"]
        if spatial < 1 or any(not is_float(t.element_type) for t in (x, offset)):
            raise VerifyError(f"expects images and offsets of floats, got {x} and {offset}")
        for name, want in (("kernel", 1), ("strides", 1), ("dilations", 1), ("pads", 2)):
            if len(attrs[name]) != want * spatial:
                raise VerifyError(f"expects {want * spatial} values in {name}")
        if groups < 1 or x.shape[1] % groups:
            raise VerifyError(f"{x.shape[1]} channels are not {groups} equal groups")
        size = [_positions(x, attrs, d) for d in range(spatial)]
        _expect_shape("offset", offset, [x.shape[0], groups * taps * spatial, *size])
        if mask is not None:
            _expect_shape("mask", mask, [x.shape[0], groups * taps, *size])
        return tensor([x.shape[0], x.shape[1], taps, *size], x.element_type)


def _positions(x: Any, attrs: dict[str, Any], d: int) -> int:
    pads, kernel = attrs["pads"], attrs["kernel"]
    pad = pads[d] + pads[len(kernel) + d]
    return window_output(x.shape[2 + d], kernel[d], attrs["strides"][d], attrs["dilations"][d], pad)


def _expect_shape(words: str, operand: Any, shape: list[int]) -> None:
    if list(operand.shape) != shape:
        raise VerifyError(f"expects shape {shape} of the {words}, got {operand}")
