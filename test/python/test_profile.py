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
from aicc.benchmarking.machine_speed import machine_speed
from aicc.cache import Cache
from aicc.runtime.profile import Interval, Profile, profile_of
from aicc.runtime.roofline import MachineSpeed
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


def test_kernels_are_held_against_the_machine() -> None:
    speed = MachineSpeed(1, flops=1e9, memory_bytes=1e8, cached_bytes=4e8, cache_bytes=1000)
    assert speed.least_seconds(2000, 100) == (2e-6, "compute")
    assert speed.least_seconds(0, 1000) == (2.5e-6, "memory")
    assert speed.least_seconds(0, 2000) == (2e-5, "memory")
    intervals = [Interval("a", "matmul", (), 2000, 100), Interval("b", "", ())]
    profile = Profile(intervals, np.array([[4e-6, 1e-6]]), np.array([5e-6]), speed=speed)
    first, second = profile.rows
    assert (first.bound, first.roofline) == ("compute", pytest.approx(0.5))
    assert (second.bound, second.roofline) == ("", 0.0)
    stated = json.loads(json.dumps(profile.as_json()))
    assert stated["machine"]["flops"] == 1e9 and stated["median"] == 5e-6
    assert stated["kernels"][0]["gflops"] == pytest.approx(0.5)
    assert stated["kernels"][0]["bound"] == "compute"


@pytest.mark.parametrize("threads", [1, 2])
def test_the_machine_is_measured_once(tmp_path: Path, threads: int) -> None:
    speed = machine_speed(threads, Cache(tmp_path))
    assert speed.threads == threads and speed.cache_bytes >= threads * 128 * 1024
    # a core with AVX2 at 1 GHz has 32 GFLOP/s; nothing has a hundred times that of each core
    assert 1e9 < speed.flops < 5e12 * threads
    assert 1e8 < speed.memory_bytes <= speed.cached_bytes
    assert machine_speed(threads, Cache(tmp_path)) == speed
    assert len(list((tmp_path / "units").iterdir())) == 1


def test_profile_of_a_model() -> None:
    exe = aicc.compile(dense(2), threads=1, profile=True)
    plain = aicc.compile(dense(2), threads=1)
    profile = exe.profile(FEED, runs=5)
    assert {"mm", "relu"} <= {node for row in profile.rows for node in row.interval.nodes}
    assert sum(row.interval.flops for row in profile.rows) >= 2 * 2 * 16 * 8
    assert profile.seconds.shape == (5, len(profile.rows)) and (profile.seconds >= 0).all()
    assert profile.seconds.sum() == pytest.approx(profile.total.sum())
    assert profile.host_steps == ()
    assert profile.speed and all(row.roofline > 0 for row in profile.rows if row.interval.flops)
    np.testing.assert_array_equal(exe.run(FEED)["y"], plain.run(FEED)["y"])


def test_code_without_marks_says_what_to_do() -> None:
    with pytest.raises(aicc.AiccError, match="profile=True"):
        aicc.compile(dense(2), threads=1).profile(FEED)


def test_command_line_and_trace(tmp_path: Path) -> None:
    path, trace, figures = (tmp_path / name for name in ("m.onnx", "trace.json", "all.json"))
    onnx.save(dense(2), path)
    arguments = ["profile", str(path), "--runs", "3", "--trace", str(trace), "--threads", "1"]
    arguments += ["--json", str(figures)]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    assert "mm" in result.output and "3 runs, median" in result.output
    assert "roofline" in result.output and "this machine, 1 thread: " in result.output
    assert json.loads(figures.read_text())["kernels"][0]["bound"] in ("compute", "memory")
    events = json.loads(trace.read_text())["traceEvents"]
    ends = [event["ts"] + event["dur"] for event in events]
    assert all(event["ph"] == "X" for event in events)
    assert all(a <= b["ts"] + 1e-6 for a, b in zip(ends, events[1:], strict=False))
