"""Steps of optimisers (ai.onnx.preview.training): a rate, a step count, then groups of tensors.

The operands after the first two are all parameters, then all gradients, then all states of one
kind after the other; the results follow the same order, without the gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aicc.dialects.graph.elementwise import UNARY, Cast, Where
from aicc.dialects.graph.movement import Reshape

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, div, mul, sub

DOMAIN = "ai.onnx.preview.training"


def _scalar(n: Node, value: Any, like: Any) -> Any:
    """A rate or step count as a scalar of the parameters' type."""
    value = n.emit(Reshape, value, shape=[])
    element = like.type.element_type
    return value if value.type.element_type == element else n.emit(Cast, value, to=element)


def _is_later(n: Node, step: Any) -> Any:
    """True after the first step."""
    return binary(n, "greater", step, 0)


def _regularized(n: Node, x: Any, gradient: Any, norm_coefficient: float) -> Any:
    """The gradient with that of the penalty norm_coefficient / 2 * x^2."""
    return add(n, mul(n, norm_coefficient, x), gradient) if norm_coefficient else gradient


def _each(
    n: Node, tensors: Sequence[Any], kinds: int, step: Callable[..., tuple[Any, ...]]
) -> list[Any]:
    """`step` on every parameter with its gradient and states; results kind by kind."""
    count, rest = divmod(len(tensors), kinds)
    if rest or not count:
        n.invalid(f"has {len(tensors)} tensors, expected a multiple of {kinds}")
    updated = [step(*tensors[i::count]) for i in range(count)]
    return [value for kind in zip(*updated, strict=True) for value in kind]


@onnx_op("Adagrad", domain=DOMAIN)
def adagrad(
    n: Node,
    rate: Any,
    count: Any,
    *tensors: Any,
    decay_factor: float = 0.0,
    epsilon: float = 1e-6,
    norm_coefficient: float = 0.0,
) -> Any:
    """x - r / (1 + t * decay) * g / (sqrt(h) + epsilon), h the running sum of g^2."""

    def step(x: Any, gradient: Any, h: Any) -> tuple[Any, ...]:
        r, t = _scalar(n, rate, x), _scalar(n, count, x)
        r = div(n, r, add(n, mul(n, t, decay_factor), 1.0))
        g = _regularized(n, x, gradient, norm_coefficient)
        h = add(n, h, mul(n, g, g))
        scale = add(n, n.emit(UNARY["sqrt"], h), epsilon)
        return sub(n, x, div(n, mul(n, r, g), scale)), h

    return _each(n, tensors, 3, step)


@onnx_op("Adam", domain=DOMAIN)
def adam(
    n: Node,
    rate: Any,
    count: Any,
    *tensors: Any,
    alpha: float = 0.9,
    beta: float = 0.999,
    epsilon: float = 1e-6,
    norm_coefficient: float = 0.0,
    norm_coefficient_post: float = 0.0,
) -> Any:
    """x - r' * v / (sqrt(h) + epsilon) from running means v of g and h of g^2; r' corrects bias."""

    def corrected(x: Any) -> Any:
        r, t = _scalar(n, rate, x), _scalar(n, count, x)
        shares = [sub(n, 1.0, binary(n, "pow", base, t)) for base in (alpha, beta)]
        later = div(n, mul(n, r, n.emit(UNARY["sqrt"], shares[1])), shares[0])
        return n.emit(Where, _is_later(n, t), later, r)

    def step(x: Any, gradient: Any, v: Any, h: Any) -> tuple[Any, ...]:
        g = _regularized(n, x, gradient, norm_coefficient)
        v = add(n, mul(n, v, alpha), mul(n, g, 1 - alpha))
        h = add(n, mul(n, h, beta), mul(n, mul(n, g, g), 1 - beta))
        scaled = div(n, v, add(n, n.emit(UNARY["sqrt"], h), epsilon))
        y = sub(n, x, mul(n, corrected(x), scaled))
        return mul(n, y, 1 - norm_coefficient_post) if norm_coefficient_post else y, v, h

    return _each(n, tensors, 4, step)


@onnx_op("Momentum", domain=DOMAIN)
def momentum(
    n: Node,
    rate: Any,
    count: Any,
    *tensors: Any,
    alpha: float,
    beta: float,
    mode: str,
    norm_coefficient: float,
) -> Any:
    """x - r * v with v = alpha * v + beta * g, beta 1 at first; Nesterov's looks one step ahead."""
    if mode not in ("standard", "nesterov"):
        n.invalid(f"mode '{mode}'")

    def step(x: Any, gradient: Any, v: Any) -> tuple[Any, ...]:
        r, t = _scalar(n, rate, x), _scalar(n, count, x)
        g = _regularized(n, x, gradient, norm_coefficient)
        share = n.emit(Where, _is_later(n, t), n.like(beta, x), n.like(1.0, x))
        v = add(n, mul(n, v, alpha), mul(n, share, g))
        direction = v if mode == "standard" else add(n, g, mul(n, v, alpha))
        return sub(n, x, mul(n, r, direction)), v

    return _each(n, tensors, 3, step)
