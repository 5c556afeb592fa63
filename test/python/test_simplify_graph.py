"""`simplify-graph` reaches one end, whatever the order of its passes, on trained models too.

`AICC_TEST_MODELS` is a folder with a manifest.json that lists models and inputs.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from evaluate_graph import run_function

import aicc
from aicc._mlir import context, ir
from aicc.dialects.graph import load_graph
from aicc.frontend.onnx import input_specs
from aicc.passes.driver import Pipeline
from aicc.passes.graph.simplify_graph import STEPS
from aicc.passes.statistics import collect

FOLDER = os.environ.get("AICC_TEST_MODELS", "")
SWAPPED = (
    "eliminate-redundancy",
    "eliminate-common-subexpressions",
    "fold-constants",
    "simplify-algebra",
    "eliminate-dead-code",
)


def models() -> list[str]:
    if not FOLDER:
        return ["none"]
    entries = json.loads((Path(FOLDER) / "manifest.json").read_text())["models"]
    return [entry["name"] for entry in entries]


@pytest.fixture
def graph_context() -> Iterator[None]:
    with context(), ir.Location.unknown():
        load_graph()
        yield


def imported(name: str) -> Any:
    """The model as imported for the shapes of its first test case."""
    if not FOLDER:
        pytest.skip("AICC_TEST_MODELS names no folder of trained models")
    path = Path(FOLDER) / f"{name}.onnx"
    specs = input_specs(onnx.load(path).graph)
    with np.load(Path(FOLDER) / f"{name}.case0.inputs.npz") as arrays:
        inputs = {s.name: arrays[k] for s, k in zip(specs, arrays.files, strict=True)}
    shapes = {key: array.shape for key, array in inputs.items()}
    # a single integer may decide a branch, or a shape
    values = {key: a for key, a in inputs.items() if a.size == 1 and a.dtype == np.int64}
    return aicc.import_onnx(path, shapes=shapes, values=values).module


def text_after(module: Any, *pipelines: str) -> str:
    """The module's text after the pipelines; the module stays as it is."""
    with module.context, ir.Location.unknown():
        copy = module.operation.clone()
        for pipeline in pipelines:
            Pipeline(pipeline).run(copy)
        return str(copy.get_asm(assume_verified=True))


def op_counts(text: str) -> Counter[str]:
    lines = (line.split("graph.", 1) for line in text.splitlines())
    return Counter(parts[1].split('"')[0] for parts in lines if len(parts) == 2)


@pytest.mark.parametrize("name", models())
def test_order_does_not_matter(name: str) -> None:
    """Algebra before or after merging repetitions: the same ops; a second run changes nothing."""
    module = imported(name)
    once = text_after(module, "simplify-graph")
    assert text_after(module, "simplify-graph", "simplify-graph") == once
    swapped = text_after(module, f"simplify-graph{{order={','.join(SWAPPED)}}}")
    assert op_counts(swapped) == op_counts(once)


def test_swapped_order_is_complete() -> None:
    assert sorted(SWAPPED) == sorted(STEPS)


CASCADE = """
func.func @main(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %quarter = "graph.constant"() {value = dense<0.25> : tensor<f32>} : () -> tensor<f32>
  %two = "graph.constant"() {value = dense<2.0> : tensor<f32>} : () -> tensor<f32>
  %half = "graph.sqrt"(%quarter) : (tensor<f32>) -> tensor<f32>
  %0 = "graph.mul"(%x, %half) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %1 = "graph.div"(%x, %two) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32>
  %2 = "graph.add"(%0, %y) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = "graph.add"(%y, %1) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = "graph.maximum"(%2, %3) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %4 : tensor<4xf32>
}
"""


@pytest.mark.parametrize("order", ["", f"{{order={','.join(SWAPPED)}}}"])
@pytest.mark.usefixtures("graph_context")
def test_passes_feed_each_other(order: str) -> None:
    """The folded half makes the products equal, so the sums, and their maximum vanishes."""
    module = ir.Module.parse(CASCADE)
    with collect() as statistics:
        Pipeline(f"simplify-graph{order}").run(module)
    assert op_counts(str(module)) == Counter(constant=1, mul=1, add=1)
    passes = {name for name, _ in statistics.applied}
    assert passes == {"fold-constants", "simplify-algebra", "eliminate-common-subexpressions"}


UNARY = ("abs", "neg", "relu", "floor", "sign")
BINARY = ("add", "sub", "mul", "maximum", "minimum")
SHAPES = ((2, 3), (3,), (1, 3), (2, 1), ())


def random_function(seed: int, element: str) -> str:
    """A function of twenty random ops on inputs and small constants, two of them returned."""
    random = np.random.default_rng(seed)
    dot = ".0" if element == "f32" else ""
    values: list[tuple[str, tuple[int, ...]]] = [(f"%a{i}", s) for i, s in enumerate(SHAPES[:3])]
    lines = []
    for i, number in enumerate((3 if element == "ui8" else -1, 0, 1, 2)):
        value = f"dense<{number}{dot}> : tensor<{element}>"
        lines.append(f'%c{i} = "graph.constant"() {{value = {value}}} : () -> tensor<{element}>')
        values.append((f"%c{i}", ()))
    for i in range(20):
        lhs, rhs = (values[k] for k in random.integers(max(0, len(values) - 9), len(values), 2))
        unary = random.random() < 0.3
        allowed = UNARY if element == "f32" else tuple(n for n in UNARY if n != "floor")
        name = random.choice(allowed if unary else BINARY)
        operands = [lhs] if unary else [lhs, rhs]
        shape = np.broadcast_shapes(*(s for _, s in operands))
        types = ", ".join(tensor_text(s, element) for _, s in operands)
        names = ", ".join(n for n, _ in operands)
        lines.append(f'%{i} = "graph.{name}"({names}) : ({types}) -> {tensor_text(shape, element)}')
        values.append((f"%{i}", shape))
    arguments = ", ".join(f"%a{i}: {tensor_text(s, element)}" for i, s in enumerate(SHAPES[:3]))
    results = values[-2:]
    types = ", ".join(tensor_text(s, element) for _, s in results)
    lines.append(f"return {', '.join(n for n, _ in results)} : {types}")
    return f"func.func @main({arguments}) -> ({types}) {{\n" + "\n".join(lines) + "\n}"


def tensor_text(shape: tuple[int, ...], element: str) -> str:
    return f"tensor<{''.join(f'{d}x' for d in shape)}{element}>"


@pytest.mark.parametrize("element", ["f32", "i32", "ui8"])
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.usefixtures("graph_context")
def test_random_functions_keep_their_bits(seed: int, element: str) -> None:
    """Under strict_fp; a second run changes nothing."""
    source = f"module attributes {{aicc.strict_fp}} {{\n{random_function(seed, element)}\n}}"
    before, after = ir.Module.parse(source), ir.Module.parse(source)
    Pipeline("simplify-graph").run(after)
    text = str(after)
    Pipeline("simplify-graph").run(after)
    assert str(after) == text
    random = np.random.default_rng(seed)
    for _ in range(20):
        arguments = [special_values(random, shape, element) for shape in SHAPES[:3]]
        results = (run_function(m.body.operations[0], arguments) for m in (before, after))
        for want, got in zip(*results, strict=True):
            nan = want != want
            assert np.array_equal(nan, got != got)
            assert np.where(nan, 0, want).tobytes() == np.where(nan, 0, got).tobytes()


def special_values(random: Any, shape: tuple[int, ...], element: str) -> Any:
    if element == "f32":
        numbers = np.array([0.0, -0.0, 1, -1.5, 3e38, 1e-40, np.nan, np.inf, -np.inf], np.float32)
    else:
        info = np.iinfo({"i32": np.int32, "ui8": np.uint8}[element])
        numbers = np.array([info.min, info.max, 0, 1, 2, 77], info.dtype)
    return random.choice(numbers, size=shape)
