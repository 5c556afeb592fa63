"""Inputs that may be strings, sequences, optionals or maps: what they are, and checking them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aicc.diagnostics import ShapeError

from .signature import InputSpec


@dataclass(frozen=True)
class ValueSpec(InputSpec):
    """An input of any kind. kind: tensor, sequence, optional or map.

    A tensor has the dtype and dims of InputSpec (object: strings); a sequence or optional has the
    `element`.
    """

    kind: str = "tensor"
    element: ValueSpec | None = None

    def describe(self) -> str:
        """E.g. `sequence of float32`."""
        if self.kind == "tensor":
            return "string" if self.dtype.kind == "O" else self.dtype.name
        return f"{self.kind} of {self.element.describe()}" if self.element else self.kind


def checked(spec: ValueSpec, value: Any, sizes: dict[str, int]) -> Any:
    """The value as steps take it; ShapeError with expected and got."""
    if spec.kind == "optional" and spec.element is not None:
        return None if value is None else checked(spec.element, value, sizes)
    if spec.kind == "sequence" and spec.element is not None:
        if not isinstance(value, (list, tuple)):
            raise ShapeError(f"input '{spec.name}' expects a list, got {type(value).__name__}")
        # elements of a sequence may differ in what the model calls by one name
        return [checked(spec.element, element, {}) for element in value]
    if spec.kind == "map":
        if not isinstance(value, Mapping):
            raise ShapeError(f"input '{spec.name}' expects a dict, got {type(value).__name__}")
        return dict(value)
    return _checked_tensor(spec, value, sizes)


def _checked_tensor(spec: ValueSpec, value: Any, sizes: dict[str, int]) -> Any:
    if value is None or isinstance(value, Mapping):
        got = "nothing" if value is None else "a dict"
        raise ShapeError(f"input '{spec.name}' expects {spec.describe()}, got {got}")
    array = _text(spec, value) if spec.dtype.kind == "O" else np.asarray(value)
    if array.dtype != spec.dtype:
        raise ShapeError(f"input '{spec.name}' expects {spec.describe()}, got {array.dtype}")
    _check_dims(spec, array.shape, sizes)
    return array if spec.dtype.kind == "O" else np.require(array, requirements=["C", "A"])


def _text(spec: ValueSpec, value: Any) -> np.ndarray[Any, Any]:
    """An object array of str from one, from a numpy string array, or from (lists of) str."""
    array = np.asarray(value)
    if array.dtype.kind not in "OUST" and array.size:
        raise ShapeError(f"input '{spec.name}' expects string, got {array.dtype}")
    flat = [v.decode() if isinstance(v, bytes) else v for v in array.reshape(-1).tolist()]
    for v in flat:
        if not isinstance(v, str):
            raise ShapeError(f"input '{spec.name}' expects string, got {type(v).__name__}")
    made = np.empty(len(flat), object)
    made[:] = flat
    return made.reshape(array.shape)


def _check_dims(spec: ValueSpec, shape: tuple[int, ...], sizes: dict[str, int]) -> None:
    if spec.dims is None:
        return
    fits = len(shape) == len(spec.dims)
    for dim, size in zip(spec.dims, shape, strict=False):
        expected = sizes.setdefault(dim, size) if isinstance(dim, str) else dim
        fits = fits and expected == size
    if not fits:
        dims = ", ".join(str(d) for d in spec.dims)
        raise ShapeError(f"input '{spec.name}' expects [{dims}], got {list(shape)}")
