"""Arrays made of weights, kept once however many programs of a model use them."""

from __future__ import annotations

import weakref
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


class Prepared:
    """Prepared arrays by name and type; programs with equal contents get the same one."""

    def __init__(self) -> None:
        self._arrays: dict[Any, list[weakref.ref[Array]]] = {}

    def one(self, name: str, array: Array) -> Array:
        """`array`, or one that was given before and equals it."""
        key = (name, array.dtype, array.shape)
        known = [a for ref in self._arrays.get(key, ()) if (a := ref()) is not None]
        for other in known:
            if other is array or np.array_equal(_bytes(other), _bytes(array)):
                return other
        self._arrays[key] = [weakref.ref(a) for a in (*known, array)]
        return array


def _bytes(array: Array) -> Array:
    return array.reshape(-1).view(np.uint8)
