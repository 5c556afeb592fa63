"""ONNX's backend tests on builds for all shapes: the test's own shape, then a second one.

Every test that passes in a build for its shape must pass here, on one compilation. Those that do
not are in `dynamic_exclusions.txt`, with a reason each. The default run takes a fixed sample;
AICC_CONFORMANCE=all takes all (about a quarter of an hour on two cores). What became of each test
goes to the file that AICC_CONFORMANCE_WRITE names.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest
from second_shape import TwoShapes
from suite import HERE, Outcome, Workers, chosen, read_names

EXPECTED = read_names(HERE / "expected_pass.txt")
EXCLUDED = read_names(HERE / "dynamic_exclusions.txt")
SHARE = 16
MIN_RATIO = 0.95  # of the tests that pass in static builds


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    workers = Workers(min(2, os.cpu_count() or 1), TwoShapes)
    names = chosen(list(workers.tests), SHARE, all_if=("all",))
    return dict(workers.run([name for name in names if name in EXPECTED]))


def test_one_build_serves_two_shapes(outcomes: dict[str, Outcome]) -> None:
    failed = {n: o for n, o in outcomes.items() if o.status != "passed" and n not in EXCLUDED}
    lines = [f"{name}: {o.status} {o.text[:200]}" for name, o in sorted(failed.items())]
    assert not lines, "\n".join(lines)


def test_exclusions_still_fail(outcomes: dict[str, Outcome]) -> None:
    assert not [n for n, o in outcomes.items() if o.status == "passed" and n in EXCLUDED]


def test_nearly_all_that_pass_in_static_builds_pass(outcomes: dict[str, Outcome]) -> None:
    """A sample is too small for a share: there, what may fail is counted."""
    assert set(EXCLUDED) <= set(EXPECTED)
    passed = sum(o.status == "passed" for o in outcomes.values())
    is_full = len(outcomes) == len(EXPECTED)
    score = passed if is_full else len(EXPECTED) - len(EXCLUDED)
    assert score >= MIN_RATIO * len(EXPECTED)


def test_summary(outcomes: dict[str, Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{n} {o.status} {' '.join(o.text.split())}" for n, o in sorted(outcomes.items())]
    if target := os.environ.get("AICC_CONFORMANCE_WRITE"):
        Path(target).write_text("\n".join(rows) + "\n")
    counts = Counter(o.text if o.status == "passed" else o.status for o in outcomes.values())
    words = ", ".join(f"{count} {what}" for what, count in counts.most_common())
    with capsys.disabled():
        print(f"\n{len(outcomes)} backend tests in dynamic builds: {words}")
    assert outcomes
