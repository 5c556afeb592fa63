"""The registry of passes and their options."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from aicc._mlir import ir, passmanager
from aicc.diagnostics import LoweringError
from aicc.passes import registry
from aicc.passes.driver import Pipeline
from aicc.passes.options import OptionError, options_of, parse_options
from aicc.passes.registry import find_pass, load_all, register_pass, register_pipeline


@pytest.fixture(autouse=True)
def own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    # a module imported meanwhile would register itself in the copies alone
    registry.load_all()
    monkeypatch.setattr(registry, "_passes", dict(registry._passes))
    monkeypatch.setattr(registry, "_pipelines", dict(registry._pipelines))
    monkeypatch.delenv("AICC_DUMP", raising=False)


def typed(
    op: Any,
    *,
    count: int = 3,
    ratio: float = 0.5,
    on: bool = False,
    name: str = "x",
    some_sizes: list[int] | None = None,
    names: list[str] = [],  # noqa: B006
) -> None:
    """Has an option of every type."""


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("", {}),
        ("count=-4 on", {"count": -4, "on": True}),
        ("count=0x10 on=false ratio=1e-3", {"count": 16, "on": False, "ratio": 1e-3}),
        ("some-sizes=1,2", {"some_sizes": [1, 2]}),
        ("some-sizes={1, 2}", {"some_sizes": [1, 2]}),
        ("some-sizes=[]", {"some_sizes": []}),
        ('names=a,b name="two words"', {"names": ["a", "b"], "name": "two words"}),
        (r'name="a \"b\""', {"name": 'a "b"'}),
        ("name='}'", {"name": "}"}),
        ("name=", {"name": ""}),
    ],
)
def test_options(text: str, values: dict[str, Any]) -> None:
    assert parse_options(options_of(typed), text) == values


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("size=1", "no option 'size'; valid options: count=<int> (3), ratio=<float> (0.5)"),
        ("count", "'count' needs a value: count=<int> (3)"),
        ("count=x", "'count' takes int, not 'x'"),
        ("count=", "'count' takes int, not ''"),
        ("on=maybe", "'on' takes bool, not 'maybe'"),
        ("count=1 count=2", "'count' is given twice"),
        ("some-sizes=1,b", "'some-sizes' takes int, not 'b'"),
        ('name="open', "cannot read options at 'name=\"open'"),
        ("some_sizes=1", "no option 'some_sizes'"),
    ],
)
def test_wrong_options(text: str, complaint: str) -> None:
    with pytest.raises(OptionError, match=re.escape(complaint)):
        parse_options(options_of(typed), text)


def test_option_without_default() -> None:
    def run(op: Any, *, size: int) -> None: ...

    with pytest.raises(TypeError, match="'size' .* needs a default value"):
        register_pass("test-no-default")(run)


def test_option_of_unknown_type() -> None:
    def run(op: Any, *, size: complex = 0j) -> None: ...

    with pytest.raises(TypeError, match="must be int, bool, float, str or a list of them"):
        register_pass("test-unknown-type")(run)


def test_duplicates_are_refused() -> None:
    register_pass("test-taken")(typed)

    def other(op: Any) -> None: ...

    with pytest.raises(ValueError, match=r"'test-taken' is already registered by .*\.typed"):
        register_pass("test-taken")(other)
    with pytest.raises(ValueError, match="'test-taken' is already registered"):
        register_pipeline("test-taken")(lambda: ["cse"])


def test_a_notebook_may_define_its_pass_again() -> None:
    register_pass("test-again")(typed)
    register_pass("test-again", kind="utility")(typed)
    assert registry._passes["test-again"].kind == "utility"


@pytest.mark.parametrize("name", ["Upper", "under_score", "", "-a", "a--b", "a.b"])
def test_bad_names(name: str) -> None:
    with pytest.raises(ValueError, match="is no pass name"):
        register_pass(name)(typed)


def test_bad_anchor_and_kind() -> None:
    with pytest.raises(ValueError, match="anchor must be one of"):
        register_pass("test-a", anchor="gpu.module")
    with pytest.raises(ValueError, match="kind must be one of"):
        register_pass("test-a", kind="pass")


def test_all_passes_load_under_their_file_names() -> None:
    passes, pipelines = load_all()
    phases = re.compile(r"aicc\.passes\.(graph|linalg|schedule|buffers|loops|llvm)\.(\w+)$")
    for one in passes:
        match = phases.search(one.run.__module__)
        if match:
            assert one.name == match[2].replace("_", "-")
            assert one.doc, f"{one.name} has no docstring"
    for pipeline in pipelines:
        Pipeline(pipeline.name)


def test_no_pass_hides_an_upstream_pass() -> None:
    passes, pipelines = load_all()
    with ir.Context():
        for one in [*passes, *pipelines]:
            with pytest.raises(ValueError, match="does not refer to a registered pass"):
                passmanager.PassManager.parse(f"builtin.module({one.name})")


def test_a_broken_pass_module_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "pass_modules", lambda: {"test-broken": "aicc.no_such_module"})
    with pytest.raises(LoweringError, match="cannot import the pass module aicc.no_such_module"):
        find_pass("test-broken")


def test_plugins_are_files_of_their_own() -> None:
    path = Path(__file__).parents[1] / "tools" / "Inputs" / "passes.py"
    spec = importlib.util.spec_from_file_location("test_plugin", path)
    assert spec is not None and spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    assert find_pass("test-tag") is not None
