"""Tables from strings to numbers and back, and numbers that stand for strings.

Compiled code moves, compares and sorts strings as numbers: `NumberStrings` gives each distinct
string its rank among all strings of the node, `StringsOfNumbers` takes the ranks back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .kinds import NUMBER, STRING, Kind
from .registry import Attributes, Kinds, Step, always, giving, host_op
from .strings import text_array

HOST_DOMAIN = "aicc.host"  # of operators that no model names
_VALUES = ("tensor", "int64s", "floats", "strings")


def _has_text(kinds: Kinds, attributes: Attributes) -> bool:
    return kinds[0] == STRING or _gives_text(attributes)


def _gives_text(attributes: Attributes) -> bool:
    values = attributes.get("values_tensor")
    return "values_strings" in attributes or (values is not None and values.dtype == object)


@host_op(
    "LabelEncoder",
    domain="ai.onnx.ml",
    gives=lambda kinds, attributes: [STRING if _gives_text(attributes) else NUMBER],
    needs=lambda kinds, attributes: (
        "classes_strings" not in attributes and _has_text(kinds, attributes)
    ),
)
def label_encoder(step: Step, x: Any, **attributes: Any) -> Any:
    """The value beside each key; a default for those that are no keys."""
    keys, values = (_column(step, attributes, side) for side in ("keys", "values"))
    if len(keys) != len(values):
        step.invalid(f"has {len(keys)} keys and {len(values)} values")
    table = dict(zip(keys.tolist(), values, strict=True))
    default = _default_of(attributes, values.dtype)
    return _looked_up(table, x, default, values.dtype)


def _column(step: Step, attributes: Attributes, side: str) -> np.ndarray[Any, Any]:
    for kind in _VALUES:
        column = attributes.get(f"{side}_{kind}")
        if column is not None:
            dtypes = {"int64s": np.int64, "floats": np.float32, "strings": object}
            return np.asarray(column, dtypes.get(kind)).reshape(-1)
    step.invalid(f"has no {side}")


def _default_of(attributes: Attributes, dtype: np.dtype[Any]) -> Any:
    if (tensor := attributes.get("default_tensor")) is not None:
        return tensor.reshape(-1)[0]
    if dtype.kind == "O":
        return attributes.get("default_string", "_Unused")
    if dtype.kind == "i":
        return attributes.get("default_int64", -1)
    return attributes.get("default_float", -0.0)


def _looked_up(table: Mapping[Any, Any], x: Any, default: Any, dtype: Any) -> Any:
    by_key = {_key(k): v for k, v in table.items()}
    found: Iterable[Any] = (by_key.get(_key(k), default) for k in x.reshape(-1).tolist())
    if np.dtype(dtype).kind == "O":
        return text_array(found, x.shape)
    return np.array(list(found), dtype).reshape(x.shape)


def _key(value: Any) -> Any:
    """NaN is found, though it equals nothing."""
    return "NaN" if isinstance(value, float) and value != value else value


def _classes_give(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    return [NUMBER if kinds[0] == STRING else STRING]


@host_op("ClassLabels", domain=HOST_DOMAIN, gives=_classes_give, needs=always)
def class_labels(
    step: Step, x: Any, *, classes: list[str], default_string: str, default_int64: int
) -> Any:
    """LabelEncoder as it first was: strings to their places in a list, or places to strings."""
    if x.dtype == object:
        return _looked_up({c: i for i, c in enumerate(classes)}, x, default_int64, np.int64)
    return _looked_up(dict(enumerate(classes)), x, default_string, object)


@host_op("CategoryMapper", domain="ai.onnx.ml", gives=_classes_give, needs=always)
def category_mapper(
    step: Step,
    x: Any,
    *,
    cats_int64s: list[int],
    cats_strings: list[str],
    default_int64: int = -1,
    default_string: str = "_Unused",
) -> Any:
    """Strings to the integers beside them, or integers to strings."""
    if len(cats_int64s) != len(cats_strings):
        step.invalid(f"has {len(cats_int64s)} integers and {len(cats_strings)} strings")
    if x.dtype == object:
        table = dict(zip(cats_strings, cats_int64s, strict=True))
        return _looked_up(table, x, default_int64, np.int64)
    return _looked_up(dict(zip(cats_int64s, cats_strings, strict=True)), x, default_string, object)


@host_op(
    "NumberStrings",
    domain=HOST_DOMAIN,
    gives=lambda kinds, attributes: [STRING] + [NUMBER] * len(kinds),
    needs=always,
)
def number_strings(step: Step, *tensors: Any) -> Any:
    """The distinct strings in order, with "" among them, then each tensor as places in that."""
    distinct = sorted({""}.union(*(set(x.reshape(-1).tolist()) for x in tensors)))
    places = {text: i for i, text in enumerate(distinct)}
    numbers = [_looked_up(places, x, 0, np.int64) for x in tensors]
    return text_array(distinct, len(distinct)), *numbers


@host_op("StringsOfNumbers", domain=HOST_DOMAIN, gives=giving(STRING), needs=always)
def strings_of_numbers(step: Step, distinct: Any, numbers: Any) -> Any:
    """The strings at these places."""
    texts = distinct.tolist()
    return text_array((texts[i] for i in numbers.reshape(-1).tolist()), numbers.shape)
