"""What an import knows about values: which are constants, weights, or decided by small inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.diagnostics import UnsupportedOp
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, Constant, is_constant
from aicc.dialects.graph.types import element_type_of, tensor

from .signature import TensorSpec


class KnownValues:
    """Constants and arguments of `@main` while it is built.

    `weights` collects name -> array of the weight arguments, in the order of the arguments.
    """

    def __init__(self, block: Any, inputs: Sequence[TensorSpec]) -> None:
        self.block = block
        self.inputs = inputs
        self.weights: dict[str, np.ndarray[Any, Any]] = {}
        self.arguments = {s.name: block.arguments[i] for i, s in enumerate(inputs)}

    def constant(self, array: np.ndarray[Any, Any], location: Any, name: str) -> Any:
        """A value for `array`: `graph.constant` if it is small, else a weight argument."""
        try:
            element = element_type_of(array.dtype.name)
        except KeyError as e:
            raise UnsupportedOp(f"tensor '{name}' of type {array.dtype}") from e
        if array.size <= MAX_INLINE_ELEMENTS:
            return Constant.of(np.asarray(array), loc=location)
        unique = name
        while unique in self.arguments:
            unique += "_"
        self.weights[unique] = array
        self.arguments[unique] = self.block.add_argument(tensor(array.shape, element), location)
        return self.arguments[unique]

    def known_array(self, value: Any) -> np.ndarray[Any, Any] | None:
        """The array behind a constant or a weight argument, None for anything else."""
        if is_constant(value):
            return constant_array(value)
        for name, array in self.weights.items():
            if self.arguments[name] == value:
                return array
        return None

    def deciding_inputs(self, value: Any) -> set[str]:
        """Graph inputs that decide `value`, or the empty set if large data does too."""
        names: set[str] = set()
        pending, seen = [value], []
        while pending:
            v = pending.pop()
            if isinstance(v.owner, ir.Block):
                spec = next((s for s in self.inputs if self.arguments[s.name] == v), None)
                if spec is None or int(np.prod(spec.shape)) > MAX_INLINE_ELEMENTS:
                    return set()
                names.add(spec.name)
            elif v.owner not in seen:
                seen.append(v.owner)
                pending.extend(v.owner.operands)
        return names


def constant_array(value: Any) -> Any:
    """The array of a `graph.constant`'s result."""
    return value.owner.opview.array()
