"""Debug levels: what a compilation tells of itself; patterns switched off by name."""

from __future__ import annotations

import pytest
from onnx import helper
from onnx_models import dense

import aicc

LEVELS = [
    (0, set()),
    (2, {"phase graph", "phase buffers"}),
    (3, {"phase graph", "matmul_2x8", "register", "applied"}),
    (4, {"fuse: ", "decide-schedules: ", " ms"}),
    (5, {"IR Dump After fuse", "register"}),
]


@pytest.mark.parametrize(("level", "words"), LEVELS)
def test_each_level_tells_more(
    level: int, words: set[str], capfd: pytest.CaptureFixture[str]
) -> None:
    proto = dense(2)
    # a rewrite to be told of: relu(relu(x))
    proto.graph.node.append(helper.make_node("Relu", ["y"], ["z"], name="again"))
    proto.graph.output[0].name = "z"
    aicc.compile(proto, threads=1, debug=level, cache=False)
    told = capfd.readouterr().err
    assert bool(told) == (level >= 2)
    assert all(word in told for word in words), told[:2000]


def test_levels_beyond_the_table_are_refused() -> None:
    with pytest.raises(aicc.AiccError, match="0 to 5, got '9'"):
        aicc.compile(dense(2), debug=9)


def test_a_pattern_can_be_switched_off() -> None:
    imported = aicc.import_onnx(dense(2), disabled_patterns=["same-shape"])
    assert 'aicc.disabled_patterns = ["same-shape"]' in str(imported.module)
    with pytest.raises(aicc.UnsupportedOption, match="no pattern is called 'same-shap'; did you"):
        aicc.compile(dense(2), disabled_patterns=["same-shap"])
