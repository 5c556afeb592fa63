"""Write a batch norm with known statistics as one factor and one offset per channel.

    %y = batch_norm(%x, scale, bias, mean,  ->  s = scale / sqrt(variance + epsilon)
                    variance)                   %y = %x * s + (bias - mean * s)

Why: inference knows the statistics, so both are computed once, in @prepare; `fuse-linear` takes
them into the weights of the convolution or matrix product before or after.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import BINARY, UNARY
from aicc.dialects.graph.structure import Constant, numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.registry import register_pass

from .linear.operands import add, mul, reshaped
from .patterns import PatternSet

PATTERNS = PatternSet("fold-batch-norm")


@register_pass("fold-batch-norm")
def run(module: Any, *, disable: list[str] = []) -> None:  # noqa: B006 (options are read only)
    """Turn batch norms on weights into a multiplication and an addition."""
    PATTERNS.apply(module, disable)


@PATTERNS.add("batch-norm", "graph.batch_norm", rounding="reassociating")
def _batch_norm(op: Any, match: Any) -> Any:
    """batch_norm(x) -> x * s + t with known s and t."""
    x, scale, bias, mean, variance = op.operands
    parameters = [scale, bias, mean, variance]
    if not all(value in match.static for value in parameters):
        return match.refuse("its statistics are computed in the run")
    if any(v.type.element_type != x.type.element_type for v in parameters):
        return match.refuse("its statistics have another element type than the data")
    dtype = numpy_dtype(dtype_of(variance.type.element_type))
    epsilon = Constant.of(np.array(op.opview.epsilon, dtype))
    factor = BINARY["div"].build(scale, UNARY["sqrt"].build(add(variance, epsilon)))
    offset = BINARY["sub"].build(bias, mul(mean, factor))
    axis = 1 if op.opview.layout == "NCHW" else x.type.rank - 1
    shape = [-1 if i == axis else 1 for i in range(x.type.rank)]
    wide = [x.type.shape[axis] if d == -1 else d for d in shape]
    return add(mul(x, reshaped(factor, wide)), reshaped(offset, wide))
