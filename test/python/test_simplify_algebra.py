"""Every pattern of `simplify-algebra` keeps what its rounding class promises.

The cases are the functions of test/passes/simplify-algebra-*.mlir: `@add_zero` must apply pattern
`add-zero`, `@add_zero_reject` must not. Both are run before and after on special values.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluate_graph import run_function

from aicc._mlir import context, ir
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.types import dtype_of
from aicc.passes.driver import Pipeline
from aicc.passes.graph.simplify_algebra import PATTERNS
from aicc.passes.statistics import collect

FILES = sorted((Path(__file__).parents[1] / "passes").glob("simplify-algebra-*.mlir"))
BY_NAME = {pattern.name: pattern for pattern in PATTERNS.patterns}
FUNCTION = re.compile(r"^func\.func @(?P<name>\w+)\(.*?^}\n", re.MULTILINE | re.DOTALL)
SUFFIX = re.compile(r"(?P<reject>_reject)?(_\d+)?$")
DRAWS = 60
ORDINARY = [0.5, 1.0, -1.0, 1.5, -2.5, 3.0, 0.1, -7.3]
LIMITS = [np.nan, np.inf, -np.inf, 0.0, -0.0]


def cases() -> Iterator[Any]:
    """Text and name of every function in the files, each in a module of its own."""
    for path in FILES:
        text = path.read_text()
        attributes = re.search(r"module attributes ({.*?})", text)
        for found in FUNCTION.finditer(text):
            head = f"module attributes {attributes[1]}" if attributes else "module"
            source = f"{head} {{\n{found[0]}}}\n"
            yield pytest.param(source, found["name"], id=f"{path.stem[17:]}-{found['name']}")


@pytest.fixture(autouse=True)
def graph_context() -> Iterator[None]:
    with context(), ir.Location.unknown():
        load_graph()
        yield


def pattern_of(name: str) -> tuple[str, bool]:
    """The pattern a function is a case of, and whether it must refuse it."""
    suffix = SUFFIX.search(name)
    assert suffix is not None
    return name[: suffix.start()].replace("_", "-"), suffix["reject"] is not None


def is_float(array: Any) -> bool:
    return bool(np.issubdtype(array.dtype, np.floating))


def numbers(dtype: Any, rounding: str) -> Any:
    """What inputs are drawn from: the extremes of a type only where the class answers for them."""
    if dtype == np.bool_:
        return np.array([True, False])
    if not np.issubdtype(dtype, np.floating):
        info = np.iinfo(dtype)
        return np.array([info.min, info.max, 0, 1, 3, info.max // 2, 100, info.max - 1], dtype)
    if rounding == "unsafe":
        return np.abs(np.array(ORDINARY)).astype(dtype)
    if rounding == "reassociating":
        return np.array([*ORDINARY, *LIMITS]).astype(dtype)
    info = np.finfo(dtype)
    extremes = [info.max, info.min, info.tiny, -info.tiny, info.smallest_subnormal, 1e-3 * info.max]
    return np.array([*ORDINARY, *LIMITS, *extremes]).astype(dtype)


def drawn(function: Any, rounding: str, random: Any) -> list[Any]:
    arrays = []
    for argument in function.operation.regions[0].blocks[0].arguments:
        dtype = numpy_dtype(dtype_of(argument.type.element_type))
        arrays.append(random.choice(numbers(dtype, rounding), size=tuple(argument.type.shape)))
    return arrays


def check(before: Any, after: Any, rounding: str) -> None:
    if rounding == "exact" or not is_float(before):
        nan = np.isnan(before) if is_float(before) else np.zeros(before.shape, bool)
        assert np.array_equal(nan, np.isnan(after)) if is_float(before) else True
        assert np.where(nan, 0, before).tobytes() == np.where(nan, 0, after).tobytes()
        return
    step = np.finfo(before.dtype).eps
    np.testing.assert_allclose(after, before, rtol=16 * step, atol=32 * step)


def worst(applied: dict[str, int]) -> str:
    classes = {BY_NAME[name].rounding for name in applied}
    order = ("unsafe", "reassociating", "exact")
    return next((c for c in order if c in classes), "exact")


def simplified(source: str) -> tuple[Any, dict[str, int]]:
    module = ir.Module.parse(source)
    with collect() as statistics:
        Pipeline("simplify-algebra").run(module)
    return module, {pattern: count for (_, pattern), count in statistics.applied.items()}


@pytest.mark.parametrize(("source", "name"), list(cases()))
def test_case(source: str, name: str) -> None:
    """The pattern applies, or not; results keep their bits, or are a few ulps off."""
    before, (after, applied) = ir.Module.parse(source), simplified(source)
    pattern, is_reject = pattern_of(name)
    kept = is_reject or "aicc.strict_fp" in source.split("\n")[0]
    assert (pattern in applied) is not kept
    rounding, random = worst(applied), np.random.default_rng(0)
    original, rewritten = before.body.operations[0], after.body.operations[0]
    for _ in range(DRAWS):
        arguments = drawn(original, rounding, random)
        results = run_function(original, arguments), run_function(rewritten, arguments)
        for want, got in zip(*results, strict=True):
            assert want.dtype == got.dtype and want.shape == got.shape
            check(want, got, rounding)


def test_every_pattern_has_cases() -> None:
    """One that applies, one that does not."""
    names = {pattern_of(param.values[1]) for param in cases()}
    assert names == {(name, reject) for name in BY_NAME for reject in (False, True)}
