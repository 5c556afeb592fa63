"""The programs in examples/ run, and print what they claim to."""

import subprocess
import sys
from pathlib import Path

import onnx
from onnx_models import dense

EXAMPLES = Path(__file__).parents[2] / "examples"


def output_of(name: str, *arguments: object) -> str:
    command = [sys.executable, str(EXAMPLES / name), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_compile_and_run(tmp_path: Path) -> None:
    onnx.save(dense(), tmp_path / "m.onnx")
    output = output_of("compile_and_run.py", tmp_path / "m.onnx")
    assert "y: float32[1, 8]" in output
    assert "linalg." in output


def test_own_pass() -> None:
    lines = output_of("own_pass.py").splitlines()
    assert lines[:2] == ["graph.matmul x1", "graph.relu x1"]
    assert any(line.startswith("linalg.") for line in lines)


def test_own_pass_in_aicc_opt(tmp_path: Path) -> None:
    text = tmp_path / "m.mlir"
    text.write_text("module { func.func @f() { return } }")
    command = [sys.executable, "-m", "aicc.tools.aicc_opt", str(text)]
    plugin = f"--load-pass-plugin={EXAMPLES / 'own_pass.py'}"
    done = subprocess.run(
        [*command, plugin, "--count-ops=dialect=func"], capture_output=True, text=True, check=True
    )
    assert "func.func x1" in done.stdout and "func.return x1" in done.stdout


def test_own_operator() -> None:
    lines = output_of("own_operator.py").splitlines()
    assert float(lines[-1].removeprefix("largest error:")) < 1e-5


def test_own_graph_op() -> None:
    lines = output_of("own_graph_op.py").splitlines()
    assert '"graph.snake"(%arg0) {alpha' in lines[0]
    assert float(lines[-1].removeprefix("largest error:")) < 1e-5


def test_own_schedule() -> None:
    lines = output_of("own_schedule.py").splitlines()
    assert "becomes 2 rows" in lines[0]
    assert float(lines[-1].removeprefix("largest error:")) < 1e-4
