"""The native runtime: its C tests, plain and under the thread sanitizer, and its glibc floor."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2]
GLIBC_FLOOR = (2, 17)  # of the manylinux tag in pyproject.toml

pytestmark = pytest.mark.skipif(
    not (shutil.which("cmake") and (shutil.which("cc") or shutil.which("gcc"))),
    reason="needs a C compiler and cmake",
)


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def build(folder: Path, *options: str) -> Path:
    run("cmake", "-S", SOURCE, "-B", folder, *options)
    run("cmake", "--build", folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("runtime"))


def test_c_tests_pass(built: Path) -> None:
    run("ctest", "--test-dir", built, "--output-on-failure")


def test_c_tests_pass_under_thread_sanitizer(tmp_path: Path) -> None:
    (tmp_path / "probe.c").write_text("int main(void) { return 0; }\n")
    probe = ["cc", "-fsanitize=thread", "probe.c", "-o", "probe"]
    if subprocess.run(probe, cwd=tmp_path, capture_output=True).returncode != 0:
        pytest.skip("this compiler has no thread sanitizer")
    build(tmp_path / "tsan", "-DAICC_TSAN=ON")
    run("ctest", "--test-dir", tmp_path / "tsan", "--output-on-failure")


def test_library_needs_only_old_glibc(built: Path) -> None:
    versions = re.findall(rb"GLIBC_(\d+)\.(\d+)", (built / "libaicc_rt.so").read_bytes())
    assert versions
    assert max((int(major), int(minor)) for major, minor in versions) <= GLIBC_FLOOR


def test_other_platforms_get_a_sentence(tmp_path: Path) -> None:
    command = ["cmake", "-S", str(SOURCE), "-B", str(tmp_path), "-DCMAKE_SYSTEM_NAME=Darwin"]
    command.append("-DCMAKE_SYSTEM_PROCESSOR=arm64")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode != 0
    assert "aicc runs on Linux x86-64 only; this is Darwin arm64." in " ".join(done.stderr.split())


def test_python_loads_a_chosen_library(built: Path) -> None:
    script = (
        "from aicc import target\n"
        "from aicc.runtime import library\n"
        "assert library.set_threads(2) == library.threads() == 2\n"
        "assert '__kmpc_fork_call' in library.symbols() and 'memrefCopy' in library.symbols()\n"
        "assert library.default_threads() == target.host().threads\n"
    )
    environment = dict(os.environ, AICC_RT_LIBRARY=str(built / "libaicc_rt.so"))
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
