"""A process that runs an artefact maps its weights: it holds no second copy of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import helper
from onnx_models import model

import aicc

MIB = 1 << 20
PROGRAM = """
import json, sys
import numpy as np

def status():
    lines = open("/proc/self/status").read().splitlines()
    words = [line.split() for line in lines if line.startswith(("VmHWM", "RssAnon"))]
    return {name.rstrip(":"): int(size) * 1024 for name, size, _ in words}

before = status()
import aicc
exe = aicc.load(sys.argv[1])
for _ in range(2):
    exe(np.ones((64, 1024), np.float32))
after = status()
print(json.dumps({name: after[name] - before[name] for name in after}))
"""


@pytest.fixture(scope="module")
def artifact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """32 MiB of weights, which are packed for the kernel."""
    w = np.random.default_rng(0).standard_normal((1024, 8192)).astype(np.float32)
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    path = tmp_path_factory.mktemp("memory") / "m.aicc"
    aicc.compile(model(nodes, {"x": [64, 1024]}, ["y"], {"w": w}), threads=1).save(path)
    return path


def test_weights_are_mapped_not_copied(artifact: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(artifact)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    grown = json.loads(done.stdout)
    assert artifact.stat().st_size > 32 * MIB
    # the library, Python modules, one result of 2 MiB and what malloc keeps
    assert grown["RssAnon"] < 16 * MIB
    assert grown["VmHWM"] < artifact.stat().st_size + 24 * MIB
