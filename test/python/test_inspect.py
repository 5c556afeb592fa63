"""`aicc inspect`: counts of known models, the drawing, and the page in a real browser."""

from __future__ import annotations

import html
import json
import random
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from click.testing import CliRunner
from onnx import helper
from onnx_models import dense, model

import aicc
from aicc._mlir import context, ir
from aicc.dialects.graph import load_graph
from aicc.dialects.graph.work import flops_of
from aicc.frontend.onnx import read_source
from aicc.inspection.layered_graph import NODE_HEIGHT, NODE_WIDTH, place
from aicc.inspection.operators import totals
from aicc.inspection.report import operators_table
from aicc.tools.aicc import cli

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)


def conv_net() -> onnx.ModelProto:
    weights = {"w": np.ones((8, 4, 3, 3), np.float32), "b": np.ones(8, np.float32)}
    nodes = [
        helper.make_node("Conv", ["x", "w", "b"], ["c"], name="conv", group=2, strides=[2, 2]),
        helper.make_node("Relu", ["c"], ["y"], name="relu <&>"),
    ]
    return model(nodes, {"x": [1, 8, 11, 11]}, ["y"], weights)


def operators(proto: onnx.ModelProto) -> Any:
    return operators_table(read_source(proto), aicc.import_onnx(proto))


def test_operations_of_a_grouped_convolution() -> None:
    """(2 K K I/g + 1) per output element: 5x5x8 outputs, K = 3, I/g = 4."""
    conv, relu = operators(conv_net())
    assert (conv.name, conv.op_type) == ("conv", "Conv")
    assert conv.work.flops == (2 * 9 * 4 + 1) * 25 * 8
    assert conv.parameters == 8 * 4 * 9 + 8
    assert conv.work.bytes == 4 * (8 * 121 + 8 * 4 * 9 + 8 + 200)
    assert relu.work.flops == 200
    assert relu.outputs == ("1x8x5x5xf32",)


def test_operations_of_attention() -> None:
    """Two products of 2 D operations and a softmax for every pair of a query and a key."""
    text = """
    func.func @main(%q: tensor<1x4x8x16xf32>, %k: tensor<1x2x10x16xf32>, %v: tensor<1x2x10x32xf32>)
        -> tensor<1x4x8x32xf32> {
      %0 = "graph.attention"(%q, %k, %v) {operandSegmentSizes = array<i32: 1, 1, 1, 0>}
        : (tensor<1x4x8x16xf32>, tensor<1x2x10x16xf32>, tensor<1x2x10x32xf32>)
        -> tensor<1x4x8x32xf32>
      return %0 : tensor<1x4x8x32xf32>
    }"""
    with context(), ir.Location.unknown():
        load_graph()
        module = ir.Module.parse(text)
        op = module.body.operations[0].regions[0].blocks[0].operations[0].operation
        assert flops_of(op) == 4 * 8 * 10 * (2 * 16 + 5 + 2 * 32)


def test_totals_of_a_dense_layer() -> None:
    sums = totals(operators(dense(2)))
    assert sums["flops"] == 2 * 2 * 16 * 8 + 16 + 16
    assert sums["parameters"] == 16 * 8 + 8
    assert sums["nodes"] == 3


def test_boxes_do_not_overlap_and_edges_go_down() -> None:
    rng = random.Random(0)
    for size in (0, 1, 7, 60):
        reads = [
            sorted({rng.randrange(-1, i) for _ in range(2)}) if i else [-1] for i in range(size)
        ]
        placed = place(reads)
        assert len(set(placed.corners)) == size
        for i, (x, y) in enumerate(placed.corners):
            assert 0 <= x <= placed.width - NODE_WIDTH and 0 <= y <= placed.height - NODE_HEIGHT
            for j, (other_x, other_y) in enumerate(placed.corners[:i]):
                assert abs(x - other_x) >= NODE_WIDTH or abs(y - other_y) >= NODE_HEIGHT, (i, j)
            assert all(placed.corners[s][1] < y for s in reads[i] if s >= 0)


def page(folder: Path) -> Path:
    path, target = folder / "conv <net>.onnx", folder / "page.html"
    onnx.save(conv_net(), path)
    arguments = ["inspect", str(path), "--html", str(target), "--json", str(folder / "r.json")]
    result = CliRunner().invoke(cli, [*arguments, "--threads", "1"])
    assert result.exit_code == 0, result.output
    return target


def test_report_as_json(tmp_path: Path) -> None:
    page(tmp_path)
    report = json.loads((tmp_path / "r.json").read_text())
    assert [row["name"] for row in report["operators"]] == ["conv", "relu <&>"]
    assert any({"conv", "relu <&>"} <= set(call["nodes"]) for call in report["kernels"])
    assert report["totals"]["arena_bytes"] >= 0


def test_page_needs_no_network(tmp_path: Path) -> None:
    text = page(tmp_path).read_text()
    assert not re.search(r"(src|href)\s*=|@import|url\(|fetch\(", text)
    assert "conv &lt;net&gt;" in text and "<net>" not in text


@pytest.mark.skipif(BROWSER is None, reason="needs a Chromium (Debian: apt-get install chromium)")
def test_page_in_a_browser(tmp_path: Path) -> None:
    assert BROWSER is not None
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000"]
    url = page(tmp_path).as_uri() + "#ir"
    command = [BROWSER, *flags, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", url]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    assert 'data-ready="yes"' in dom  # the script ran to its end and unpacked the IR
    seen = html.unescape(re.sub(r"<script.*?</script>", "", dom, flags=re.S))
    assert "func.func @main" in seen and "linalg" not in seen.split("operator-table")[0]
    assert re.search(r"<th[^>]*>operations</th>", dom)
    assert "relu <&>" in seen and "kernel calls of" in seen


def test_table(tmp_path: Path) -> None:
    path = tmp_path / "dense.onnx"
    onnx.save(dense(2), path)
    result = CliRunner().invoke(cli, ["inspect", str(path)])
    assert result.exit_code == 0, result.output
    assert "mm" in result.output and "MatMul" in result.output and "3 nodes" in result.output
