"""Operators on whole matrices."""

from __future__ import annotations

from typing import Any

from aicc.dialects.graph.matrices import Determinant

from ..node import Node
from ..registry import onnx_op


@onnx_op("Det")
def det(n: Node, x: Any) -> Any:
    """The determinant of each matrix."""
    return n.emit(Determinant, x)
