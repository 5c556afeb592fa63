"""What an executable takes, gives and was made of, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class InputSpec:
    """An input as the model declares it: numpy dtype and dimensions (str: open), None: any rank."""

    name: str
    dtype: np.dtype[Any]
    dims: tuple[int | str, ...] | None


@dataclass(frozen=True)
class Origin:
    """What an executable was made of: a hash of the model file, and the name of the target."""

    source_hash: str = ""
    target: str = "host"


@dataclass(frozen=True)
class Signature:
    """What a model takes and gives, by name and in order, and what it was made of."""

    inputs: list[InputSpec]
    outputs: list[str]
    origin: Origin


# one (name, shape, bytes if the value decides) per input, in the model's order
Key = tuple[tuple[str, tuple[int, ...], bytes | None], ...]
