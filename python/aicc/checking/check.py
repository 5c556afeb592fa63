"""Does aicc compute what the reference computes, and if not, where does it begin to differ?

`Check.outputs` compares the whole model. `Check.per_node` makes every tensor an output, so that one
run tells the first node whose inputs agree and whose outputs do not; if nothing differs that way
(the fault needs several nodes in one kernel), the shortest beginning of the model that differs is
searched by bisection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import onnx

from aicc.compiler import compile_model
from aicc.diagnostics import AiccError
from aicc.frontend.onnx import Source
from aicc.frontend.onnx.source import names_read, node_name

from .comparison import Difference, compare
from .reference import evaluate, tensor_names
from .submodel import Parts

Tolerance = tuple[float, float]


@dataclass(frozen=True)
class Verdict:
    """Of a model or part: how each output differs, or the error that aicc raised."""

    differences: tuple[Difference, ...]
    error: AiccError | None = None

    @property
    def agrees(self) -> bool:
        """True if it ran and every output is within its tolerance."""
        return self.error is None and all(d.agrees for d in self.differences)

    def is_like(self, other: Verdict) -> bool:
        """True if both fail in the same way: by an error of one type, or by wrong values."""
        if self.agrees or other.agrees:
            return self.agrees == other.agrees
        return type(self.error) is type(other.error)


@dataclass(frozen=True)
class NodeReport:
    """One node of the per-node comparison."""

    index: int
    name: str
    op_type: str
    input_shapes: tuple[tuple[int, ...], ...]
    differences: tuple[Difference, ...]

    @property
    def agrees(self) -> bool:
        """True if all its outputs are within tolerance."""
        return all(d.agrees for d in self.differences)


class Check:
    """One model, one set of inputs, one reference. `options` are those of `aicc.compile`."""

    def __init__(
        self,
        source: Source,
        feeds: Mapping[str, Any],
        reference: str,
        options: Mapping[str, Any],
        tolerance: Tolerance | None = None,
    ) -> None:
        self.source = source
        self.feeds = dict(feeds)
        self.reference = reference
        self.options = dict(options)
        self.tolerance = tolerance

    @cached_property
    def values(self) -> dict[str, Any]:
        """Every tensor of the model, as the reference computes it; inputs included."""
        names = tensor_names(self.source.model)
        return {**self.feeds, **evaluate(self.source, self.feeds, names, self.reference)}

    @cached_property
    def parts(self) -> Parts:
        """Cuts parts out of the model."""
        return Parts(self.source, self.values)

    def outputs(self) -> Verdict:
        """Compare the model's outputs."""
        names = [o.name for o in self.source.model.graph.output]
        expected = evaluate(self.source, self.feeds, names, self.reference)
        return self.verdict(self.source.model, self.feeds, expected, self.source)

    def part(self, part: Collection[int]) -> Verdict:
        """Compare a part that is fed with the reference's values."""
        model = self.parts.cut(part)
        expected = {o.name: self.values[o.name] for o in model.graph.output}
        return self.verdict(model, self.parts.feeds(part), expected)

    def verdict(
        self,
        model: onnx.ModelProto,
        feeds: Mapping[str, Any],
        expected: Mapping[str, Any],
        source: Source | None = None,
    ) -> Verdict:
        """Compile, run and compare one model."""
        try:
            got = self._run(source or model, feeds)
        except AiccError as error:
            return Verdict((), error)
        found = [compare(n, got[n], v, self.tolerance) for n, v in expected.items() if n in got]
        return Verdict(tuple(found))

    def per_node(self) -> list[NodeReport]:
        """Every node in order, compared where it feeds the others. Raises what compiling raises."""
        names = [n for n in tensor_names(self.source.model) if n in self.values]
        model = onnx.ModelProto()
        model.CopyFrom(self.source.model)
        declared = {o.name for o in model.graph.output}
        extra = [onnx.ValueInfoProto(name=n) for n in names if n not in declared]
        model.graph.output.extend(extra)
        source = self.source.with_model(model)
        got = self._run(source, self.feeds)
        return [self._report(index, got) for index in self.parts.whole()]

    def _report(self, index: int, got: Mapping[str, Any]) -> NodeReport:
        node = self.parts.nodes[index]
        known = [n for n in node.output if n in self.values and n in got]
        found = [compare(n, got[n], self.values[n], self.tolerance) for n in known]
        shapes = [self._shape(name) for name in names_read(node)]
        name = node_name(node)
        return NodeReport(index, name, node.op_type, tuple(shapes), tuple(found))

    def _shape(self, name: str) -> tuple[int, ...]:
        if name in self.values:
            return tuple(self.values[name].shape)
        weight = self.parts.weights.get(name)
        return tuple(weight.dims) if weight is not None else ()

    def _run(self, model: Any, feeds: Mapping[str, Any]) -> dict[str, Any]:
        shapes = {name: array.shape for name, array in feeds.items()}
        return compile_model(model, shapes=shapes, cache=False, **self.options).run(feeds)


def first_difference(reports: Sequence[NodeReport], parts: Parts) -> NodeReport | None:
    """The first node whose outputs differ while everything it reads agrees."""
    wrong: set[str] = set()
    for report in reports:
        node = parts.nodes[report.index]
        if not report.agrees:
            if not wrong.intersection(names_read(node)):
                return report
            wrong.update(node.output)
    return None


def shortest_beginning(nodes: Sequence[int], fails: Callable[[Sequence[int]], bool]) -> int:
    """The last node of the shortest beginning of `nodes` that fails; all of them do."""
    low, high = 0, len(nodes)
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fails(nodes[:middle]) else (middle, high)
    return nodes[high - 1]
