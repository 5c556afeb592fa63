"""Conversions between numbers and text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .kinds import NUMBER, STRING, Kind
from .registry import Attributes, Kinds, Step, host_op
from .strings import text_array

ONNX_STRING = "STRING"  # what `element_type` is called for text


def _is_text(kinds: Kinds, attributes: Attributes) -> bool:
    return kinds[0] == STRING or attributes.get("to") == ONNX_STRING


def _result_of_cast(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [STRING if attributes.get("to") == ONNX_STRING else NUMBER]


@host_op("Cast", gives=_result_of_cast, needs=_is_text)
def cast(step: Step, x: Any, *, to: Any, saturate: int = 1, round_mode: str = "up") -> Any:
    """Text to numbers of the type `to`, or to text ("STRING")."""
    return _as_text(x) if isinstance(to, str) else _as_number(step, x, to)


@host_op("CastLike", gives=lambda kinds, attributes: [kinds[1] or NUMBER])
def cast_like(step: Step, x: Any, like: Any, *, saturate: int = 1, round_mode: str = "up") -> Any:
    """Text to numbers of the type of `like`, or to text."""
    return _as_text(x) if like.dtype == object else _as_number(step, x, like.dtype)


def _as_text(x: Any) -> Any:
    if x.dtype == object:
        return x
    return text_array(map(_words_for(x.dtype), x.flat), x.shape)


def _words_for(dtype: np.dtype[Any]) -> Callable[[Any], str]:
    """Floats get the fewest digits that tell them apart, the standard's "NaN" and "INF"."""
    if dtype.kind in "iub":
        return lambda v: str(int(v))
    return _float_words


def _float_words(value: Any) -> str:
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "INF" if value > 0 else "-INF"
    # a type that numpy does not know prints by its value in single precision
    return str(value) if isinstance(value, np.floating) else str(np.float32(value))


def _as_number(step: Step, x: Any, dtype: np.dtype[Any]) -> Any:
    read = _reader_of(np.dtype(dtype))
    try:
        return np.array([read(text) for text in x.flat]).astype(dtype).reshape(x.shape)
    except (ValueError, OverflowError) as e:
        step.unfit(f"a string is no {np.dtype(dtype)}: {e}")


def _reader_of(dtype: np.dtype[Any]) -> Callable[[str], Any]:
    if dtype.kind == "b":
        return lambda text: float(text) != 0
    if dtype.kind not in "iu":
        return float
    limits = np.iinfo(dtype)

    def integer(text: str) -> Any:
        try:
            value = int(text)
        except ValueError:
            value = int(float(text))
        if not limits.min <= value <= limits.max:
            raise OverflowError(f"'{text}' is out of range")
        return dtype.type(value)

    return integer
