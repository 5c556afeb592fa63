"""The package's imports, read from its sources: no circle, and one way only.

frontend -> dialects <- passes <- driver <- tools        runtime: knows nothing of passes
frontend -> host: operators that run in Python
"""

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = {
    "aicc": ROOT / "python/aicc",
    "aicc.dialects": ROOT / "dialects",
    "aicc.passes": ROOT / "passes",
    "aicc.tools": ROOT / "tools",
}
BINDINGS = ("torch_mlir", "mlir", "torch")

# room -> the rooms it may import from, besides itself; the first prefix that fits names the room
BASE = (
    "aicc._mlir",
    "aicc.cpus",
    "aicc.diagnostics",
    "aicc.host_cpu",
    "aicc.settings",
    "aicc.target",
)
ROOMS = ("aicc.dialects", "aicc.passes", "aicc.frontend", "aicc.runtime", "aicc.host", "aicc.tools")
ALLOWED = {
    "base": {"package"},
    "package": {"base"},
    "aicc.dialects": {"package", "base"},
    "aicc.passes": {"package", "base", "aicc.dialects"},
    "aicc.frontend": {"package", "base", "aicc.dialects", "aicc.host"},
    "aicc.host": {"package", "base"},
    "aicc.runtime": {"package", "base"},
    "driver": {"package", "base", *ROOMS[:5]},
    "aicc.tools": {"package", "base", "driver", *ROOMS[:5]},
}


def room_of(module: str) -> str:
    if module == "aicc":
        return "package"
    if module in BASE:
        return "base"
    return next((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), "driver")


@cache
def sources() -> dict[str, Path]:
    """Module name -> file."""
    found = {}
    for package, folder in FOLDERS.items():
        for path in folder.rglob("*.py"):
            parts = path.relative_to(folder).with_suffix("").parts
            name = ".".join([package, *parts]).removesuffix(".__init__")
            found[name] = path
    return found


def imports_of(module: str, *, lazy: bool) -> Iterator[str]:
    """Names a module imports; `lazy` adds those inside functions, never those for type checkers."""
    path = sources()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    pending: list[ast.AST] = [ast.parse(path.read_text())]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            pending.extend(node.orelse)
        elif isinstance(node, ast.FunctionDef) and not lazy:
            continue
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _imported_from(node, package)
        else:
            pending.extend(ast.iter_child_nodes(node))


def _imported_from(node: ast.ImportFrom, package: str) -> Iterator[str]:
    base = node.module or ""
    if node.level:
        parent = package.split(".")[: len(package.split(".")) - node.level + 1]
        base = ".".join([*parent, *([base] if base else [])])
    for alias in node.names:
        # `from package import module` means the module
        name = f"{base}.{alias.name}"
        yield name if name in sources() else base


def edges(*, lazy: bool) -> dict[str, set[str]]:
    """Module -> modules of aicc it imports; what `__init__` files re-export counts for them."""
    return {
        module: {name for name in imports_of(module, lazy=lazy) if name in sources()} - {module}
        for module in sources()
    }


def test_every_source_is_seen() -> None:
    modules = sources()
    for name in ("aicc", "aicc._mlir", "aicc.dialects.graph", "aicc.passes.registry"):
        assert name in modules
    assert "aicc.passes.options" in edges(lazy=False)["aicc.passes.registry"]


def test_imports_have_no_circle() -> None:
    try:
        tuple(graphlib.TopologicalSorter(edges(lazy=True)).static_order())
    except graphlib.CycleError as error:
        pytest.fail(f"circle: {' -> '.join(error.args[1])}")


def test_imports_run_one_way() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, names in edges(lazy=True).items()
        for name in sorted(names)
        if room_of(name) != room_of(module) and room_of(name) not in ALLOWED[room_of(module)]
    ]
    assert not wrong, "\n".join(wrong)


def test_one_module_alone_imports_the_bindings() -> None:
    users = {
        module
        for module in sources()
        for name in imports_of(module, lazy=True)
        if name.split(".")[0] in BINDINGS
    }
    assert users <= {"aicc._mlir"}
    texts = {m for m, path in sources().items() if "import_module" in path.read_text()}
    direct = {m for m in texts if "torch_mlir" in sources()[m].read_text()}
    assert direct <= {"aicc._mlir"}


@pytest.mark.parametrize("module", ["aicc", "aicc.tools.aicc"])
def test_light_modules_import_nothing_heavy(module: str) -> None:
    graph = edges(lazy=False)
    reached, pending = set(), [module]
    while pending:
        name = pending.pop()
        if name not in reached:
            reached.add(name)
            pending.extend(graph[name])
    assert "aicc._mlir" not in reached
    heavy = {"numpy", "onnx", "torch_mlir", "rich", "safetensors", "ml_dtypes"}
    code = f"import sys, {module}; print(*({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
