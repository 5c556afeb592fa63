"""Models written in ONNX's text format, and what aicc makes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx

import aicc

HEADER = '<ir_version: 9, opset_import: ["": 20, "ai.onnx.ml": 3]>\n'


def parsed(text: str) -> onnx.ModelProto:
    """A model of the one graph (and functions) in `text`."""
    return onnx.parser.parse_model(HEADER + text)


def compiled(text: str, **options: Any) -> Any:
    """The executable of a model in text."""
    return aicc.compile(parsed(text), threads=1, **options)


def texts(*values: Any) -> np.ndarray[Any, Any]:
    """A string tensor."""
    return np.array(values, object)
