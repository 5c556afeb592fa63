"""Artefacts without Python: the C example and interface, and altered files, under sanitizers."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from onnx_models import dense

import aicc
from aicc.runtime import library

SOURCE = Path(__file__).resolve().parents[2]
FUZZ_COUNT = os.environ.get("AICC_FUZZ", "2000")
COMPILER = shutil.which("cc") or shutil.which("gcc")

pytestmark = pytest.mark.skipif(
    not (COMPILER and shutil.which("cmake")), reason="needs a C compiler and cmake"
)


def run(*command: str | Path | None) -> str:
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for batches of 2 and 5, with parallel loops."""
    exe = aicc.compile(dense(), threads=2)
    for batch in (2, 5):
        exe(np.ones((batch, 16), np.float32))
    path = tmp_path_factory.mktemp("artifact") / "dense.aicc"
    exe.save(path)
    return path


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = tmp_path_factory.mktemp("example") / "run_model"
    folder = Path(library.library_path()).resolve().parent
    flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{SOURCE / 'runtime'}"]
    linked = [f"-L{folder}", "-laicc_rt", f"-Wl,-rpath,{folder}"]
    run(COMPILER, *flags, SOURCE / "examples" / "c" / "run_model.c", *linked, "-o", program)
    return program


def test_c_example_computes_the_same(example: Path, saved: Path, tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((2, 16)).astype(np.float32)
    x.tofile(tmp_path / "x.bin")
    name, values = run(example, saved, tmp_path / "x.bin").split("] ")
    assert name == "y: float32[2, 8"
    expected = aicc.load(saved)(x).ravel()[:4]
    np.testing.assert_allclose([float(v) for v in values.split()], expected, rtol=1e-5)


def test_c_example_tells_what_is_wrong(example: Path, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "short.aicc").write_bytes(saved.read_bytes()[:-64])
    done = subprocess.run(
        [example, tmp_path / "short.aicc"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: it has ")


@pytest.fixture(scope="module")
def sanitized(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime and its C tests, built with the sanitizers."""
    folder = tmp_path_factory.mktemp("sanitized")
    (folder / "probe.c").write_text("int main(void) { return 0; }\n")
    probe = [str(COMPILER), "-fsanitize=address,undefined", "probe.c", "-o", "probe"]
    if subprocess.run(probe, cwd=folder, capture_output=True).returncode != 0:
        pytest.skip("this compiler has no address sanitizer")
    run("cmake", "-S", SOURCE, "-B", folder / "asan", "-DAICC_ASAN=ON")
    run("cmake", "--build", folder / "asan")
    return folder / "asan"


def test_c_tests_pass_under_sanitizers(sanitized: Path) -> None:
    run("ctest", "--test-dir", sanitized, "--output-on-failure")


def test_c_interface(sanitized: Path, saved: Path) -> None:
    run(sanitized / "test" / "runtime" / "model_test", saved)


def test_altered_files_under_sanitizers(sanitized: Path, saved: Path) -> None:
    """AICC_FUZZ sets the number of files."""
    output = run(sanitized / "test" / "runtime" / "artifact_fuzz", saved, FUZZ_COUNT)
    assert output.startswith(f"{FUZZ_COUNT} altered artefacts")
