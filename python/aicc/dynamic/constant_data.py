"""Constant globals as data: dense attributes of types that numpy reads as they lie in memory.

A scalar is a table of one element; numbers in bf16, which numpy does not know, are their bits.

    llvm.mlir.global private constant @c(24 : i64)                     ->  dense<24> : tensor<i64>
    ... @d(dense<[1.0, 0xFF80]> : tensor<2xbf16>)                      ->  dense<[16256, -128]> ...
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from aicc._mlir import ir

_READ_BY_NUMPY = frozenset("i1 i8 i16 i32 i64 f16 f32 f64".split())
_BITS = re.compile(r"\b0x([0-9A-F]{4})\b")  # NaN and infinities of bf16


def data_of(global_: Any) -> str:
    """What a constant llvm.mlir.global holds, as a dense attribute; empty if it is no data."""
    if "constant" not in global_.attributes or "value" not in global_.attributes:
        return ""
    value = global_.attributes["value"]
    if isinstance(value, (ir.IntegerAttr, ir.FloatAttr)) and str(value.type) in _READ_BY_NUMPY:
        number = str(value).split(" : ")[0]
        return f"dense<{number}> : tensor<{value.type}>"
    if not isinstance(value, ir.DenseElementsAttr):
        return ""
    element = str(value.type.element_type)
    if element == "bf16":
        return _bits(str(value))
    return str(value) if element in _READ_BY_NUMPY else ""


def _bits(text: str) -> str:
    """bf16 is the upper half of f32."""
    if '"' in text:  # written as bytes
        return ""
    wide = _BITS.sub(r"0x\g<1>0000", text).replace("bf16", "f32")
    bits = np.array(ir.DenseElementsAttr(ir.Attribute.parse(wide))).view(np.uint32) >> 16
    return str(ir.DenseElementsAttr.get(bits.astype(np.uint16).view(np.int16)))
