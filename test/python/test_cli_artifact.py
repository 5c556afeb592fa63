"""`aicc compile -o m.aicc` and `aicc run m.aicc`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx_models import dense, dense_reference


def aicc(*arguments: object, code: int = 0) -> str:
    """stdout, or stderr of a command that must fail."""
    command = [sys.executable, "-m", "aicc.tools.aicc", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == code, done.stderr
    return done.stderr if code else done.stdout


@pytest.fixture
def model(tmp_path: Path) -> Path:
    onnx.save(dense(), tmp_path / "dense.onnx")
    np.save(tmp_path / "x.npy", np.linspace(-1, 1, 32, dtype=np.float32).reshape(2, 16))
    return tmp_path / "dense.onnx"


def check_run(artifact: Path) -> None:
    folder = artifact.parent
    aicc("run", artifact, "--input", f"x={folder / 'x.npy'}", "--output", folder / "out.npz")
    expected = dense_reference(dense(), np.load(folder / "x.npy"))
    with np.load(folder / "out.npz") as out:
        np.testing.assert_allclose(out["y"], expected, rtol=1e-5, atol=1e-5)


def test_compile_then_run(model: Path, tmp_path: Path) -> None:
    aicc("compile", model, "--dim", "batch=2", "-o", tmp_path / "m.aicc")
    model.unlink()
    check_run(tmp_path / "m.aicc")
    assert "2x8" in aicc("run", tmp_path / "m.aicc")  # generated inputs have the shapes it is for


def test_inputs_set_the_shapes(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "named otherwise"
    x = f"x={tmp_path / 'x.npy'}"
    aicc("compile", model, "--emit", "aicc", "--input", x, "-o", path)
    os.rename(path, tmp_path / "m.aicc")
    check_run(tmp_path / "m.aicc")


def test_an_npz_of_other_names_is_taken_in_order(model: Path, tmp_path: Path) -> None:
    np.savez(tmp_path / "in.npz", in_0=np.load(tmp_path / "x.npy"))
    aicc("compile", model, "--input", tmp_path / "in.npz", "-o", tmp_path / "m.aicc")
    check_run(tmp_path / "m.aicc")


def test_code_for_another_processor(model: Path, tmp_path: Path) -> None:
    compile_for = ("compile", model, "--dim", "batch=2", "--target")
    aicc(*compile_for, "x86-64-v3", "-o", tmp_path / "m.aicc")
    check_run(tmp_path / "m.aicc")
    refusal = aicc(*compile_for, "z80", "-o", tmp_path / "n.aicc", code=1)
    assert "unknown target 'z80'" in refusal and "x86-64-v3" in refusal
    aicc(*compile_for, "sapphirerapids", "--emit", "obj", "-o", tmp_path / "any.o")
    assert (tmp_path / "any.o").read_bytes()[:4] == b"\x7fELF"


def test_text_becomes_an_artifact(model: Path, tmp_path: Path) -> None:
    text, weights = tmp_path / "m.mlir", tmp_path / "w.safetensors"
    aicc("import", model, "--dim", "batch=2", "-o", text, "--weights", weights)
    aicc("compile", text, "--weights", weights, "-o", tmp_path / "m.aicc")
    check_run(tmp_path / "m.aicc")


def test_running_imports_no_compiler(model: Path, tmp_path: Path) -> None:
    aicc("compile", model, "--dim", "batch=2", "-o", tmp_path / "m.aicc")
    script = (
        "import sys, aicc.tools.aicc as tool; code = tool.run(['run', sys.argv[1]]);"
        "sys.exit(code or any('mlir' in m or m == 'onnx' for m in sys.modules))"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "m.aicc")]
    subprocess.run(command, check=True, capture_output=True)


def test_a_cached_model_is_not_even_parsed(model: Path, tmp_path: Path) -> None:
    script = (
        "import sys, aicc.tools.aicc as tool; code = tool.run(sys.argv[1:]);"
        "sys.exit(code or (7 if any('mlir' in m or m == 'onnx' for m in sys.modules) else 0))"
    )
    environment = {**os.environ, "AICC_CACHE": str(tmp_path / "cache")}
    arguments = ["run", str(model), "--input", f"x={tmp_path / 'x.npy'}", "--threads", "1"]
    command = [sys.executable, "-c", script, *arguments]
    codes = [
        subprocess.run(command, env=environment, capture_output=True, timeout=300).returncode
        for _ in range(2)
    ]
    assert codes == [7, 0]


def test_mistakes_are_named(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.aicc"
    assert "-o MODEL.aicc" in aicc("compile", model, "--emit", "aicc", code=2)
    assert "open dimensions [batch, 16]" in aicc("compile", model, "-o", path, code=1)
    assert not path.exists()
    path.write_bytes(b"no artefact")
    assert "not an artefact of aicc" in aicc("run", path, code=1)
    assert "whose shapes are fixed" in aicc("run", path, "--dim", "batch=2", code=2)
    assert "no --threads" in aicc("run", path, "--threads", "2", code=2)
    assert "--weights goes with" in aicc("compile", model, "--weights", "w", "-o", path, code=2)
