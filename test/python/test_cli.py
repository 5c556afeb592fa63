"""The `aicc` command: what it writes, and how it fails."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import helper
from onnx_models import dense, dense_reference, model

PHASES = ("import", "graph", "kernels", "schedule", "buffers", "loops", "llvm")
AICC = [sys.executable, "-m", "aicc.tools.aicc"]


def aicc(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*AICC, *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
        check=False,
    )


def failure(*arguments: object, code: int = 1) -> str:
    """stderr of a command that must fail, with a message and no traceback."""
    done = aicc(*arguments)
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    return done.stderr


@pytest.fixture
def dense_path(tmp_path: Path) -> Path:
    path = tmp_path / "dense.onnx"
    onnx.save(dense(), path)
    return path


def run_of(path: Path, folder: Path, *arguments: object) -> np.ndarray:
    """Output y of `aicc run` on the rows of the test's x."""
    x = np.linspace(-1, 1, 32, dtype=np.float32).reshape(2, 16)
    np.save(folder / "x.npy", x)
    out = folder / "out.npz"
    done = aicc("run", path, "--input", f"x={folder / 'x.npy'}", "--output", out, *arguments)
    assert done.returncode == 0, done.stderr
    with np.load(out) as arrays:
        return arrays["y"]


def test_help_is_quick_and_imports_nothing_heavy() -> None:
    code = (
        "import sys, aicc.tools.aicc as tool; tool.run(['--help']);"
        "heavy = {'numpy', 'onnx', 'torch_mlir', 'rich', 'safetensors'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        assert aicc("--help").returncode == 0
        times.append(time.perf_counter() - start)
    assert min(times) < 0.3


def test_version_names_bindings_llvm_and_cpu() -> None:
    lines = dict(line.partition(" ")[::2] for line in aicc("--version").stdout.splitlines())
    assert lines["aicc"]
    assert "20261001" in lines["bindings:"]
    assert lines["LLVM:"].split(".")[0].isdecimal()
    assert "avx2" in lines["CPU"]


def test_import_writes_text_weights_and_report(dense_path: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    text, weights, report = (tmp_path / n for n in ("d.mlir", "d.safetensors", "d.json"))
    options = ("-o", text, "--weights", weights, "--report", report, "--dim", "batch=2")
    done = aicc("import", dense_path, *options)
    assert done.returncode == 0, done.stderr
    assert '"graph.matmul"' in text.read_text()
    assert load_file(weights)["w"].shape == (16, 8)
    found = json.loads(report.read_text())["operators"]
    assert {(use["operator"], use["how"]) for use in found} == {
        ("Add", "rule"),
        ("MatMul", "rule"),
        ("Relu", "rule"),
    }


def test_import_reports_even_what_it_cannot_import(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("NoSuchOp", ["x"], ["h"], name="first"),
        helper.make_node("Relu", ["h"], ["y"]),
    ]
    onnx.save(model(nodes, {"x": [2]}, ["y"]), tmp_path / "m.onnx")
    message = failure("import", tmp_path / "m.onnx", "--report", tmp_path / "r.txt")
    assert "ai.onnx.NoSuchOp x1" in message and "'first'" in message
    assert "missing  ai.onnx.NoSuchOp" in (tmp_path / "r.txt").read_text()


def test_every_dumped_phase_can_be_resumed(dense_path: Path, tmp_path: Path) -> None:
    weights, dump = tmp_path / "w.safetensors", tmp_path / "dump"
    options = ("-o", tmp_path / "m.mlir", "--weights", weights, "--dim", "batch=2")
    assert aicc("import", dense_path, *options).returncode == 0
    os.environ["AICC_DUMP"] = str(dump)
    try:
        expected = run_of(dense_path, tmp_path)
    finally:
        del os.environ["AICC_DUMP"]
    x = np.load(tmp_path / "x.npy")
    np.testing.assert_allclose(expected, dense_reference(dense(), x), rtol=1e-5, atol=1e-5)
    names = [f"{i:02d}-{phase}.mlir" for i, phase in enumerate(PHASES)]
    assert sorted(path.name for path in dump.iterdir()) == names
    for name in names:
        resumed = run_of(dump / name, tmp_path, "--weights", weights)
        np.testing.assert_array_equal(resumed, expected, err_msg=name)


@pytest.mark.parametrize(
    ("stage", "text"),
    [
        ("import", '"graph.relu"'),
        ("graph", "graph."),
        ("kernels", "linalg."),
        ("schedule", "aicc.kernel"),
        ("buffers", "memref<"),
        ("loops", "vector<"),
        ("llvm", "llvm.func"),
        ("ll", "define "),
    ],
)
def test_emit_text(dense_path: Path, stage: str, text: str) -> None:
    done = aicc("compile", dense_path, f"--emit={stage}", "--dim", "batch=2")
    assert done.returncode == 0, done.stderr
    assert text in done.stdout


def test_emit_object(dense_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "m.o"
    done = aicc("compile", dense_path, "--emit=obj", "--dim", "batch=2", "-o", path)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes().startswith(b"\x7fELF")


def test_emit_assembly_or_say_what_is_missing(dense_path: Path) -> None:
    done = aicc("compile", dense_path, "--emit=asm", "--dim", "batch=2")
    assert "<main>:" in done.stdout or "no disassembler" in done.stderr
    alone = aicc("compile", dense_path, "--emit=asm", "--dim", "batch=2", PATH="/nowhere")
    assert alone.returncode == 1
    assert "no disassembler" in alone.stderr


def test_run_prints_a_table_and_repeats_generated_inputs(dense_path: Path, tmp_path: Path) -> None:
    outputs = []
    for seed in (1, 1, 2):
        out = tmp_path / "o.npz"
        done = aicc("run", dense_path, "--dim", "batch=1", "--seed", seed, "--output", out)
        assert done.returncode == 0, done.stderr
        assert "y" in done.stdout and "1x8" in done.stdout and "top 5 of y" in done.stdout
        with np.load(out) as arrays:
            outputs.append(arrays["y"])
    assert (outputs[0] == outputs[1]).all()
    assert (outputs[0] != outputs[2]).any()


def test_failures_are_messages(dense_path: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.mlir"
    bad.write_text("module { func.func @main( }")
    assert "open dimensions [batch, 16]" in failure("run", dense_path)
    assert "No such file" in failure("run", tmp_path / "absent.onnx")
    assert "is not an ONNX model" in failure("run", bad.rename(tmp_path / "bad.onnx"))
    (tmp_path / "bad.mlir").write_text("module { func.func @main( }")
    assert "is not valid MLIR" in failure("run", tmp_path / "bad.mlir")
    assert "no dimension is called 'b'" in failure("run", dense_path, "--dim", "b=1")
    assert "no input is called 'z'" in failure("run", dense_path, "--shape", "z=1")
    assert "cannot read the array file" in failure("run", dense_path, "--input", "x=absent.npy")
    assert "cannot write" in failure(
        "compile", dense_path, "--dim", "batch=1", "--emit=import", "-o", tmp_path / "no" / "x"
    )


def test_resuming_without_weights_says_what_to_give(dense_path: Path, tmp_path: Path) -> None:
    text = tmp_path / "m.mlir"
    assert aicc("import", dense_path, "-o", text, "--dim", "batch=2").returncode == 0
    assert "1 of 1 weights are missing, first 'w'" in failure("run", text)
    np.savez(tmp_path / "w.npz", w=np.zeros(3))
    message = failure("run", text, "--weights", tmp_path / "w.npz")
    assert "is not a safetensors file" in message


def test_wrong_command_lines_end_with_code_2(dense_path: Path, tmp_path: Path) -> None:
    assert "NAME=SIZE" in failure("run", dense_path, "--dim", "batch", code=2)
    assert "INPUT=D,D" in failure("run", dense_path, "--shape", "x=1,y", code=2)
    assert "--emit" in failure("compile", dense_path, "--emit=x", code=2)
    assert "whose shapes are fixed" in failure("run", tmp_path / "m.mlir", "--dim", "a=1", code=2)
    assert "No such command" in failure("explode", code=2)


@pytest.mark.parametrize("text", ["(" * 100_000, "module {" * 5_000, "-" * 100_000, "\x00" * 10])
def test_hostile_text_is_a_message(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.mlir"
    path.write_text(text)
    assert "error: " in failure("run", path)
