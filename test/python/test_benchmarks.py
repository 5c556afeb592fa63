"""The programs in benchmarks/: what they measure, and the page that is made of it."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import helper
from onnx_models import dense, model

ROOT = Path(__file__).parents[2]


def program(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[f"benchmarks_{name}"] = sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_record_gives() -> None:
    report = program("report")
    record = json.loads(report.RECORD.read_text())
    assert report.PAGE.read_text() == report.page(record), "run: python benchmarks/report.py"


def row(model: str, kind: str, engine: str, median: float, ratio: float | None) -> dict[str, Any]:
    measured = {"median": median, "ratio": ratio, "threads": 1, "compile_seconds": 1.5}
    named = {"model": model, "kind": kind, "engine": engine}
    return {**named, **measured, "peak_bytes": 5e6, "max_rel": 2e-6}


def test_speedups_and_their_means() -> None:
    report = program("report")
    rows = [
        row("a", "convolutional", "aicc", 0.001, 1.0),
        row("a", "convolutional", "x", 0.004, 0.25),
        row("a", "convolutional", "y", 0.002, 0.5),
        row("b", "convolutional", "aicc", 0.001, 1.0),
        row("b", "convolutional", "x", 0.001, 1.0),
        row("b", "convolutional", "y", 0.0, None),
        row("c", "transformer", "aicc", 0.001, 1.0),
        row("c", "transformer", "x", 0.0005, 2.0),
    ]
    kernels = [{"kernel": "k", **{n: v for n, v in rows[0].items() if n != "model"}}]
    record = report.taken_in({}, [*rows, *kernels], {"date": "today"})
    lines = report.page(record).splitlines()
    assert "- date: today" in lines and "### 1 thread" in lines and "## Kernels" in lines
    (first,) = [line for line in lines if line.startswith("| a |")]
    assert first.startswith("| a | 1 | 4 | 2 | 4.00 | 2.00 | 2.00 | 1.5 | 5 | 5 | 5 |")
    (second,) = [line for line in lines if line.startswith("| b |")]
    assert second.startswith("| b | 1 | 1 | - | 1.00 | - | 1.00 |")
    # sqrt(4 * 1), 2 where y ran, sqrt(2 * 1): models that an engine does not run do not count
    assert "| Convolutional networks | 1 | 2 | 2.00 | 2.00 | 1.41 |" in lines
    assert "| Transformers | 1 | 1 | 0.50 | - | 0.50 |" in lines


def test_what_was_not_measured_again_stays() -> None:
    report = program("report")
    old = {"kernels": {"environment": {"date": "before"}, "rows": []}}
    record = report.taken_in(old, [row("a", "other", "aicc", 1.0, 1.0)], {"date": "now"})
    assert record["kernels"]["environment"]["date"] == "before"
    assert record["models"]["environment"]["date"] == "now"


def test_kinds_of_models(tmp_path: Path) -> None:
    models = program("models")
    conv = [helper.make_node("Conv", ["x", "w"], ["y"])]
    weights = {"w": np.zeros((2, 3, 1, 1), np.float32)}
    onnx.save(model(conv, {"x": [1, 3, 4, 4]}, ["y"], weights), tmp_path / "conv.onnx")
    onnx.save(dense(2), tmp_path / "dense.onnx")
    assert models.kind_of(tmp_path / "conv.onnx") == "convolutional"
    assert models.kind_of(tmp_path / "dense.onnx") == "other"


def test_a_manifest_and_inputs_beside_the_model(tmp_path: Path) -> None:
    models = program("models")
    for name in ("open", "given"):
        onnx.save(dense(), tmp_path / f"{name}.onnx")
    np.savez(tmp_path / "given.case0.inputs.npz", in_0=np.ones((3, 16), np.float32))
    entries = [{"file": "open.onnx", "dims": {"batch": 2}, "name": "o", "kind": "mine"}]
    manifest, out = tmp_path / "manifest.json", tmp_path / "out.json"
    manifest.write_text(json.dumps({"models": entries}))
    arguments = [str(manifest), str(tmp_path / "given.onnx"), "--against", "nonsense"]
    arguments += ["--threads", "1", "--rounds", "1", "--seconds", "0.01", "--json", str(out)]
    result = CliRunner().invoke(models.main, arguments)
    assert result.exit_code == 0, result.output
    rows = json.loads(out.read_text())
    assert [(r["model"], r["kind"], r["engine"]) for r in rows] == [
        ("o", "mine", "aicc"),
        ("o", "mine", "nonsense"),
        ("given", "other", "aicc"),
        ("given", "other", "nonsense"),
    ]
    assert rows[0]["ratio"] == 1.0 and rows[0]["median"] > 0 and rows[1]["ratio"] is None


def test_a_model_that_fails_does_not_end_the_others(tmp_path: Path) -> None:
    models = program("models")
    onnx.save(dense(), tmp_path / "a.onnx")  # an open dimension, and nothing to settle it
    onnx.save(dense(2), tmp_path / "b.onnx")
    out = tmp_path / "out.json"
    arguments = [str(tmp_path / "a.onnx"), str(tmp_path / "b.onnx"), "--against", ""]
    arguments += ["--threads", "1", "--rounds", "1", "--seconds", "0.01", "--json", str(out)]
    result = CliRunner().invoke(models.main, arguments)
    assert result.exit_code == 0, result.output
    first, second = json.loads(out.read_text())
    assert "open dimensions" in first["error"] and second["error"] == ""


@pytest.mark.parametrize("name", ["models", "report"])
def test_help_tells_how(name: str) -> None:
    result = CliRunner().invoke(program(name).main, ["--help"])
    assert result.exit_code == 0 and "--" in result.output
