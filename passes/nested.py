"""Operations inside another one, at any depth."""

from __future__ import annotations

from typing import Any

from aicc._mlir import ir


def ops_named(root: Any, *names: str) -> list[Any]:
    """The operations of these names in `root`, itself included; inner ones before outer ones.

    A list, not a walk: whoever asks may erase what it finds.
    """
    found: list[Any] = []

    def visit(op: Any) -> Any:
        if op.name in names:
            found.append(op)
        return ir.WalkResult.ADVANCE

    root.operation.walk(visit)
    return found


def ops_marked(root: Any, mark: str) -> list[Any]:
    """The operations in `root`, itself included, that have the attribute `mark`."""
    found: list[Any] = []

    def visit(op: Any) -> Any:
        if mark in op.attributes:
            found.append(op)
        return ir.WalkResult.ADVANCE

    root.operation.walk(visit)
    return found
