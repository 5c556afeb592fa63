"""Operators of ai.onnx.ml on maps, which are Python dicts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kinds import MAP, NUMBER, STRING, Kind, sequence_of
from .registry import Attributes, Kinds, Step, always, giving, host_op
from .strings import text_array


@host_op("ZipMap", domain="ai.onnx.ml", gives=giving(sequence_of(MAP)), needs=always)
def zip_map(
    step: Step,
    x: Any,
    *,
    classlabels_int64s: list[int] | None = None,
    classlabels_strings: list[str] | None = None,
) -> Any:
    """A dict from labels to scores for every row."""
    labels: list[Any] = list(classlabels_strings or classlabels_int64s or [])
    rows = x[None] if x.ndim == 1 else x
    if rows.ndim != 2 or rows.shape[1] != len(labels):
        step.unfit(f"{len(labels)} labels for scores of shape {list(x.shape)}")
    return [dict(zip(labels, row.tolist(), strict=True)) for row in rows]


@host_op("DictVectorizer", domain="ai.onnx.ml", gives=giving(NUMBER), needs=always)
def dict_vectorizer(
    step: Step,
    x: Any,
    *,
    int64_vocabulary: list[int] | None = None,
    string_vocabulary: list[str] | None = None,
) -> Any:
    """The values of a map in the order of the vocabulary, 0 for keys that it lacks."""
    vocabulary: list[Any] = list(string_vocabulary or int64_vocabulary or [])
    unknown = sorted(set(x) - set(vocabulary), key=str)
    if unknown:
        step.unfit(f"the key {unknown[0]!r} is not in the vocabulary")
    values = list(x.values())
    if values and isinstance(values[0], str):
        return text_array((x.get(key, "") for key in vocabulary), (1, len(vocabulary)))
    dtype = np.int64 if values and isinstance(values[0], int) else np.float32
    return np.array([[x.get(key, 0) for key in vocabulary]], dtype)


def _cast_map_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [STRING if attributes.get("cast_to") == "TO_STRING" else NUMBER]


@host_op("CastMap", domain="ai.onnx.ml", gives=_cast_map_kind, needs=always)
def cast_map(
    step: Step, x: Any, *, cast_to: str = "TO_FLOAT", map_form: str = "DENSE", max_map: int = 1
) -> Any:
    """The values of a map by rising key: close together, or each at the place its key names."""
    if map_form == "SPARSE":
        beyond = [key for key in x if not 0 <= key < max_map]
        if beyond:
            step.unfit(f"the key {beyond[0]} lies outside 0 to {max_map - 1}")
        row = [x.get(key) for key in range(max_map)]
    else:
        row = [x[key] for key in sorted(x)]
    if cast_to == "TO_STRING":
        return text_array(("" if v is None else str(v) for v in row), (1, len(row)))
    dtype = np.float32 if cast_to == "TO_FLOAT" else np.int64
    return np.array([[dtype(0 if v is None else v) for v in row]], dtype)
