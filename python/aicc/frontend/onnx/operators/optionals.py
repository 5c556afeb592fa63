"""Optional values that are known to be a tensor, or known to be absent, when compiling."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..node import Node
from ..registry import onnx_op


@onnx_op("OptionalHasElement")
def optional_has_element(n: Node, x: Any = None) -> Any:
    """True for a tensor."""
    return n.constant(np.array(x is not None))


@onnx_op("OptionalGetElement")
def optional_get_element(n: Node, x: Any) -> Any:
    """The tensor."""
    return x
