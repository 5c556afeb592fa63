"""ONNX's backend tests: what passed must pass, and what fails must be a refusal that says why.

`expected_pass.txt` lists the tests that pass, `exclusions.txt` the others with a reason each. The
default run takes a fixed sample; AICC_CONFORMANCE=full takes all (about two minutes on two cores).
AICC_CONFORMANCE_WRITE=<file> writes the names of all tests that passed; a full run then also
writes `operators.txt`, from which docs/supported-operators.md is made.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from record import RECORD, lines_of, read_record
from suite import HERE, Outcome, Workers, chosen, read_names

EXPECTED = read_names(HERE / "expected_pass.txt")
EXCLUDED = read_names(HERE / "exclusions.txt")


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    workers = Workers(count=min(2, os.cpu_count() or 1))
    return dict(workers.run(chosen(list(workers.tests))))


def _lines(outcomes: dict[str, Outcome], names: list[str]) -> str:
    rows = []
    for n in sorted(names):
        text = " ".join(outcomes[n].text.split())[:200]
        rows.append(f"{n}: {outcomes[n].status} {text}")
    return "\n".join(rows)


def test_expected_tests_pass(outcomes: dict[str, Outcome]) -> None:
    failed = [n for n, o in outcomes.items() if n in EXPECTED and o.status != "passed"]
    # the one optional part of the installation that tests of the suite need
    failed = [n for n in failed if "aicc[image]" not in outcomes[n].text]
    assert not failed, _lines(outcomes, failed)


def test_every_failure_is_a_refusal(outcomes: dict[str, Outcome]) -> None:
    """Neither crashes, nor wrong results, nor raw exceptions."""
    wrong = [n for n, o in outcomes.items() if o.status != "passed" and not o.is_refusal]
    assert not [n for n in wrong if n not in EXCLUDED], _lines(outcomes, wrong)


def test_every_test_is_listed(outcomes: dict[str, Outcome]) -> None:
    unlisted = [n for n in outcomes if n not in EXPECTED and n not in EXCLUDED]
    assert not unlisted, _lines(outcomes, unlisted)
    both = sorted(set(EXPECTED) & set(EXCLUDED))
    assert not both, "\n".join(both)
    assert all(EXCLUDED.values()), "every exclusion states its reason"


def test_exclusions_are_needed(outcomes: dict[str, Outcome]) -> None:
    passing = [n for n, o in outcomes.items() if n in EXCLUDED and o.status == "passed"]
    assert not passing, "\n".join(passing)


def test_summary(outcomes: dict[str, Outcome], capsys: pytest.CaptureFixture[str]) -> None:
    passed = sorted(n for n, o in outcomes.items() if o.status == "passed")
    folded = [n for n in passed if outcomes[n].is_folded]
    refused = [n for n, o in outcomes.items() if o.is_refusal]
    target = os.environ.get("AICC_CONFORMANCE_WRITE")
    in_steps = [n for n in passed if outcomes[n].has_host_steps]
    if target:
        Path(target).write_text("\n".join(passed) + "\n")
        if os.environ.get("AICC_CONFORMANCE") in ("full", "all"):
            RECORD.write_text("\n".join(lines_of(outcomes[n].uses for n in passed)) + "\n")
    with capsys.disabled():
        print(
            f"\n{len(outcomes)} backend tests: {len(passed)} passed ({len(folded)} of them folded "
            f"away entirely, {len(in_steps)} with host steps), {len(refused)} refused"
        )
    assert passed


def test_what_passed_is_on_record(outcomes: dict[str, Outcome]) -> None:
    """The page of supported operators says no less than what runs, and no more."""
    recorded = read_record(RECORD.read_text())
    lines = lines_of(o.uses for o in outcomes.values() if o.status == "passed")
    for key, (count, types) in read_record("\n".join(lines)).items():
        known_count, known_types = recorded.get(key, (0, set()))
        assert count <= known_count and types <= known_types, key
    if os.environ.get("AICC_CONFORMANCE") in ("full", "all"):
        assert RECORD.read_text().splitlines() == lines
