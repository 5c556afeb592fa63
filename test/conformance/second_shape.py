"""The backend of the dynamic suite: every test on its own shape, and on a second one.

A model's input dimensions above one become symbols, equal sizes one symbol. It is built once with
dynamic=True, run on the test's data, then on larger inputs, whose results must be those of a build
for just these shapes. Where no build accepts all symbols changed, fewer are; data is repeated to
fill the new shape, so that indices stay in range. Inputs whose values decide shapes keep their
length: it is the rank of something, and another rank is another model. So is one where nothing is
left to compute: results are empty on the second shape if they are on the first.
"""

from __future__ import annotations

import itertools
import unittest
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import onnx
from suite import Outcome

import aicc
from aicc.diagnostics import AiccError

GROWTH = 2  # sizes grow by this and more, every symbol by another number
MAX_TRIALS = 8
TWO_SHAPES = "two shapes"


class WrongResultError(AssertionError):
    """The dynamic build and the static one disagree."""


class RecompiledError(AssertionError):
    """The second shape needed code of its own."""


class TwoShapes:
    """`prepare` as onnx's test runner calls it; `note` says what became of the second shape."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.note = ""
        self.executable: Any = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._backend, name)

    def prepare(self, model: Any, device: str = "CPU", **kwargs: Any) -> Any:
        """The model with open dimensions, built for all shapes."""
        self.note = ""
        opened, sizes = open_dimensions(model)
        rep = self._backend.prepare(opened, device, threads=1, dynamic=True, **kwargs)
        self.executable = rep.executable
        return _Rep(self, rep, opened, sizes)

    def outcome(self, item: Any) -> Outcome:
        """What becomes of a test; if it passed, its text says which shapes it ran on."""
        try:
            item.func(unittest.TestCase())
        except BaseException as e:
            return Outcome(type(e).__name__, str(e))
        return Outcome("passed", self.note)


class _Rep:
    def __init__(self, owner: TwoShapes, rep: Any, model: Any, sizes: list[int]) -> None:
        self._owner, self._rep, self._model, self._sizes = owner, rep, model, sizes

    def run(self, inputs: Any, **kwargs: Any) -> Any:
        """The results on the test's own data."""
        results = self._rep.run(inputs, **kwargs)
        self._owner.note = self._second(inputs, empty(results))
        return results

    def _second(self, inputs: Any, empty_ones: list[bool]) -> str:
        exe = self._rep.executable
        specs = exe.inputs
        given = [inputs] if isinstance(inputs, np.ndarray) else list(inputs)
        arrays = {s.name: a for s, a in zip(specs, given, strict=False)}
        if not self._sizes:
            return "no dimension above one"
        deciding = getattr(exe, "_value_inputs", set)()
        for changed in trials(self._sizes):
            other = {s.name: resized(arrays[s.name], s.dims, changed) for s in specs}
            if any(other[name] is not arrays[name] for name in deciding):
                continue
            static = self._model_for(other)
            try:
                expected = aicc.compile(static, threads=1).run(other)
            except AiccError:
                continue
            if empty(expected.values()) != empty_ones:
                continue
            compare(exe.run(other), expected)
            if (count := exe.compile_count) > 1:
                raise RecompiledError(f"{count} times for {changed}")
            return TWO_SHAPES
        return "no other shape is valid"

    def _model_for(self, arrays: dict[str, Any]) -> Any:
        """The model for the shapes of `arrays` only."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        for value in model.graph.input:
            array = arrays.get(value.name)
            if isinstance(array, np.ndarray) and value.type.HasField("tensor_type"):
                for dim, size in zip(value.type.tensor_type.shape.dim, array.shape, strict=False):
                    dim.dim_value = size
        return model


def open_dimensions(model: Any) -> tuple[Any, list[int]]:
    """The model with symbols for sizes above one, and these sizes; outputs say no shape."""
    opened = onnx.ModelProto()
    opened.CopyFrom(model)
    held = {tensor.name for tensor in opened.graph.initializer}
    sizes: set[int] = set()
    for value in opened.graph.input:
        if value.name in held or not value.type.HasField("tensor_type"):
            continue
        for dim in value.type.tensor_type.shape.dim:
            if dim.HasField("dim_value") and dim.dim_value > 1:
                sizes.add(dim.dim_value)
                dim.dim_param = symbol(dim.dim_value)
    del opened.graph.value_info[:]
    for value in opened.graph.output:
        if value.type.HasField("tensor_type"):
            value.type.tensor_type.ClearField("shape")
    return opened, sorted(sizes)


def symbol(size: int) -> str:
    """The name of all dimensions of a size."""
    return f"size_{size}"


def trials(sizes: list[int]) -> Iterator[dict[str, int]]:
    """New sizes by symbol: all changed, then one less, and so on."""
    grown = {size: size + GROWTH + i for i, size in enumerate(sizes)}
    count = len(sizes)
    subsets = (s for n in range(count, 0, -1) for s in itertools.combinations(sizes, n))
    for subset in itertools.islice(subsets, MAX_TRIALS):
        yield {symbol(size): grown[size] for size in subset}


def resized(value: Any, dims: Any, sizes: dict[str, int]) -> Any:
    """`value` repeated to a shape with new sizes; what is no array stays."""
    if not isinstance(value, np.ndarray) or dims is None:
        return value
    shape = [
        sizes.get(dim, size) if isinstance(dim, str) else size
        for dim, size in zip(dims, value.shape, strict=False)
    ]
    return value if tuple(shape) == value.shape else np.resize(value, shape)


def empty(results: Iterable[Any]) -> list[bool]:
    """Which results hold no element."""
    return [isinstance(result, np.ndarray) and not result.size for result in results]


def compare(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Raise WrongResultError unless all outputs agree as two ways of computing them do."""
    for name, right in expected.items():
        if not _agree(found[name], right):
            raise WrongResultError(f"output '{name}' differs from the static build")


def _agree(left: Any, right: Any) -> bool:
    if isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_agree, left, right))
    if not isinstance(right, np.ndarray):
        return bool(left == right)
    if left.dtype != right.dtype or left.shape != right.shape:
        return False
    if right.dtype.kind in "fV":
        tolerance = 2e-2 if right.dtype.itemsize < 4 else 1e-4
        if right.dtype.kind == "V":  # small floats of ml_dtypes
            left, right = left.astype(np.float32), right.astype(np.float32)
        return bool(np.allclose(left, right, tolerance, tolerance, equal_nan=True))
    return bool(np.array_equal(left, right))
