"""Import in stages: up to a value that decides a shape, and on once a run has computed it.

    import:  x -> .. -> count   (the module of the first stage gives `count`, and all that is
                                 read later)
    run it:  count = 3
    import:  the rest, in which shapes hang on 3

A stage begins at a node of the main graph. What the nodes before it gave is held: as an input of
the stage, or, where it was known when compiling, as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx

from aicc.dialects.graph.types import dtype_of

from .operators.sequences import Sequence as ValueSequence
from .signature import TensorSpec
from .source import names_read

ASKED = "aicc.asked"  # the output of a stage on which the next one hangs
# an input's name, an array known when compiling, or the elements of a sequence
Held = str | np.ndarray[Any, Any] | tuple["Held", ...]


@dataclass(frozen=True)
class Stage:
    """Where an import begins. `answers` are to questions about node number `done`."""

    done: int = 0
    scope: Mapping[str, Held] = field(default_factory=dict)
    exports: tuple[TensorSpec, ...] = ()  # inputs that earlier stages give
    answers: tuple[np.ndarray[Any, Any], ...] = ()


class Exports:
    """Collects what a stage gives to later ones, next to what it asks."""

    def __init__(self, known_array: Any, inputs: Mapping[str, Any]) -> None:
        self.known_array = known_array
        self.inputs = inputs
        self.names: list[str] = []
        self.values: list[Any] = []

    def held(self, name: str, value: Any) -> Held:
        """How later stages find the value of `name`."""
        if isinstance(value, ValueSequence):
            return tuple(self.held(f"{name}[{i}]", v) for i, v in enumerate(value.elements))
        known = self.known_array(value)
        if known is not None:
            return np.asarray(known)
        for given, argument in self.inputs.items():
            if argument == value:
                return given
        unique = name
        while unique in self.inputs or unique in self.names:
            unique += "_"
        self.names.append(unique)
        self.values.append(value)
        return unique

    def specs(self) -> list[TensorSpec]:
        """The exported values as inputs of a stage."""
        return [
            TensorSpec(name, dtype_of(value.type.element_type), tuple(value.type.shape))
            for name, value in zip(self.names, self.values, strict=True)
        ]


def names_needed(nodes: Sequence[onnx.NodeProto], graph: onnx.GraphProto) -> Iterator[str]:
    """What the nodes, and the graph's results, read."""
    for node in nodes:
        yield from names_read(node)
    yield from (output.name for output in graph.output)


def inputs_of(held: Held) -> Iterator[str]:
    """The inputs in a held value."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, tuple):
        for element in held:
            yield from inputs_of(element)
