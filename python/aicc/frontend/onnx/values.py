"""What an import knows about values: which are constants, weights, or decided by small inputs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from aicc._mlir import ir
from aicc.diagnostics import NeedsSteps, UnsupportedOp
from aicc.dialects.graph.structure import MAX_INLINE_ELEMENTS, Constant, is_constant
from aicc.dialects.graph.types import element_type_of, is_float, tensor

from .signature import TensorSpec

# About one node; every answer costs a compilation. Beyond, its parts are compiled one by one.
MAX_QUESTIONS = 8


class NeedsRun(Exception):
    """The import cannot go on before `value` is computed."""

    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


class NeedsValueInBody(Exception):
    """A value inside a compiled body decides a shape: no run can be asked for it."""


class KnownValues:
    """Constants and arguments of `@main` while it is built.

    `weights` collects name -> array of the weight arguments, in the order of the arguments.
    `answers` are to the questions that the nodes ask, in order; None: no questions.
    """

    def __init__(
        self,
        block: Any,
        inputs: Sequence[TensorSpec],
        answers: Sequence[np.ndarray[Any, Any]] | None = None,
    ) -> None:
        self.block = block
        self.answers = answers
        self.asked = 0  # questions so far
        self.asked_before = 0  # questions before the node that is imported
        self.inputs = inputs
        self.fold_limit = MAX_INLINE_ELEMENTS  # of what is computed from constants
        self.holder: Any = None  # the outermost op whose bodies are imported now
        self.weights: dict[str, np.ndarray[Any, Any]] = {}
        self.arguments = {s.name: block.arguments[i] for i, s in enumerate(inputs)}

    @contextlib.contextmanager
    def inside(self, holder: Any) -> Iterator[None]:
        """While a body is imported into a region of `holder`."""
        outer = self.holder
        self.holder = outer or holder
        try:
            yield
        finally:
            self.holder = outer

    def constant(
        self,
        array: np.ndarray[Any, Any],
        location: Any,
        name: str,
        limit: int = MAX_INLINE_ELEMENTS,
    ) -> Any:
        """A value for `array`: `graph.constant` up to `limit` elements, else a weight argument."""
        try:
            element = element_type_of(array.dtype.name)
        except KeyError as e:
            raise UnsupportedOp(f"tensor '{name}' of type {array.dtype}") from e
        if array.size <= limit:
            # nodes around a body may come to read it, too
            with ir.InsertionPoint(self.holder) if self.holder else contextlib.nullcontext():
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

    def ask(self, value: Any) -> np.ndarray[Any, Any] | None:
        """What a run gave for `value`; None if it cannot be asked for. Raises NeedsRun at first.

        Raises NeedsValueInBody inside a compiled body.
        """
        if self.holder is not None:
            raise NeedsValueInBody
        if self.answers is None or int(np.prod(value.type.shape)) > MAX_INLINE_ELEMENTS:
            return None
        number = self.asked
        if number - self.asked_before >= MAX_QUESTIONS:
            raise NeedsSteps(f"more than {MAX_QUESTIONS} values in it decide shapes")
        self.asked += 1
        if number < len(self.answers):
            return self.answers[number]
        raise NeedsRun(value)

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

    def hangs_on_floats(self, value: Any, names: set[str]) -> bool:
        """True for what is computed from floats: they differ from run to run, like any data."""
        if self.answers is None or isinstance(value.owner, ir.Block):
            return False
        return any(is_float(self.arguments[name].type.element_type) for name in names)


def constant_array(value: Any) -> Any:
    """The array of a `graph.constant`'s result."""
    return value.owner.opview.array()
