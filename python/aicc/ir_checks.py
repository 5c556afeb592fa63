"""What IR text must fulfil before it is taken on: text is user input, like a model.

Passes may rely on it: a wrong dump is an InvalidModel in words, not a failure inside of a pass.
"""

from __future__ import annotations

import re
from typing import Any

from aicc._mlir import ir
from aicc.diagnostics import InvalidModel
from aicc.passes.signature import argument_attrs, functions_of, result_attrs

# MLIR's parser is recursive: deeper text would overflow its stack and end the process.
MAX_NESTING = 500
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*')
_NESTING = re.compile(rf"->|>=|<=|-{{{MAX_NESTING},}}|[()\[\]{{}}<>]")
_KINDS = ("aicc.input", "aicc.weight", "aicc.prepared", "aicc.output", "aicc.arena")


def refuse_deep_nesting(text: str) -> None:
    """Raise InvalidModel for text that MLIR's parser would not survive."""
    depth = 0
    for match in _NESTING.finditer(_QUOTED.sub("", text)):
        token = match.group()
        if token in "([{<":
            depth += 1
        elif token in ")]}>":
            depth = max(0, depth - 1)
        if depth > MAX_NESTING or token.startswith("--"):
            raise InvalidModel(f"the input is nested more than {MAX_NESTING} deep")


def check_module(module: Any) -> None:
    """Raise InvalidModel unless the public functions and the options are as passes expect them."""
    attributes = module.operation.attributes
    if "aicc.threads" in attributes and not isinstance(attributes["aicc.threads"], ir.IntegerAttr):
        raise InvalidModel(f"aicc.threads must be an integer, not {attributes['aicc.threads']}")
    if "aicc.entry_points" in attributes:
        return
    mains = [f for f in functions_of(module.operation) if f.name.value == "main"]
    if not mains or "sym_visibility" in mains[0].operation.attributes:
        raise InvalidModel("the module has no public function @main")
    _check_signature(mains[0])


def _check_signature(function: Any) -> None:
    for i, (type_, attrs) in enumerate(
        zip(function.type.inputs, argument_attrs(function), strict=True)
    ):
        _check_type(f"argument {i} of @main", type_)
        if not any(kind in attrs for kind in _KINDS):
            raise InvalidModel(f"argument {i} of @main has none of {', '.join(_KINDS)}")
    for i, (type_, attrs) in enumerate(
        zip(function.type.results, result_attrs(function), strict=True)
    ):
        _check_type(f"result {i} of @main", type_)
        if "aicc.output" not in attrs:
            raise InvalidModel(f"result {i} of @main has no aicc.output")


def _check_type(words: str, type_: Any) -> None:
    shaped = isinstance(type_, (ir.RankedTensorType, ir.MemRefType))
    if not shaped or not type_.has_static_shape:
        raise InvalidModel(f"{words} is {type_}; tensors of static shapes are compiled")
