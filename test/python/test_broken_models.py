"""Broken models end in one clear error each: no crash, no hang, nothing of the inside shown.

`AICC_BROKEN_MODELS=500` sets how many are tried (default 90), `AICC_BROKEN_SEED` which.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import onnx
import pytest
from broken_models import broken, sound_models
from onnx import helper

import aicc
from aicc.frontend.onnx.importer import sorted_nodes

COUNT = int(os.environ.get("AICC_BROKEN_MODELS", "90"))
SEED = int(os.environ.get("AICC_BROKEN_SEED", "0"))
SECONDS = 60.0  # within which each must have ended
# What a user must never see.
INSIDES = ("Traceback", "unexpected ", "failed to legalize", "PassManager", "MLIRError")

# Compiles every file named on stdin and prints its exit code, so that a batch shares one start.
BATCH = """
import sys, time
from aicc.tools.aicc import run
for path in sys.stdin.read().split():
    start = time.monotonic()
    print("begin", path, file=sys.stderr)
    code = run(["compile", path, "--emit", "llvm", "-o", path + ".out"])
    print(path, code, time.monotonic() - start, flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str, float]]:
    """File name -> (exit code, what was printed, seconds)."""
    folder = tmp_path_factory.mktemp("broken")
    paths = []
    for number, (kind, data) in enumerate(broken(sound_models(), COUNT, SEED)):
        paths.append(folder / f"{number}_{kind}.onnx")
        paths[-1].write_bytes(data)
    result = subprocess.run(
        [sys.executable, "-c", BATCH],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        timeout=SECONDS * len(paths),
    )
    said = dict(_split(result.stderr))
    found = {}
    for line in result.stdout.splitlines():
        path, code, seconds = line.rsplit(" ", 2)
        found[path] = (code, said.get(path, ""), float(seconds))
    missing = [p for p in map(str, paths) if p not in found]
    assert not missing, f"the process died ({result.returncode}) on {missing[0]}"
    return found


def _split(text: str) -> list[tuple[str, str]]:
    parts = text.split("begin ")[1:]
    return [(path, said) for path, _, said in (part.partition("\n") for part in parts)]


def test_each_ends_with_an_error_or_is_sound(
    outcomes: dict[str, tuple[str, str, float]],
) -> None:
    sound = 0
    for path, (code, said, seconds) in outcomes.items():
        assert seconds < SECONDS, path
        assert code in ("0", "1"), (path, code, said)
        assert not any(word in said for word in INSIDES), (path, said)
        assert Path(f"{path}.out").exists() == (code == "0"), path
        assert code == "0" or said.startswith("error: "), (path, said)
        sound += code == "0"
    # a flipped bit may hit a weight, a changed size may be one that fits
    assert sound < len(outcomes) / 5


def chain(count: int) -> list[onnx.NodeProto]:
    return [helper.make_node("Relu", [f"v{i}"], [f"v{i + 1}"]) for i in range(count)]


def test_unsorted_nodes_are_put_in_order_quickly() -> None:
    nodes = chain(20000)
    start = time.monotonic()
    ordered = sorted_nodes(nodes[::-1])
    assert time.monotonic() - start < 5
    assert [n.output[0] for n in ordered] == [n.output[0] for n in nodes]


def test_a_tensor_has_one_producer() -> None:
    with pytest.raises(aicc.InvalidModel, match="two nodes produce 'v1'"):
        sorted_nodes([*chain(2), *chain(1)])


def test_a_function_must_not_call_itself() -> None:
    opsets = [helper.make_opsetid("own", 1), helper.make_opsetid("", 17)]
    call = helper.make_node("F", ["x"], ["y"], domain="own")
    graph = helper.make_graph(
        [call],
        "g",
        [helper.make_tensor_value_info("x", 1, [2])],
        [helper.make_tensor_value_info("y", 1, [2])],
    )
    function = helper.make_function("own", "F", ["x"], ["y"], [call], opsets)
    model = helper.make_model(graph, opset_imports=opsets, functions=[function])
    with pytest.raises(aicc.InvalidModel, match="own.F calls itself"):
        aicc.compile(model)
