"""Expressions of graph ops, written with functions; a Python number takes the other's type."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.elementwise import BINARY, COMPARE

from ..node import Node


def binary(n: Node, name: str, lhs: Any, rhs: Any) -> Any:
    """The elementwise op `name` of two operands, one of which may be a number."""
    lhs = n.like(lhs, rhs) if isinstance(lhs, (int, float)) else lhs
    rhs = n.like(rhs, lhs) if isinstance(rhs, (int, float)) else rhs
    return n.emit({**BINARY, **COMPARE}[name], lhs, rhs)


def add(n: Node, lhs: Any, rhs: Any) -> Any:
    """lhs + rhs."""
    return binary(n, "add", lhs, rhs)


def sub(n: Node, lhs: Any, rhs: Any) -> Any:
    """lhs - rhs."""
    return binary(n, "sub", lhs, rhs)


def mul(n: Node, lhs: Any, rhs: Any) -> Any:
    """lhs * rhs."""
    return binary(n, "mul", lhs, rhs)


def div(n: Node, lhs: Any, rhs: Any) -> Any:
    """lhs / rhs."""
    return binary(n, "div", lhs, rhs)


def clamp(n: Node, x: Any, low: float | int, high: float | int) -> Any:
    """x within [low, high]."""
    return binary(n, "minimum", binary(n, "maximum", x, low), high)
