"""`aicc run` of models that take and give strings and sequences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from test_cli import aicc
from text_models import parsed

TEXT = """g (string[2] x, string[2] y) => (string[2] z, seq(string[2]) pair) {
  z = StringConcat (x, y)
  pair = SequenceConstruct (x, z)
}"""


def run(folder: Path, *arguments: object) -> tuple[str, dict[str, np.ndarray]]:
    """What is printed, and the arrays that are written."""
    onnx.save(parsed(TEXT), folder / "m.onnx")
    outputs = folder / "out.npz"
    done = aicc("run", folder / "m.onnx", "--output", outputs, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout, dict(np.load(outputs))


def test_strings_are_read_printed_and_written(tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", x=np.array(["a", "\u00e9"]), y=np.array(["1", "[b]"]))
    printed, outputs = run(tmp_path, "--input", tmp_path / "in.npz", "--print")
    assert "string" in printed and "\u00e9[b]" in printed
    assert list(outputs["z"]) == ["a1", "\u00e9[b]"]
    assert list(outputs["pair.0"]) == ["a", "\u00e9"] and list(outputs["pair.1"]) == [
        "a1",
        "\u00e9[b]",
    ]


def test_strings_are_made_up_when_none_are_given(tmp_path: Path) -> None:
    _, outputs = run(tmp_path, "--seed", 3)
    assert all(len(text) == 2 and text.isdigit() for text in outputs["z"])
