"""Random valid ONNX graphs: nodes are drawn one by one and evaluated at once.

The idea is NNSmith's (Liu et al., ASPLOS 2023): generate from a table of operators, keep every
value inside a range in which a comparison means something. Instead of solving constraints, a node
is drawn from the shapes and values known so far, run by onnx's reference evaluator, and dropped
again if it fails or leaves that range.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

OPSETS = (18, 19, 20, 21, 22, *[23] * 4)
# Floats by name, with what is left of operands when a result is a difference of nearly equal ones.
NARROW = {"float16": 2.0**-2, "bfloat16": 2.0**-1}
FLOATS = ("float32", "float64", *NARROW)
INTEGERS = ("int64", "int32", "uint8", "int8", "int16", "uint16", "uint32", "uint64")
# Beyond this a sum of rounded values says little about the operators behind it.
LARGEST = 64.0
# Grid of the inputs: sums and products of a few of them are exact, whatever their order.
GRID = 8
# Results below this share of their operands are differences of nearly equal numbers.
CANCELLED = 2.0**-10
FINEST = 1024
FINEST_NARROW = 8
MAX_ELEMENTS = 20_000


@dataclass(frozen=True)
class Value:
    """A tensor of the graph: its reference value, and whether that is free of rounding."""

    name: str
    array: np.ndarray
    is_exact: bool

    @property
    def is_float(self) -> bool:
        return self.array.dtype.name in FLOATS

    @property
    def is_number(self) -> bool:
        return self.is_float or self.array.dtype.name in INTEGERS

    @property
    def wide(self) -> np.ndarray:
        """The elements as float64."""
        return self.array.astype(np.float64)

    @property
    def rank(self) -> int:
        return self.array.ndim

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape


class Rejected(Exception):
    """No operands fit, or the result is of no use."""


@dataclass
class Graph:
    """A graph that grows; `values` are what the next node may read."""

    random: np.random.Generator
    opset: int
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    feeds: dict[str, np.ndarray] = field(default_factory=dict)
    weights: dict[str, np.ndarray] = field(default_factory=dict)

    # ---- drawing

    def one_of(self, options: Sequence[Any]) -> Any:
        """Any of `options`."""
        if not len(options):
            raise Rejected
        return options[int(self.random.integers(len(options)))]

    def number(self, low: int, high: int) -> int:
        """low <= n <= high."""
        return int(self.random.integers(low, high + 1))

    def chance(self, share: float) -> bool:
        """True in `share` of all calls."""
        return bool(self.random.random() < share)

    def pick(self, fits: Callable[[Value], bool] = lambda value: True) -> Value:
        """A value that fits; later ones are likelier, so that graphs become deep."""
        fitting = [value for value in self.values if fits(value)]
        if not fitting:
            raise Rejected
        place = max(self.random.random(), self.random.random())
        return fitting[int(place * len(fitting))]

    def floats(self, low: int = 0, high: int = 9, exact: bool = False) -> Value:
        """A floating-point value of a rank from `low` to `high`."""
        return self.pick(
            lambda v: v.is_float and low <= v.rank <= high and (v.is_exact or not exact)
        )

    def grid(self, shape: Sequence[int], dtype: Any, low: float = -2, high: float = 2) -> Any:
        """Random numbers: multiples of 1/8 for floats, whole ones for integers."""
        dtype = np.dtype(dtype)
        kind = dtype.kind
        if kind == "b":
            return self.random.integers(0, 2, shape).astype(bool)
        if kind in "iu":
            low = 0 if kind == "u" else low
            return self.random.integers(int(low), int(high) + 1, shape).astype(dtype)
        return (self.random.integers(int(low * GRID), int(high * GRID) + 1, shape) / GRID).astype(
            dtype
        )

    # ---- growing

    def weight(self, array: Any) -> str:
        """A constant of the graph."""
        name = f"w{len(self.weights)}"
        self.weights[name] = np.asarray(array)
        return name

    def integers(self, numbers: Sequence[int]) -> str:
        """A constant list of int64, such as axes or sizes."""
        return self.weight(np.array(numbers, np.int64))

    def input(self, shape: Sequence[int], dtype: Any) -> Value:
        """A new input of the graph."""
        name = f"x{len(self.feeds)}"
        self.feeds[name] = self.grid(shape, dtype)
        value = Value(name, self.feeds[name], True)
        self.values.append(value)
        return value

    def node(
        self, op: str, inputs: Sequence[Value | str], *, results: int = 1, exact: bool, **attrs: Any
    ) -> list[Value]:
        """Append a node and its values. Raises Rejected if the values are of no use.

        `exact`: the operator itself does not round; the results are exact if the operands are and
        they lie on a grid coarse enough for sums in any order.
        """
        number = len(self.nodes)
        names = [value.name if isinstance(value, Value) else value for value in inputs]
        outputs = [f"t{number}_{i}" for i in range(results)]
        made = helper.make_node(op, names, outputs, f"n{number}", **attrs)
        arrays = self._evaluate(made)
        operands = [value for value in inputs if isinstance(value, Value)]
        is_exact = exact and all(value.is_exact for value in operands)
        found = [_usable(n, a, is_exact) for n, a in zip(outputs, arrays, strict=True)]
        if any(_is_cancelled(value, operands) or _is_widened(value, operands) for value in found):
            raise Rejected
        self.nodes.append(made)
        self.values += found
        return found

    def _evaluate(self, node: onnx.NodeProto) -> list[np.ndarray]:
        known = {value.name: value.array for value in self.values} | self.weights
        feeds = {name: known[name] for name in node.input if name}
        narrow = {a.dtype for a in feeds.values() if a.dtype.name in NARROW}
        if narrow and node.op_type not in ("Cast", "CastLike"):
            return self._evaluate_wider(node, feeds, narrow.pop())
        return _run(node, feeds, self.opset)

    def _evaluate_wider(
        self, node: onnx.NodeProto, feeds: Mapping[str, np.ndarray], narrow: np.dtype
    ) -> list[np.ndarray]:
        """As float32, whose results are rounded once: sums in 16 bits would be no reference."""
        wider = {n: a.astype(np.float32) if a.dtype == narrow else a for n, a in feeds.items()}
        results = _run(node, wider, self.opset)
        return [a.astype(narrow) if a.dtype.kind == "f" else a for a in results]

    def model(self) -> onnx.ModelProto:
        """The graph so far; what nobody reads is an output."""
        read = {name for node in self.nodes for name in node.input}
        made = [value for value in self.values if value.name not in self.feeds]
        outputs = [value.name for value in made if value.name not in read]
        feeds = {name: array for name, array in self.feeds.items() if name in read}
        used = {name: array for name, array in self.weights.items() if name in read}
        return _model(self.nodes, feeds, used, outputs, self.opset)


def _run(node: onnx.NodeProto, feeds: Mapping[str, np.ndarray], opset: int) -> list[np.ndarray]:
    model = _model([node], feeds, {}, list(node.output), opset)
    try:
        with np.errstate(all="ignore"):
            results = ReferenceEvaluator(model).run(None, dict(feeds))
    except Exception as error:
        # the evaluator's errors are of any type; a node it does not run is not drawn
        raise Rejected from error
    return [np.asarray(result) for result in results]


def _usable(name: str, array: np.ndarray, is_exact: bool) -> Value:
    if array.size > MAX_ELEMENTS or array.ndim > 6:
        raise Rejected
    if array.dtype.name in FLOATS:
        wide = array.astype(np.float64)
        if not np.isfinite(wide).all() or np.abs(wide).max(initial=0) > LARGEST:
            raise Rejected
        is_narrow = array.dtype.name in NARROW
        scaled = wide * (FINEST_NARROW if is_narrow else FINEST)
        return Value(name, array, is_exact and bool(np.all(scaled == np.rint(scaled))))
    if array.dtype.name not in (*INTEGERS, "bool"):
        raise Rejected
    return Value(name, array, is_exact)


def _is_cancelled(value: Value, operands: Sequence[Value]) -> bool:
    """Whether what is left of the operands is about as large as their rounding errors."""
    sizes = [np.abs(v.wide).max(initial=0) for v in operands if v.is_float]
    if not value.is_float or value.is_exact or not sizes:
        return False
    share = NARROW.get(value.array.dtype.name, CANCELLED)
    return bool(np.abs(value.wide).max(initial=0) < share * max(sizes))


def _is_widened(value: Value, operands: Sequence[Value]) -> bool:
    """Whether a type that is compared closely holds what was rounded to 16 bits."""
    is_wide = value.is_float and value.array.dtype.name not in NARROW
    return is_wide and any(v.array.dtype.name in NARROW and not v.is_exact for v in operands)


def _model(
    nodes: Sequence[onnx.NodeProto],
    feeds: Mapping[str, np.ndarray],
    weights: Mapping[str, np.ndarray],
    outputs: Sequence[str],
    opset: int,
) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
        for n, a in feeds.items()
    ]
    graph = helper.make_graph(
        nodes,
        "fuzz",
        inputs,
        [onnx.ValueInfoProto(name=name) for name in outputs],
        [numpy_helper.from_array(array, name) for name, array in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)


# Shapes the inputs start from: images, sequences, signals, vectors, volumes, odd and tiny ones.
STARTS: tuple[Callable[[Graph], tuple[int, ...]], ...] = (
    lambda g: (g.number(1, 2), g.one_of([1, 3, 4, 8, 16, 17]), g.number(4, 14), g.number(4, 14)),
    lambda g: (g.number(1, 2), g.one_of([1, 4, 16, 20]), g.number(5, 20), g.number(5, 20)),
    lambda g: (g.number(1, 3), g.number(1, 9), g.one_of([4, 8, 16, 24, 33])),
    lambda g: (g.number(1, 8), g.one_of([1, 5, 16, 40])),
    lambda g: (g.number(1, 40),),
    lambda g: (1, g.number(1, 4), g.number(3, 6), g.number(3, 6), g.number(3, 6)),
    lambda g: (g.number(1, 2), g.number(1, 4), g.number(3, 12), g.one_of([8, 16])),
)
START_DTYPES = ("float32",) * 16 + ("float16", "bfloat16", "float64") * 2 + ("bool", *INTEGERS)
# Dimensions that hit what programs forget.
ODD_SIZES = (0, 1, 1)
MAX_TRIES = 200


def _start(graph: Graph) -> tuple[int, ...]:
    """A shape for an input, now and then with a dimension of one element or none."""
    shape = graph.one_of(STARTS)(graph)
    if graph.chance(0.85):
        return shape
    axis = graph.number(0, len(shape) - 1)
    return (*shape[:axis], graph.one_of(ODD_SIZES), *shape[axis + 1 :])


def random_graph(seed: int, rules: Sequence[Callable[[Graph], Any]], nodes: int) -> Graph:
    """A graph of about `nodes` nodes; the same for the same seed and table of rules."""
    random = np.random.default_rng(seed)
    graph = Graph(random, int(random.choice(OPSETS)))
    shape = _start(graph)
    graph.input(shape, "float32" if graph.chance(0.8) else graph.one_of(START_DTYPES))
    for _ in range(graph.number(0, 2)):
        other = shape if graph.chance(0.6) else _start(graph)
        graph.input(other, graph.one_of(START_DTYPES))
    wanted = graph.number(1, nodes)
    for _ in range(MAX_TRIES):
        if len(graph.nodes) >= wanted:
            break
        # of a rule that makes several nodes, those before the rejected one stay
        with contextlib.suppress(Rejected):
            graph.one_of(rules)(graph)
    return graph
