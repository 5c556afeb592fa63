"""Reductions and what is made of them: softmax, normalisations."""

import types
from typing import Any

from .base import (
    GraphOp,
    Operand,
    Pure,
    Result,
    Tensor,
    VerifyError,
    boolean,
    choice,
    floating,
    integer,
    integers,
    ir,
)
from .types import broadcast_shapes, is_float, normalize_axes, normalize_axis, tensor


def reduced_shape(shape: list[int], axes: list[int], keepdims: bool) -> list[int]:
    """Shape after reducing `axes` (counted from the front)."""
    if keepdims:
        return [1 if i in axes else d for i, d in enumerate(shape)]
    return [d for i, d in enumerate(shape) if i not in axes]


class ReduceOp(GraphOp):
    """Reduction over `axes`; an empty list reduces nothing."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axes": integers(), "keepdims": boolean(True)}

    @classmethod
    def infer(cls, x: Any, *, axes: list[int], keepdims: bool) -> Any:
        return tensor(
            reduced_shape(x.shape, normalize_axes(axes, x.rank), keepdims), x.element_type
        )


def _define(name: str) -> Any:
    camel = "".join(part.capitalize() for part in name.split("_"))
    body = {"attrs": ReduceOp.attrs, "__module__": __name__, "__annotations__": {}}
    body["__doc__"] = f"`{name.removeprefix('reduce_')}` over the reduced elements."
    return types.new_class(
        camel, (ReduceOp,), {"name": name, "traits": [Pure]}, lambda n: n.update(body)
    )


# name -> class. The mean of integers truncates, as ONNX's does.
REDUCE = {
    name: _define(name)
    for name in ("reduce_sum", "reduce_mean", "reduce_max", "reduce_min", "reduce_prod")
}


class ArgReduceOp(GraphOp):
    """Index (i64) of the extreme element along `axis`; the first one, or the last one."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(), "keepdims": boolean(True), "select_last": boolean(False)}

    @classmethod
    def infer(cls, x: Any, *, axis: int, keepdims: bool, select_last: bool) -> Any:
        shape = reduced_shape(x.shape, [normalize_axis(axis, x.rank)], keepdims)
        return tensor(shape, ir.IntegerType.get_signless(64))


class ArgMax(ArgReduceOp, name="arg_max", traits=[Pure]):
    """Index of the maximum along `axis`."""

    attrs = ArgReduceOp.attrs


class ArgMin(ArgReduceOp, name="arg_min", traits=[Pure]):
    """Index of the minimum along `axis`."""

    attrs = ArgReduceOp.attrs


class RunningOp(GraphOp):
    """Fold of the elements up to each one along `axis`; `exclusive` leaves that one out."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(), "exclusive": boolean(False), "reverse": boolean(False)}

    @staticmethod
    def infer(x: Any, *, axis: int, exclusive: bool, reverse: bool) -> Any:
        normalize_axis(axis, x.rank)
        return x


class CumSum(RunningOp, name="cumsum", traits=[Pure]):
    """Running sum along `axis`."""

    attrs = RunningOp.attrs


class CumProd(RunningOp, name="cumprod", traits=[Pure]):
    """Running product along `axis`."""

    attrs = RunningOp.attrs


class Softmax(GraphOp, name="softmax", traits=[Pure]):
    """exp(x - max) / sum(exp(x - max)) along `axis`; with `log`, its logarithm."""

    x: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"axis": integer(), "log": boolean(False)}

    @staticmethod
    def infer(x: Any, *, axis: int, log: bool) -> Any:
        if not is_float(x.element_type):
            raise VerifyError(f"expects floats, got {x}")
        normalize_axis(axis, x.rank)
        return x


def _require_floats(*operands: Any) -> None:
    for t in operands:
        if t is not None and not is_float(t.element_type):
            raise VerifyError(f"expects floats, got {t}")


class BatchNorm(GraphOp, name="batch_norm", traits=[Pure]):
    """(x - mean) / sqrt(variance + epsilon) * scale + bias, the four given per channel."""

    x: Operand[Tensor]
    scale: Operand[Tensor]
    bias: Operand[Tensor]
    mean: Operand[Tensor]
    variance: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"epsilon": floating(1e-5), "layout": choice("NCHW", "NHWC", default="NCHW")}

    @staticmethod
    def infer(
        x: Any, scale: Any, bias: Any, mean: Any, variance: Any, *, epsilon: float, layout: str
    ) -> Any:
        _require_floats(x, scale, bias, mean, variance)
        channels = x.shape[1 if layout == "NCHW" else -1]
        for words, t in (("scale", scale), ("bias", bias), ("mean", mean), ("variance", variance)):
            if list(t.shape) != [channels]:
                raise VerifyError(f"expects {words} of {channels} elements, got {t}")
        return x


class LayerNorm(GraphOp, name="layer_norm", traits=[Pure]):
    """Mean 0, variance 1 over the dimensions from `axis` on; then scaled (and shifted).

    Without `center` the mean stays: x / sqrt(mean(x^2) + epsilon), the root mean square norm.
    """

    x: Operand[Tensor]
    scale: Operand[Tensor]
    y: Result[Tensor]
    bias: Operand[Tensor] | None = None
    attrs = {"axis": integer(-1), "epsilon": floating(1e-5), "center": boolean(True)}

    @staticmethod
    def infer(
        x: Any, scale: Any, bias: Any = None, *, axis: int, epsilon: float, center: bool
    ) -> Any:
        _require_floats(x, scale, bias)
        axis = normalize_axis(axis, x.rank)
        for t in (scale, bias):
            if t is not None and t.element_type != x.element_type:
                raise VerifyError(f"mixes element types {x.element_type} and {t.element_type}")
            if t is not None and broadcast_shapes(x.shape[axis:], t.shape) != x.shape[axis:]:
                raise VerifyError(f"cannot scale or shift {x} from axis {axis} on by {t}")
        return x


class InstanceNorm(GraphOp, name="instance_norm", traits=[Pure]):
    """Mean 0, variance 1 over the spatial dimensions of each channel; then scaled and shifted."""

    x: Operand[Tensor]
    scale: Operand[Tensor]
    bias: Operand[Tensor]
    y: Result[Tensor]
    attrs = {"epsilon": floating(1e-5), "layout": choice("NCHW", "NHWC", default="NCHW")}

    @staticmethod
    def infer(x: Any, scale: Any, bias: Any, *, epsilon: float, layout: str) -> Any:
        _require_floats(x, scale, bias)
        channels = x.shape[1 if layout == "NCHW" else -1]
        if list(scale.shape) != [channels] or list(bias.shape) != [channels]:
            raise VerifyError(f"expects scale and bias of {channels} elements")
        return x
