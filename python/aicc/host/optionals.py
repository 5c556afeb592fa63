"""Operators on optionals: a value, or None."""

from __future__ import annotations

from typing import Any

import numpy as np

from .kinds import NUMBER, Kind, inside, optional_of
from .registry import Attributes, Kinds, Step, always, giving, host_op


def _optional_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    held = (kinds[0] if kinds else None) or attributes.get("type") or NUMBER
    return [optional_of(held)]


def _held_kind(kinds: Kinds, attributes: Attributes) -> list[Kind]:
    kind = kinds[0] or NUMBER
    return [inside(kind) if kind.name == "optional" else kind]


@host_op("Optional", gives=_optional_kind, needs=always)
def optional(step: Step, x: Any = None, *, type: Any = None) -> Any:  # noqa: A002 (ONNX's name)
    """The value as an optional; without one, an empty optional of a type."""
    return x


@host_op("OptionalHasElement", gives=giving(NUMBER))
def optional_has_element(step: Step, x: Any = None) -> Any:
    """Whether there is a value."""
    return np.array(x is not None)


@host_op("OptionalGetElement", gives=_held_kind)
def optional_get_element(step: Step, x: Any) -> Any:
    """The value; an empty optional has none."""
    if x is None:
        step.unfit("the optional is empty")
    return x
