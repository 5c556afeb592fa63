"""Reductions over axes, positions of extremes, running sums and products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aicc.dialects.graph.elementwise import BINARY, PREDICATES, UNARY, Where
from aicc.dialects.graph.reduction import REDUCE, ArgMax, ArgMin, CumProd, CumSum
from aicc.dialects.graph.types import element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from .casts import converted

Reduction = Callable[[Node, Any, list[int], bool], Any]


def reduced(n: Node, kind: str, x: Any, axes: list[int], keepdims: bool) -> Any:
    """x folded over `axes` by sum, mean, max, min or prod."""
    return n.emit(REDUCE[f"reduce_{kind}"], x, axes=axes, keepdims=keepdims)


def _sum_square(n: Node, x: Any, axes: list[int], keepdims: bool) -> Any:
    return reduced(n, "sum", n.emit(BINARY["mul"], x, x), axes, keepdims)


def _l1(n: Node, x: Any, axes: list[int], keepdims: bool) -> Any:
    return reduced(n, "sum", n.emit(UNARY["abs"], x), axes, keepdims)


def _on_floats(n: Node, function: str, x: Any) -> Any:
    """The function; of integers in f64, truncated."""
    element = x.type.element_type
    if is_float(element):
        return n.emit(UNARY[function], x)
    return converted(
        n, n.emit(UNARY[function], converted(n, x, element_type_of("float64"))), element
    )


def _l2(n: Node, x: Any, axes: list[int], keepdims: bool) -> Any:
    return _on_floats(n, "sqrt", _sum_square(n, x, axes, keepdims))


def _log_sum(n: Node, x: Any, axes: list[int], keepdims: bool) -> Any:
    return _on_floats(n, "log", reduced(n, "sum", x, axes, keepdims))


def _log_sum_exp(n: Node, x: Any, axes: list[int], keepdims: bool) -> Any:
    """max + log(sum(exp(x - max))): no exponential overflows; an infinite maximum counts as 0."""
    element = x.type.element_type
    if not is_float(element):
        wide = converted(n, x, element_type_of("float64"))
        return converted(n, _log_sum_exp(n, wide, axes, keepdims), element)
    largest = reduced(n, "max", x, axes, keepdims=True)
    infinite = n.emit(PREDICATES["is_inf"], largest)
    shift = n.emit(Where, infinite, n.like(0, x), largest)
    exps = n.emit(UNARY["exp"], n.emit(BINARY["sub"], x, shift))
    logs = n.emit(UNARY["log"], reduced(n, "sum", exps, axes, keepdims=True))
    y = n.emit(BINARY["add"], logs, shift)
    # the reduction of unit dimensions drops them
    return y if keepdims else reduced(n, "sum", y, axes, keepdims=False)


def _plain(kind: str) -> Reduction:
    return lambda n, x, axes, keepdims: reduced(n, kind, x, axes, keepdims)


_REDUCTIONS: dict[str, Reduction] = {
    "ReduceSum": _plain("sum"),
    "ReduceMean": _plain("mean"),
    "ReduceMax": _plain("max"),
    "ReduceMin": _plain("min"),
    "ReduceProd": _plain("prod"),
    "ReduceL1": _l1,
    "ReduceL2": _l2,
    "ReduceLogSum": _log_sum,
    "ReduceLogSumExp": _log_sum_exp,
    "ReduceSumSquare": _sum_square,
}


def _register(operator: str, rule: Reduction) -> None:
    def with_attribute(n: Node, x: Any, *, axes: list[int] | None = None, keepdims: int = 1) -> Any:
        chosen = list(range(x.type.rank)) if axes is None else axes
        return rule(n, x, chosen, bool(keepdims))

    def with_operand(
        n: Node, x: Any, axes: Any = None, *, keepdims: int = 1, noop_with_empty_axes: int = 0
    ) -> Any:
        chosen = [] if axes is None else n.integers(axes, "the axes")
        if not chosen and not noop_with_empty_axes:
            chosen = list(range(x.type.rank))
        return rule(n, x, chosen, bool(keepdims))

    onnx_op(operator)(with_attribute)
    onnx_op(operator, since=13 if operator == "ReduceSum" else 18)(with_operand)


for _operator, _rule in _REDUCTIONS.items():
    _register(_operator, _rule)


@onnx_op("ArgMax")
def arg_max(
    n: Node, x: Any, *, axis: int = 0, keepdims: int = 1, select_last_index: int = 0
) -> Any:
    """Position of the maximum along `axis`."""
    attrs = {"keepdims": bool(keepdims), "select_last": bool(select_last_index)}
    return n.emit(ArgMax, x, axis=axis, **attrs)


@onnx_op("ArgMin")
def arg_min(
    n: Node, x: Any, *, axis: int = 0, keepdims: int = 1, select_last_index: int = 0
) -> Any:
    """Position of the minimum along `axis`."""
    attrs = {"keepdims": bool(keepdims), "select_last": bool(select_last_index)}
    return n.emit(ArgMin, x, axis=axis, **attrs)


def _running(op: type) -> Callable[..., Any]:
    def rule(n: Node, x: Any, axis: Any, *, exclusive: int = 0, reverse: int = 0) -> Any:
        (along,) = n.integers(axis, "the axis")
        return n.emit(op, x, axis=along, exclusive=bool(exclusive), reverse=bool(reverse))

    return rule


onnx_op("CumSum")(_running(CumSum))
onnx_op("CumProd")(_running(CumProd))
