"""Runs lit over test/ once and reports each of its files as a case of its own."""

import fcntl
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SKIPPED_FOLDERS = {"Inputs", "python", "conformance"}
RUN_LIT = [sys.executable, "-c", "import lit.main; lit.main.main()"]


def lit_files() -> list[str]:
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.mlir"))
    return sorted(str(path) for path in found if not SKIPPED_FOLDERS.intersection(path.parts))


def selected_files(session: pytest.Session) -> list[str]:
    """The files whose cases were selected, so that `-k fold` runs only those."""
    specs = [getattr(item, "callspec", None) for item in session.items]
    return sorted({spec.params["lit_file"] for spec in specs if spec and "lit_file" in spec.params})


@pytest.fixture(scope="session")
def results(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """lit's result per file; workers of pytest-xdist share one run of lit."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base
    report = shared / "lit.json"
    with open(shared / "lit.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not report.exists():
            files = [str(ROOT / name) for name in selected_files(request.session)]
            command = [*RUN_LIT, "-q", "-j2", "--output", str(report), *files]
            subprocess.run(command, capture_output=True, timeout=600, check=False)
    tests = json.loads(report.read_text())["tests"]
    return {test["name"].removeprefix("aicc :: "): test for test in tests}


@pytest.mark.parametrize("lit_file", lit_files())
def test_lit(lit_file: str, results: dict[str, Any]) -> None:
    result = results[lit_file]
    assert result["code"] in ("PASS", "UNSUPPORTED"), result["output"]
