"""Elementary functions in float64, of which tables are made."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _softplus(x: Any) -> Any:
    return np.logaddexp(0, x)


def _hard_sigmoid(x: Any, *, alpha: float, beta: float) -> Any:
    return np.clip(alpha * x + beta, 0, 1)


def _gelu(x: Any, *, approximate: str) -> Any:
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    return 0.5 * x * (1 + _erf(x * math.sqrt(0.5)))


_erf = np.vectorize(math.erf, otypes=[np.float64])

# By op; each takes an array and the op's attributes.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "graph.exp": np.exp,
    "graph.log": np.log,
    "graph.sqrt": np.sqrt,
    "graph.rsqrt": lambda x: 1 / np.sqrt(x),
    "graph.sin": np.sin,
    "graph.cos": np.cos,
    "graph.tan": np.tan,
    "graph.atan": np.arctan,
    "graph.sinh": np.sinh,
    "graph.cosh": np.cosh,
    "graph.tanh": np.tanh,
    "graph.erf": _erf,
    "graph.sigmoid": _sigmoid,
    "graph.hard_sigmoid": _hard_sigmoid,
    "graph.hard_swish": lambda x: x * np.clip(x / 6 + 0.5, 0, 1),
    "graph.leaky_relu": lambda x, *, alpha: np.where(x < 0, alpha * x, x),
    "graph.elu": lambda x, *, alpha: np.where(x < 0, alpha * np.expm1(np.minimum(x, 0)), x),
    "graph.gelu": _gelu,
    "graph.softplus": _softplus,
    "graph.mish": lambda x: x * np.tanh(_softplus(x)),
}
_CHEAP = ("graph.leaky_relu", "graph.hard_sigmoid", "graph.hard_swish")


def is_function(name: str) -> bool:
    """True for ops that take as long as a polynomial."""
    return name in FUNCTIONS and name not in _CHEAP
