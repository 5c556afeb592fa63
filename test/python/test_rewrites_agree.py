"""Rewritten graphs compute what they computed before: every case of the passes' lit files, run.

An exact rewrite must agree bit for bit on operands that hold NaN, infinities and both zeros; the
others up to rounding on moderate numbers. The kernels are plain loops (level 0) either way.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from graph_programs import normal, special
from graph_programs import run as run_program
from one_node import node_model
from onnx.reference import ReferenceEvaluator

import aicc
from aicc._mlir import context, ir
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.linear import Conv
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.driver import Pipeline
from aicc.passes.graph import eliminate_redundancy, reduce_work, replace_ops
from aicc.passes.registry import PassFailure
from aicc.passes.statistics import collect

SETS = {
    "eliminate-redundancy": eliminate_redundancy.PATTERNS,
    "replace-ops": replace_ops.PATTERNS,
    "reduce-work": reduce_work.PATTERNS,
}
FOLDER = Path(__file__).parents[1] / "passes"
FILES = {name: sorted(FOLDER.glob(f"{name}*.mlir")) for name in SETS}
OPTIONS = (
    'aicc.phase = "import", aicc.threads = 1 : i64, aicc.opt_level = 0 : i64, aicc.target = "host"'
)


@cache
def cases_of(path: Path) -> dict[str, str]:
    """Function name -> text of a module in which it is @main."""
    text = path.read_text()
    head = re.search(r"^module attributes \{(.*?)\}", text, re.MULTILINE)
    options = f"{OPTIONS}, {head[1]}" if head else OPTIONS
    functions = re.findall(r"^func\.func @(\w+)(\(.*?^\})", text, re.MULTILINE | re.DOTALL)
    return {
        name: f"module attributes {{{options}}} {{\nfunc.func @main{rest}\n}}"
        for name, rest in functions
    }


def applied_by(pipeline: str, text: str) -> set[str]:
    """The patterns that apply to a case; each of them, when disabled, no longer does."""
    with context(), ir.Location.unknown():
        load_graph()
        with collect() as statistics:
            Pipeline(pipeline).run(ir.Module.parse(text))
        names = {name for _, name in statistics.applied}
        for name in names:
            with collect() as without:
                Pipeline(f"{pipeline}{{disable={name}}}").run(ir.Module.parse(text))
            assert (pipeline, name) not in without.applied
    return names


def run(text: str, pipeline: str | None, make: Any) -> list[np.ndarray]:
    """Results on arrays by `make(shape, dtype, seed)`, rewritten by the pass or as it stands."""
    with context(), ir.Location.unknown():
        load_graph()
        module = ir.Module.parse(text)
        main = module.body.operations[0]
        kinds = named_arguments(main)
        types = [(list(t.shape), numpy_dtype(dtype_of(t.element_type))) for t in main.type.inputs]
        arrays = {f"a{i}": make(shape, dtype, i) for i, (shape, dtype) in enumerate(types)}
        if pipeline:
            Pipeline(pipeline).run(module)
        exe = aicc.resume(module, weights={n: a for n, a in arrays.items() if kinds[n] == "weight"})
    return list(exe.run({n: a for n, a in arrays.items() if kinds[n] == "input"}).values())


def named_arguments(main: Any) -> dict[str, str]:
    """Name -> kind of the arguments, which are written down; a case says only what is a weight."""
    attributes, count = main.operation.attributes, len(main.type.inputs)
    given = attributes["arg_attrs"] if "arg_attrs" in attributes else [{}] * count
    kinds = {f"a{i}": "weight" if "aicc.weight" in d else "input" for i, d in enumerate(given)}
    entries = [{f"aicc.{kind}": ir.StringAttr.get(name)} for name, kind in kinds.items()]
    results = [{"aicc.output": ir.StringAttr.get(f"y{i}")} for i in range(len(main.type.results))]
    attributes["arg_attrs"] = ir.ArrayAttr.get([ir.DictAttr.get(d) for d in entries])
    attributes["res_attrs"] = ir.ArrayAttr.get([ir.DictAttr.get(d) for d in results])
    return kinds


def moderate(shape: list[int], dtype: Any, seed: int) -> np.ndarray:
    make = normal if np.issubdtype(dtype, np.floating) else special
    return make(shape, dtype, seed)


def bits(array: np.ndarray) -> np.ndarray:
    """The bit patterns, with one NaN for all."""
    if not np.issubdtype(array.dtype, np.floating):
        return array
    plain = np.where(np.isnan(array), np.array(np.nan, array.dtype), array)
    return plain.view(f"u{array.dtype.itemsize}")


CASES = [
    pytest.param(pipeline, path, name, id=f"{path.stem}-{name}")
    for pipeline, paths in FILES.items()
    for path in paths
    for name in cases_of(path)
]


@pytest.mark.parametrize(("pipeline", "path", "name"), CASES)
def test_the_rewritten_graph_agrees(pipeline: str, path: Path, name: str) -> None:
    text = cases_of(path)[name]
    applied = applied_by(pipeline, text)
    classes = {p.name: p.rounding for p in SETS[pipeline].patterns}
    is_exact = all(classes[pattern] == "exact" for pattern in applied)
    if not applied:
        return
    make = special if is_exact else moderate
    before, after = run(text, None, make), run(text, pipeline, make)
    for expected, actual in zip(before, after, strict=True):
        assert actual.dtype == expected.dtype
        assert actual.shape == expected.shape
        if is_exact:
            np.testing.assert_array_equal(bits(actual), bits(expected))
        else:
            np.testing.assert_allclose(actual, expected, rtol=2e-5, atol=1e-5)


@pytest.mark.parametrize("pipeline", SETS)
def test_every_pattern_has_a_case(pipeline: str) -> None:
    texts = [text for path in FILES[pipeline] for text in cases_of(path).values()]
    applied = set().union(*(applied_by(pipeline, text) for text in texts))
    assert applied == {p.name for p in SETS[pipeline].patterns}


@pytest.mark.parametrize("seed", range(12))
def test_windows_without_idle_taps_agree_with_onnx(seed: int) -> None:
    """Drawn convolutions; in the first spatial dimension only the centre meets the image."""
    rng = np.random.default_rng(seed)
    rank, group = int(rng.integers(1, 4)), int(rng.integers(1, 3))
    size = rng.integers(2, 8, rank)
    kernel, dilations = rng.integers(1, 5, rank), rng.integers(1, 7, rank)
    kernel[0], dilations[0] = 3, size[0] + rng.integers(3)
    reach = dilations * (kernel - 1)
    pads = np.concatenate([reach - reach // 2, reach // 2 + rng.integers(2, size=rank)])
    pads[rank] = pads[0]
    window = {"strides": rng.integers(1, 4, rank), "pads": pads, "dilations": dilations}
    attrs = {name: values.tolist() for name, values in window.items()} | {"group": group}
    arrays = {
        "x": normal([2, 3 * group, *size], seed=seed),
        "w": normal([4 * group, 3, *kernel], seed=seed + 1),
        "b": normal([4 * group], seed=seed + 2),
    }
    model = node_model("Conv", list(arrays.values()), domain="", **attrs)
    feeds = {f"x{i}": a for i, a in enumerate(arrays.values())}
    (expected,) = ReferenceEvaluator(model).run(None, feeds)

    def body(*operands: Any) -> Any:
        return Conv.build(*operands, **attrs)

    (actual,), statistics = run_program(body, arrays, ["reduce-work"], weights=["w", "b"])
    assert statistics.applied["reduce-work", "conv-without-idle-taps"] == 1
    np.testing.assert_allclose(actual, expected, rtol=2e-5, atol=1e-5)


def test_an_unknown_pattern_cannot_be_switched_off() -> None:
    with context(), ir.Location.unknown():
        load_graph()
        module = ir.Module.create()
        with pytest.raises(PassFailure, match="no pattern 'nonsense'"):
            reduce_work.run(module.operation, disable=["nonsense"])
