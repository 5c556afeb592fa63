"""`aicc bench`: turns, ratios, and engines that fail."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx_models import dense

from aicc.benchmarking.rounds import Timing, difference, measure
from aicc.diagnostics import AiccError
from aicc.tools.aicc import cli


def test_ratio_is_the_median_over_rounds() -> None:
    mine = Timing("a", 1, rounds=[[1.0, 1.0, 9.0], [2.0], [3.0]])
    other = Timing("b", 1, rounds=[[2.0], [2.0], [1.0]])
    assert mine.ratio_to(other) == 1.0
    assert mine.median == 2.0


def test_differences_are_absolute_and_relative_to_the_largest_element() -> None:
    base = np.array([1.0, -4.0, np.inf, np.nan], np.float32)
    assert difference(base, base) == (0.0, 0.0)
    assert difference(base + np.float32(1), base) == (1.0, 0.25)
    assert difference(base[:1] * np.nan, base[:1]) == (np.inf, np.inf)
    assert difference(base[:2], base) == (np.inf, np.inf)
    assert difference(base[:0], base[:0]) == (0.0, 0.0)


def test_engines_are_held_against_the_first_peer(tmp_path: Path) -> None:
    path = tmp_path / "dense.onnx"
    onnx.save(dense(2), path)
    feeds = {"x": np.ones((2, 16), np.float32)}
    ours, peer = measure(str(path), feeds, ["aicc", "reference"], threads=1, rounds=2, seconds=0.01)
    assert (ours.error, peer.error) == ("", "")
    assert ours.reference == peer.reference == "reference"
    assert ours.max_rel < 1e-5 and ours.max_abs < 1e-4 and peer.max_abs == 0
    # compiled with an empty cache, then loaded from it
    assert ours.compile_seconds > 0.05
    assert 0 < ours.ready_seconds < ours.compile_seconds


def test_an_engine_that_fails_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(AiccError, match="aicc does not run .*InvalidModel"):
        measure(str(path), {}, ["aicc"], threads=1, rounds=1, seconds=0.01)


def test_command_line(tmp_path: Path) -> None:
    path, record = tmp_path / "dense.onnx", tmp_path / "out.json"
    onnx.save(dense(2), path)
    arguments = ["bench", str(path), "--rounds", "2", "--seconds", "0.01", "--threads", "1"]
    result = CliRunner().invoke(cli, [*arguments, "--against", "nonsense", "--json", str(record)])
    assert result.exit_code == 0, result.output
    assert "no engine is called 'nonsense'" in result.output
    ours, other = json.loads(record.read_text())[str(path)]
    assert len(ours["rounds"]) == 2 and ours["peak_bytes"] > 0 and ours["median"] > 0
    assert not other["rounds"] and "nonsense" in other["error"]
