"""lit configuration: `lit test/` checks the installed package, or the one PYTHONPATH leads to.

FILECHECK overrides the PyPI port of FileCheck (which has no numeric variables); AICC_LIT_OUTPUT is
a folder that keeps what tests write.
"""

import atexit
import os
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import lit.formats


def command_for(tool: str, module: str) -> str:
    """The console script beside this interpreter, else the module it stands for."""
    script = Path(sys.executable).with_name(tool)
    if "PYTHONPATH" not in os.environ and script.exists():
        return shlex.quote(str(script))
    return f"{shlex.quote(sys.executable)} -m {module}"


def output_folder() -> str:
    """A folder of this run's own, so that runs side by side do not meet."""
    if kept := os.environ.get("AICC_LIT_OUTPUT"):
        return os.path.abspath(kept)
    folder = tempfile.mkdtemp(prefix="aicc-lit-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def cpu_flags() -> set[str]:
    """The flags of the first CPU; none where /proc does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    flags = next((line for line in lines if line.startswith("flags")), "")
    return set(flags.partition(":")[2].split())


config = globals()["config"]  # put there by lit
config.name = "aicc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir"]
config.excludes = ["Inputs", "python", "conformance"]
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_exec_root = output_folder()
config.environment["AICC_CACHE"] = os.path.join(config.test_exec_root, "cache")

for variable in ("PYTHONPATH", "AICC_MLIR_PACKAGE", "AICC_RT_LIBRARY", "LD_LIBRARY_PATH", "HOME"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]

filecheck = os.environ.get("FILECHECK") or f"{shlex.quote(sys.executable)} -m filecheck"
config.substitutions += [
    ("%not", "not"),
    ("%python", shlex.quote(sys.executable)),
    (r"(?<![\w/.=-])aicc-opt(?![\w./-])", command_for("aicc-opt", "aicc.tools.aicc_opt")),
    (r"(?<![\w/.=-])aicc(?![\w./-])", command_for("aicc", "aicc.tools.aicc")),
    (r"(?<![\w/.=-])(?:FileCheck|filecheck)(?![\w./-])", filecheck),
]

present = cpu_flags()
if "avx512f" in present:
    config.available_features.add("avx512")
if present & {"avx512_vnni", "avx_vnni"}:
    config.available_features.add("vnni")
