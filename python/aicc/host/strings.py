"""Operators on strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from .kinds import NUMBER, STRING
from .registry import Step, always, giving, host_op


def text_array(values: Iterable[str], shape: Any) -> np.ndarray[Any, Any]:
    """An object array of str."""
    flat = list(values)
    array = np.empty(len(flat), object)
    array[:] = flat
    return array.reshape(shape)


@host_op("StringConcat", gives=giving(STRING), needs=always)
def string_concat(step: Step, x: Any, y: Any) -> Any:
    """Strings of x with those of y behind them."""
    try:
        pairs = np.broadcast(x, y)
    except ValueError:
        step.unfit(f"shapes {list(x.shape)} and {list(y.shape)} do not broadcast")
    return text_array((a + b for a, b in pairs), pairs.shape)


@host_op("RegexFullMatch", gives=giving(NUMBER), needs=always)
def regex_full_match(step: Step, x: Any, *, pattern: str = "") -> Any:
    """Which strings match the pattern as a whole."""
    try:
        compiled = re.compile(pattern)
    except re.error as e:
        step.invalid(f"pattern '{pattern}': {e}")
    hits = [compiled.fullmatch(text) is not None for text in x.flat]
    return np.array(hits, np.bool_).reshape(x.shape)


@host_op("StringSplit", gives=giving(STRING, NUMBER), needs=always)
def string_split(step: Step, x: Any, *, delimiter: str = "", maxsplit: int = -1) -> Any:
    """The pieces of every string, filled up with "", and how many they are."""
    pieces = [text.split(delimiter or None, maxsplit) for text in x.flat]
    width = max(map(len, pieces), default=0)
    filled = (piece for row in pieces for piece in (*row, *[""] * (width - len(row))))
    counts = np.array([len(row) for row in pieces], np.int64).reshape(x.shape)
    return text_array(filled, (*x.shape, width)), counts


_CASES: dict[str, Callable[[str], str]] = {"LOWER": str.lower, "UPPER": str.upper, "NONE": str}


@host_op("StringNormalizer", gives=giving(STRING), needs=always)
def string_normalizer(
    step: Step,
    x: Any,
    *,
    case_change_action: str = "NONE",
    is_case_sensitive: int = 0,
    locale: str = "",
    stopwords: list[str] | None = None,
) -> Any:
    """The strings that are no stop words, in upper or lower case."""
    if x.ndim not in (1, 2) or (x.ndim == 2 and x.shape[0] != 1):
        step.unfit(f"expects the shape [C] or [1, C], got {list(x.shape)}")
    if case_change_action not in _CASES:
        step.invalid(f"case_change_action '{case_change_action}'")
    seen: Callable[[str], str] = str if is_case_sensitive else str.lower
    stops = {seen(word) for word in stopwords or ()}
    change = _CASES[case_change_action]
    kept = [change(text) for text in x.flat if seen(text) not in stops] or [""]
    return text_array(kept, (*x.shape[:-1], len(kept)))
