"""Profiles: the times of kernels add up, and carry the names of ONNX nodes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx_models import dense

import aicc
from aicc.runtime.profile import Interval, profile_of
from aicc.tools.aicc import cli

FEED = {"x": np.ones((2, 16), np.float32)}


def test_cycles_become_seconds_of_the_wall_clock() -> None:
    intervals = [Interval("a", "matmul", ("m",), 2000, 100), Interval("b", "elementwise", ())]
    marks = np.array([[1000, 1300, 1400], [5000, 5300, 5400]], np.uint64)
    profile = profile_of(intervals, marks, np.array([4e-6, 4e-6]))
    first, second = profile.rows
    assert first.seconds == pytest.approx(3e-6) and second.seconds == pytest.approx(1e-6)
    assert first.share == pytest.approx(0.75)
    assert first.gflops == pytest.approx(2000 / 3e-6 / 1e9)
    assert list(profile.by_class()) == ["matmul", "elementwise"]


def test_profile_of_a_model() -> None:
    exe = aicc.compile(dense(2), threads=1, profile=True)
    plain = aicc.compile(dense(2), threads=1)
    profile = exe.profile(FEED, runs=5)
    assert {"mm", "relu"} <= {node for row in profile.rows for node in row.interval.nodes}
    assert sum(row.interval.flops for row in profile.rows) >= 2 * 2 * 16 * 8
    assert profile.seconds.shape == (5, len(profile.rows)) and (profile.seconds >= 0).all()
    assert profile.seconds.sum() == pytest.approx(profile.total.sum())
    assert profile.host_steps == ()
    np.testing.assert_array_equal(exe.run(FEED)["y"], plain.run(FEED)["y"])


def test_code_without_marks_says_what_to_do() -> None:
    with pytest.raises(aicc.AiccError, match="profile=True"):
        aicc.compile(dense(2), threads=1).profile(FEED)


def test_command_line_and_trace(tmp_path: Path) -> None:
    path, trace = tmp_path / "m.onnx", tmp_path / "trace.json"
    onnx.save(dense(2), path)
    arguments = ["profile", str(path), "--runs", "3", "--trace", str(trace), "--threads", "1"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "mm" in result.output and "3 runs, median" in result.output
    events = json.loads(trace.read_text())["traceEvents"]
    ends = [event["ts"] + event["dur"] for event in events]
    assert all(event["ph"] == "X" for event in events)
    assert all(a <= b["ts"] + 1e-6 for a, b in zip(ends, events[1:], strict=False))
