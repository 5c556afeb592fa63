"""The text of pipelines, and the driver that runs them."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aicc._mlir import ir
from aicc.diagnostics import InvalidModel, LoweringError
from aicc.passes import registry
from aicc.passes.driver import Pipeline
from aicc.passes.messages import Diagnostic, PassError, PassFailure, emit_error, emit_warning
from aicc.passes.observers import Timer
from aicc.passes.pipeline_text import PipelineError, parse_pipeline
from aicc.passes.registry import register_pass, register_pipeline

TEXT = """
func.func private @declared()
func.func @first() { return }
func.func @second(%a: i32) -> i32 {
  %0 = arith.addi %a, %a : i32
  return %a : i32
}
"""


@pytest.fixture(autouse=True)
def own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    monkeypatch.setattr(registry, "_passes", dict(registry._passes))
    monkeypatch.setattr(registry, "_pipelines", dict(registry._pipelines))
    monkeypatch.delenv("AICC_DUMP", raising=False)


@pytest.fixture
def module() -> Iterator[Any]:
    with ir.Context():
        yield ir.Module.parse(TEXT)


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ("", []),
        ("builtin.module()", []),
        ("cse", ["cse"]),
        (" builtin.module( cse , func.func( a , b{x=1} ) ) ", ["cse", "func.func(a,b{x=1})"]),
        ('a{x={1,2} y="}"},b{}', ['a{x={1,2} y="}"}', "b{}"]),
        (
            "inline{op-pipelines=func.func(cse,a{b=1})}",
            ["inline{op-pipelines=func.func(cse,a{b=1})}"],
        ),
    ],
)
def test_parse_pipeline(source: str, texts: list[str]) -> None:
    assert [node.text for node in parse_pipeline(source)] == texts


@pytest.mark.parametrize(
    ("source", "complaint", "column"),
    [
        ("a,,b", "expected the name of a pass", 3),
        ("a,", "expected the name of a pass", 3),
        ("a(b", "'(' is never closed", 2),
        ("a{b", "'{' is never closed", 2),
        ("a)", "unexpected text", 2),
        ("a b", "unexpected text", 3),
        ("a(b c)", "expected ',' or ')'", 5),
        ("a{x=1}(b)", "unexpected text", 7),
        ("a(" * 60 + ")" * 60, "nested more than 50 deep", 103),
    ],
)
def test_wrong_pipelines(source: str, complaint: str, column: int) -> None:
    with pytest.raises(PipelineError, match=re.escape(f"{complaint} (column {column})")):
        parse_pipeline(source)


def test_named_pipelines_expand_and_may_not_contain_themselves() -> None:
    register_pipeline("test-inner")(lambda: ["cse", "canonicalize{max-iterations=3}"])

    def outer(*, rounds: int = 1) -> str:
        return ",".join(["func.func(test-inner)"] * rounds)

    register_pipeline("test-outer")(outer)
    register_pipeline("test-loop")(lambda: ["func.func(test-loop)"])
    once = "func.func(cse,canonicalize{max-iterations=3}"
    assert str(Pipeline("test-outer")) == f"builtin.module({once}))"
    assert len(Pipeline(["test-outer{rounds=2}", "symbol-dce"]).steps) == 5
    with pytest.raises(PipelineError, match="'test-loop' contains itself"):
        Pipeline("test-loop")


def seen_by(pipeline: str, module: Any) -> list[str]:
    """The functions that `test-see`, put into `pipeline`, is called on."""
    seen: list[str] = []

    @register_pass("test-see", anchor="func.func")
    def see(op: Any) -> None:
        seen.append(op.attributes["sym_name"].value)

    Pipeline(pipeline).run(module)
    return seen


@pytest.mark.parametrize(
    "pipeline", ["test-see", "func.func(test-see)", "any(test-see)", "cse,func.func(cse,test-see)"]
)
def test_function_passes_run_on_every_body(pipeline: str, module: Any) -> None:
    assert seen_by(pipeline, module) == ["first", "second"]


def test_nested_modules() -> None:
    with ir.Context():
        module = ir.Module.parse("module { module { func.func @inner() { return } } }")
        assert seen_by("test-see", module) == []
        assert seen_by("builtin.module(builtin.module(test-see),cse)", module) == ["inner"]


def test_upstream_and_python_passes_share_the_module(module: Any) -> None:
    counts: list[int] = []

    @register_pass("test-count")
    def count(op: Any, *, of: str = "arith.addi") -> None:
        counts.append(str(op).count(of))

    Pipeline(["test-count", "func.func(canonicalize)", "test-count"]).run(module)
    assert counts == [1, 0]


def test_a_pipeline_serves_several_contexts() -> None:
    pipeline = Pipeline("canonicalize")
    for _ in range(3):
        with ir.Context():
            module = ir.Module.parse(TEXT)
            pipeline.run(module)
            pipeline.run(module)
            assert "addi" not in str(module)


def test_callbacks_see_every_pass(module: Any) -> None:
    calls: list[tuple[str, str, bool]] = []
    timer = Timer()
    Pipeline(
        "canonicalize,cse",
        before=lambda name, op: calls.append(("before", name, "addi" in str(op))),
        after=lambda name, op: calls.append(("after", name, "addi" in str(op))),
        observers=[timer],
    ).run(module)
    assert calls == [
        ("before", "canonicalize", True),
        ("after", "canonicalize", False),
        ("before", "cse", False),
        ("after", "cse", False),
    ]
    assert [name for name, _ in timer.rows] == ["canonicalize", "cse"]


def failing(body: Any) -> Pipeline:
    register_pass("test-fail", anchor="func.func")(body)
    return Pipeline("cse,test-fail")


def failure_of(pipeline: Pipeline, module: Any) -> PassError:
    with pytest.raises(PassError) as caught:
        pipeline.run(module)
    assert isinstance(caught.value, LoweringError)
    assert len(str(caught.value).split("\n")[0]) < 100
    return caught.value


def test_failure_with_a_message(module: Any) -> None:
    def fail(op: Any) -> None:
        place = ir.Location.name("Conv_12", ir.Location.file("m.onnx", 4, 2))
        raise PassFailure("needs two strides", ir.Operation.create("test.conv", loc=place))

    error = failure_of(failing(fail), module)
    assert str(error).split("\n") == [
        "pass 'test-fail' failed on node \"Conv_12\"",
        "  'test.conv' op needs two strides",
        '  node "Conv_12"',
        "  at m.onnx:4:2",
    ]
    assert error.pass_name == "test-fail"


def test_all_emitted_errors_are_told(module: Any, caplog: pytest.LogCaptureFixture) -> None:
    def fail(op: Any) -> None:
        emit_warning(op, "odd")
        emit_error(op, "one", ["because"])
        emit_error(op, "two")

    with caplog.at_level(logging.WARNING, "aicc"):
        error = failure_of(failing(fail), module)
    assert [one.message for one in error.diagnostics] == [
        "'func.func' op one",
        "'func.func' op two",
    ] * 2
    assert "note: because" in str(error)
    assert "odd" in caplog.text


def test_exceptions_are_chained(module: Any) -> None:
    def fail(op: Any) -> None:
        raise KeyError("missing")

    error = failure_of(failing(fail), module)
    assert re.match(
        r"pass 'test-fail' raised KeyError at test_pipeline.py:\d+: 'missing'", str(error)
    )
    assert isinstance(error.__cause__, KeyError)


def test_errors_of_aicc_pass_through(module: Any) -> None:
    def fail(op: Any) -> None:
        raise InvalidModel("no such weight")

    with pytest.raises(InvalidModel, match="no such weight"):
        failing(fail).run(module)


def test_invalid_ir_is_laid_to_the_pass(module: Any) -> None:
    def spoil(op: Any) -> None:
        op.attributes["function_type"] = ir.StringAttr.get("nonsense")

    error = failure_of(failing(spoil), module)
    assert str(error).startswith("pass 'test-fail' left invalid IR\n  'func.func' op")


def test_verification_can_be_turned_off(module: Any) -> None:
    def spoil(op: Any) -> None:
        op.attributes["function_type"] = ir.StringAttr.get("nonsense")

    register_pass("test-spoil", anchor="func.func")(spoil)
    Pipeline("test-spoil", verify_each=False).run(module)


def test_upstream_failure_names_the_pass() -> None:
    text = """func.func @f(%t: tensor<4xf32>) -> tensor<4xf32> {
      %0 = "unknown.op"(%t) : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }"""
    passes = ["cse", "one-shot-bufferize"]
    with ir.Context() as context:
        context.allow_unregistered_dialects = True
        together = failure_of(Pipeline(passes), ir.Module.parse(text))
        apart = failure_of(Pipeline(passes, observers=[Timer()]), ir.Module.parse(text))
    assert str(together).startswith("one of the passes cse, one-shot-bufferize failed\n")
    assert "  op was not bufferized\n  at -:2:12\n" in str(together)
    assert "set AICC_DUMP to a folder" in str(together)
    assert str(apart).startswith("pass 'one-shot-bufferize' failed\n")
    assert apart.pass_name == "one-shot-bufferize"


def test_mlir_errors_inside_a_pass(module: Any) -> None:
    def fail(op: Any) -> None:
        ir.Module.parse("func.func @f() {\n  nonsense\n}")

    error = failure_of(failing(fail), module)
    assert "custom op 'nonsense' is unknown" in str(error)
    assert "at -:2:3" in str(error)


def test_diagnostics_go_to_the_callback(module: Any) -> None:
    got: list[Diagnostic] = []
    register_pass("test-warn", anchor="func.func")(lambda op: emit_warning(op, "odd"))
    Pipeline("test-warn", on_diagnostic=got.append).run(module)
    assert [(one.severity, one.message) for one in got] == [("warning", "'func.func' op odd")] * 2


def test_reproducer(module: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(op: Any) -> None:
        op.attributes["half"] = ir.UnitAttr.get()
        raise PassFailure("stop")

    monkeypatch.setenv("AICC_DUMP", str(tmp_path / "dump"))
    pipeline = failing(fail)
    texts = [str(failure_of(pipeline, module)) for _ in range(2)]
    for text, name in zip(
        texts, ["failed-before-test-fail.mlir", "failed-before-test-fail-2.mlir"], strict=True
    ):
        path = tmp_path / "dump" / name
        command = f"aicc-opt {path} --pass-pipeline='builtin.module(test-fail)'"
        assert f"  IR before the pass: {path}\n  repeat with: {command}" in text
        assert path.read_text().startswith(f"// {command}\n")
        assert ir.Module.parse(path.read_text()).operation.verify()
    assert "half" not in (tmp_path / "dump" / "failed-before-test-fail.mlir").read_text()


def test_a_reproducer_that_cannot_be_written_keeps_the_error(module: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    def fail(op: Any) -> None:
        raise PassFailure("stop")

    register_pass("test-fail", anchor="func.func")(fail)
    error = failure_of(Pipeline("test-fail", reproducer=tmp_path / "file" / "sub"), module)
    assert "'func.func' op stop" in str(error)
    assert "the IR before the pass could not be written" in str(error)


def test_unknown_upstream_passes_are_found_before_anything_runs(module: Any) -> None:
    pipeline = Pipeline("canonicalize,func.func(cse,no-such-pass)")
    with pytest.raises(PipelineError, match=r"'no-such-pass'.*\(column 28\)"):
        pipeline.run(module)
    assert "addi" in str(module)


def test_new_ops_have_the_location_of_the_module(module: Any) -> None:
    def add(op: Any) -> None:
        assert ir.Location.current == op.parent.location

    failing(add).run(module)
