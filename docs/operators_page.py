"""The page of supported operators, from the tables of rules and the record of the ONNX suite.

What a rule refuses, and what it must know when compiling, is read from its source: the texts of
`n.unsupported(..)`, `n.array(.., "words")` and `n.integers(.., "words")` in it, and in what it
calls in its module.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import onnx

from aicc.frontend.onnx.coverage import how_served
from aicc.frontend.onnx.registry import operators, rules_of
from aicc.host.registry import always, host_operators

CONFORMANCE = Path(__file__).parents[1] / "test" / "conformance"
INTERNAL = "aicc.host"
INTRODUCTION = """\
# Supported operators

Made by `docs/generate.py` from the tables of import rules and host operators, and from
`test/conformance/operators.txt`: what ONNX's own backend tests ran when they passed.

- *how*: `compiled` by a rule; `function`: expanded from the body that the standard gives; `host`:
  runs in Python between compiled parts; `compiled, host`: there for strings and structures only.
- *versions*: those of the operator that the rules tell apart. The opset of a model picks one.
- *tests*: backend tests that contain the operator; *types*: the element types that tests of the
  operator alone saw. Rules are written for kinds of types: others of a kind work too.
- *limits*: what is refused, with an error that names the node ("not"), and what must be known when
  a model is specialised: a constant, the value of a small input, or what a first part of the model
  computes ("known").

Operators that move, compare or sort take strings as well: the strings are numbered in Python, and
the operator is compiled. `aicc import MODEL` tells what a model needs.
"""


def operators_page() -> str:
    """The whole page."""
    record = _record()
    domains = sorted({domain for domain, _ in _known()}, key=lambda d: (d != "", d))
    parts = [INTRODUCTION]
    for domain in domains:
        names = sorted(name for d, name in _known() if d == domain)
        parts.append(f"## {domain or 'ai.onnx'}\n")
        parts.append("| operator | how | versions | tests | types | limits |")
        parts.append("|---|---|---|---|---|---|")
        parts += [_row(domain, name, record) for name in names]
        parts.append("")
    missing = ", ".join(f"`{name}`" for name in _missing())
    parts.append(f"Operators of the standard without any of these: {missing}.\n")
    return "\n".join(parts)


@cache
def _known() -> dict[tuple[str, str], str]:
    """(domain, operator) -> how it is served."""
    found = dict.fromkeys(operators(), "compiled")
    for key, row in host_operators().items():
        if key[0] != INTERNAL:
            found[key] = "compiled, host" if key in found or row.needs is not always else "host"
    for domain, name, version in _standard():
        if (domain, name) not in found and how_served(domain, name, version) == "function":
            found[domain, name] = "function"
    return found


def _standard() -> Iterator[tuple[str, str, int]]:
    """Operators of the standard in their newest version."""
    for schema in onnx.defs.get_all_schemas():
        if not schema.deprecated:
            yield schema.domain, schema.name, schema.since_version


def _missing() -> list[str]:
    return sorted(
        f"{domain}.{name}".lstrip(".")
        for domain, name, _ in _standard()
        if (domain, name) not in _known()
    )


def _row(domain: str, name: str, record: dict[Any, Any]) -> str:
    how = _known()[domain, name]
    tested = {key: value for key, value in record.items() if key[:2] == (domain or "ai.onnx", name)}
    versions = operators().get((domain, name)) or sorted({version for _, _, version in tested})
    tests = sum(count for count, _ in tested.values())
    types = sorted(set().union(*(types for _, types in tested.values())))
    cells = (
        f"`{name}`",
        how,
        ", ".join(str(version) for version in versions),
        str(tests or ""),
        ", ".join(types),
        "; ".join(_limits(domain, name)),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _record() -> dict[Any, Any]:
    spec = importlib.util.spec_from_file_location("record", CONFORMANCE / "record.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # dataclasses look their module up by name
    sys.modules.setdefault("record", module)
    spec.loader.exec_module(module)
    return dict(module.read_record(module.RECORD.read_text()))


def _limits(domain: str, name: str) -> list[str]:
    """Refusals and compile-time values of an operator's newest rule."""
    rules = rules_of(domain, name)
    if not rules:
        return []
    # strings are refused by rules only: host steps take them
    texts = [words for words in _texts(rules[-1]) if not words.endswith("strings")]
    return list(dict.fromkeys(texts))


def _texts(rule: Callable[..., Any]) -> list[str]:
    rule = inspect.unwrap(rule)
    functions = _functions(inspect.getsourcefile(rule) or "")
    pending, seen, texts = [rule.__name__], set(), []
    while pending:
        function = functions.get(pending.pop())
        if function is None or function.name in seen:
            continue
        seen.add(function.name)
        for node in ast.walk(function):
            if isinstance(node, ast.Call):
                texts += _text_of_call(node)
                if isinstance(node.func, ast.Name):
                    pending.append(node.func.id)
    return texts


@cache
def _functions(path: str) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(Path(path).read_text())
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def _text_of_call(call: ast.Call) -> list[str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name == "unsupported" and call.args:
        return [f"not: {_words(call.args[0])}"]
    if name in ("array", "integers") and len(call.args) == 2:
        words = _words(call.args[1])
        return [f"known: {words}"] if words else []
    return []


def _words(node: ast.expr) -> str:
    """A text as far as it stands in the source; what is put in at run time is "..."."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        pieces = (v.value if isinstance(v, ast.Constant) else "..." for v in node.values)
        return "".join(str(piece) for piece in pieces)
    return ""
