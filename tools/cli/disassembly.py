"""Disassembly of object code, by the objdump of the system."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from aicc.diagnostics import TargetError

PROGRAMS = ("objdump", "llvm-objdump")


def disassemble(code: bytes) -> str:
    """Intel-syntax assembly of an ELF object, with the calls it makes named."""
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise TargetError(
            f"no disassembler: neither {' nor '.join(PROGRAMS)} is on PATH\n"
            "next step: install binutils, or use --emit=obj and a disassembler elsewhere"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.o"
        path.write_bytes(code)
        command = [program, "-d", "-r", "--no-show-raw-insn", "-M", "intel", path.name]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        raise TargetError(f"{program} failed: {done.stderr.strip()}")
    return done.stdout
