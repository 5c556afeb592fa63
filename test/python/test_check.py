"""`aicc check`: a lowering is broken on purpose, found by name, and cut out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import helper
from onnx_models import model

from aicc.checking.check import Check, first_difference, shortest_beginning
from aicc.checking.comparison import compare
from aicc.checking.reduce import smallest
from aicc.dialects.graph import OPS
from aicc.frontend.onnx import read_source
from aicc.passes.linalg.lowering import lowers, rule_of
from aicc.tools.aicc import cli

OPTIONS = {"threads": 1}


def node(op: str, inputs: str, output: str, **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(op, inputs.split(), [output], name=f"n_{output}", **attributes)


def random(*shape: int) -> Any:
    return np.random.default_rng(list(shape)).standard_normal(shape).astype(np.float32)


def perceptron() -> onnx.ModelProto:
    nodes = [
        node("MatMul", "x w1", "a"),
        node("Tanh", "a", "b"),
        node("MatMul", "b w2", "c"),
        node("Softmax", "c", "y"),
    ]
    return model(nodes, {"x": [3, 16]}, ["y"], {"w1": random(16, 24), "w2": random(24, 8)})


def convolutions() -> onnx.ModelProto:
    nodes = [
        node("Conv", "x w1", "a", pads=[1, 1, 1, 1]),
        node("Relu", "a", "b"),
        node("MaxPool", "b", "c", kernel_shape=[2, 2], strides=[2, 2]),
        node("Conv", "c w2", "d"),
        node("GlobalAveragePool", "d", "y"),
    ]
    weights = {"w1": random(8, 3, 3, 3), "w2": random(16, 8, 1, 1)}
    return model(nodes, {"x": [1, 3, 12, 12]}, ["y"], weights)


def residual() -> onnx.ModelProto:
    nodes = [
        node("Sigmoid", "x", "a"),
        node("CumSum", "a axis", "b"),
        node("Mul", "a b", "c"),
        node("ReduceMean", "c", "m", axes=[1]),
        node("Sub", "c m", "y"),
    ]
    return model(nodes, {"x": [4, 10]}, ["y"], {"axis": np.array(1)})


@contextmanager
def broken(name: str) -> Iterator[None]:
    """The lowering of graph op `name` computes a result that is 1 too large."""
    op, rule = OPS[name], rule_of(name)
    assert rule is not None

    def wrong(b: Any, view: Any, *operands: Any) -> Any:
        value = rule(b, view, *operands)
        one = b.scalar(1.0, value.type.element_type)
        return b.elementwise([value], value.type, lambda x: b.sum_of(x, one))

    lowers(op)(wrong)
    try:
        yield
    finally:
        lowers(op)(rule)


def check_of(proto: onnx.ModelProto, reference: str = "onnx") -> Check:
    source = read_source(proto)
    shapes = [[d.dim_value for d in i.type.tensor_type.shape.dim] for i in proto.graph.input]
    feeds = {i.name: random(*s) for i, s in zip(proto.graph.input, shapes, strict=True)}
    return Check(source, feeds, reference, OPTIONS)


CASES = [
    (perceptron, "graph.tanh", "n_b"),
    (convolutions, "graph.max_pool", "n_c"),
    (residual, "graph.cumsum", "n_b"),
]


@pytest.mark.parametrize(("build", "op", "name"), CASES)
def test_a_broken_lowering_is_found_and_cut_out(build: Any, op: str, name: str) -> None:
    check = check_of(build())
    assert check.outputs().agrees
    with broken(op):
        verdict = check.outputs()
        assert not verdict.agrees
        found = first_difference(check.per_node(), check.parts)
        assert found is not None and found.name == name
        part = smallest(check.parts.whole(), lambda p: check.part(p).is_like(verdict), 60)
        assert [check.parts.nodes[i].name for i in part] == [name]
        alone = check_of(check.parts.cut(part))
        assert not alone.outputs().agrees


@pytest.mark.parametrize("build", [case[0] for case in CASES])
def test_sound_models_agree_node_by_node(build: Any) -> None:
    check = check_of(build())
    reports = check.per_node()
    assert all(report.agrees for report in reports)
    assert first_difference(reports, check.parts) is None


@pytest.mark.parametrize("attributes", [{}, {"axis": 2}, {"axis": -1}])
@pytest.mark.parametrize("operator", ["Softmax", "LogSoftmax"])
def test_softmax_before_opset_13_flattens(operator: str, attributes: dict[str, int]) -> None:
    nodes = [node(operator, "x", "y", **attributes)]
    assert check_of(model(nodes, {"x": [2, 3, 4]}, ["y"], opset=11)).outputs().agrees


def test_the_shortest_beginning_is_found_by_bisection() -> None:
    for last in range(9):
        assert shortest_beginning(range(9), lambda part, n=last: n in part) == last


def test_delta_debugging_keeps_what_is_needed() -> None:
    tried = []

    def fails(part: Any) -> bool:
        tried.append(tuple(part))
        return {3, 17, 40} <= set(part)

    assert smallest(range(50), fails, 60) == [3, 17, 40]
    assert len(tried) < 150


def test_comparison_treats_special_values() -> None:
    a = np.array([1.0, np.nan, np.inf, -0.0], np.float32)
    assert compare("x", a, a).agrees
    assert not compare("x", np.array([1.0, 2.0, np.inf, 0.0], np.float32), a).agrees
    assert not compare("x", np.array([1.0, np.nan, -np.inf, 0.0], np.float32), a).agrees
    assert not compare("x", np.array([1, 2]), np.array([1, 3])).agrees
    assert "instead of" in compare("x", np.zeros(3), np.zeros(2)).reason


def test_command_line(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    onnx.save(perceptron(), path)
    runner = CliRunner()
    fine = runner.invoke(cli, ["check", str(path), "--per-node", "--reference", "onnx"])
    assert "4 of 4 nodes agree" in fine.output
    part = tmp_path / "part.onnx"
    arguments = ["check", str(path), "--per-node", "--reduce", "--reference", "onnx"]
    with broken("graph.tanh"):
        result = runner.invoke(cli, [*arguments, "-o", str(part)], standalone_mode=False)
    assert result.return_value == 1
    assert 'first node that differs: "n_b" (Tanh) of 3x24' in result.output
    assert f"next: aicc check {part}" in result.output
    assert [n.name for n in onnx.load(part).graph.node] == ["n_b"]
    assert np.load(tmp_path / "part.npz")["a"].shape == (3, 24)
