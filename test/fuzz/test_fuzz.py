"""Random graphs at opt levels 0 and 3 agree with onnx's evaluator; what once did not stays here.

`AICC_FUZZ_GRAPHS=5000` sets how many are tried (default 60), `AICC_FUZZ_SEED` the first.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import campaign
import numpy as np
import onnx
import pytest
from graphs import Graph, random_graph

import aicc
from aicc.checking.comparison import compare

COUNT = int(os.environ.get("AICC_FUZZ_GRAPHS", "60"))
SEED = int(os.environ.get("AICC_FUZZ_SEED", "0"))
Maker = Callable[[Graph], object]


def test_random_graphs_agree(tmp_path: Path) -> None:
    keep = Path(os.environ.get("AICC_FUZZ_KEEP", tmp_path))
    found = list(campaign.failures(range(SEED, SEED + COUNT), 1, keep))
    assert not found, "\n".join(map(str, found))


def test_every_rule_is_drawn() -> None:
    drawn = campaign.operators_of(range(1000))
    rare = [op for op, count in drawn.items() if count < 3]
    assert len(drawn) >= 95 and not rare


def test_a_seed_always_gives_the_same_graph() -> None:
    first, again = (random_graph(7, campaign.RULES, 12).model() for _ in range(2))
    assert first.SerializeToString() == again.SerializeToString()


def ends_in_tanh(seed: int) -> bool:
    """Whether a result of the graph as a whole is a Tanh, so that a wrong one is seen."""
    graph = random_graph(seed, campaign.RULES, campaign.NODES).model().graph
    results = {result.name for result in graph.output}
    return any(node.op_type == "Tanh" and node.output[0] in results for node in graph.node)


def test_failures_are_shrunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A compiler that gets Tanh wrong leaves one node of the graph."""
    seed = next(s for s in range(1000) if ends_in_tanh(s))
    run = campaign.Check._run

    def wrong(check: campaign.Check, model: onnx.ModelProto, feeds: object) -> object:
        found = run(check, model, feeds)
        graph = model.graph if isinstance(model, onnx.ModelProto) else model.model.graph
        bad = {name for node in graph.node if node.op_type == "Tanh" for name in node.output}
        return {name: value + 1 if name in bad else value for name, value in found.items()}

    monkeypatch.setattr(campaign.Check, "_run", wrong)
    failure = campaign.examine(seed, tmp_path)
    assert failure is not None and failure.nodes == 1
    kept = onnx.load(tmp_path / f"seed{seed}_O0.onnx")
    assert [node.op_type for node in kept.graph.node] == ["Tanh"]


def read_twice(graph: Graph) -> None:
    """A cheap op copied into two groups, one of which reads it twice."""
    x = graph.input((5, 40), np.float32)
    (y,) = graph.node("Add", [x, graph.weight(np.float32(1.5))], exact=True)
    graph.node("Equal", [y, y], exact=True)
    graph.node("Tanh", [y], exact=False)


def empty_depth(graph: Graph) -> None:
    """A product over no elements."""
    x = graph.input((3, 5, 0), np.float32)
    graph.node("MatMul", [x, graph.weight(np.zeros((0, 4), np.float32))], exact=True)


def library_function(graph: Graph) -> None:
    """A function without vector code behind a product."""
    x = graph.input((2, 3, 10, 6), np.float32)
    (y,) = graph.node("MatMul", [x, graph.weight(graph.grid((6, 8), np.float32))], exact=False)
    graph.node("Asinh", [y], exact=False)


def running_sum(graph: Graph) -> None:
    """A row of sums carried along the axis, written before the next row is added."""
    x, axis = graph.input((2, 3, 8), np.float64), graph.weight(np.array(1))
    for exclusive in (0, 1):
        graph.node("CumSum", [x, axis], exact=False, exclusive=exclusive, reverse=1)


@pytest.mark.parametrize("make", [read_twice, empty_depth, library_function, running_sum])
@pytest.mark.parametrize("level", campaign.LEVELS)
def test_found_before(make: Maker, level: int) -> None:
    graph = Graph(np.random.default_rng(0), 20)
    make(graph)
    model = graph.model()
    got = aicc.compile(model, opt_level=level).run(graph.feeds)
    expected = {value.name: value.array for value in graph.values}
    for name, value in got.items():
        assert compare(name, value, expected[name]).agrees
