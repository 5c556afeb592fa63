"""Where the elements of a numpy array are, found quickly.

To make the dictionary of the array interface takes six times as long as to read the address from
the array object, which for a kernel of ten microseconds counts.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

# numpy's array objects begin, after what all objects have, with the address of their elements
_OFFSET = object.__basicsize__


def _by_protocol(array: np.ndarray[Any, Any]) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def _in_object(array: np.ndarray[Any, Any]) -> int:
    return ctypes.c_uint64.from_address(id(array) + _OFFSET).value


def _quickest() -> Callable[[np.ndarray[Any, Any]], int]:
    probe = np.empty(1)
    is_known = sys.implementation.name == "cpython"
    return _in_object if is_known and _in_object(probe) == _by_protocol(probe) else _by_protocol


address_of = _quickest()
