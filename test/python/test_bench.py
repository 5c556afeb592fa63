"""`aicc bench`: turns, ratios, and engines that fail."""

from __future__ import annotations

import json
from pathlib import Path

import onnx
import pytest
from click.testing import CliRunner
from onnx_models import dense

from aicc.benchmarking.rounds import Timing, measure
from aicc.diagnostics import AiccError
from aicc.tools.aicc import cli


def test_ratio_is_the_median_over_rounds() -> None:
    mine = Timing("a", 1, rounds=[[1.0, 1.0, 9.0], [2.0], [3.0]])
    other = Timing("b", 1, rounds=[[2.0], [2.0], [1.0]])
    assert mine.ratio_to(other) == 1.0
    assert mine.median == 2.0


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
