"""Passes for the tests of aicc-opt, loaded with --load-pass-plugin."""

from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import (
    PassFailure,
    emit_error,
    emit_remark,
    emit_warning,
    register_pass,
    register_pipeline,
)


@register_pass("test-tag", anchor="func.func", kind="utility")
def tag(op: Any, *, text: str = "seen", times: int = 1, loud: bool = False) -> None:
    """Set the attribute `test.tag` on every function."""
    op.attributes["test.tag"] = ir.StringAttr.get(text * times)
    if loud:
        emit_remark(op, f"tagged with {text}", ["in capitals next time"])


@register_pass("test-list", kind="analysis")
def list_options(op: Any, *, sizes: list[int] | None = None, ratio: float = 0.5) -> None:
    """Write the options it was given to the module."""
    op.attributes["test.sizes"] = ir.StringAttr.get(f"{sizes} {ratio}")


@register_pass("test-fail")
def fail(op: Any, *, how: str = "failure") -> None:
    """Fail in each way a pass can."""
    function = next(iter(op.regions[0].blocks[0].operations)).operation
    if how == "failure":
        raise PassFailure("cannot go on", function)
    if how == "errors":
        emit_warning(function, "beware")
        emit_error(function, "first reason", ["and why"])
        emit_error(function, "second reason")
    if how == "exception":
        raise KeyError("missing")
    if how == "invalid":
        function.attributes["sym_name"] = ir.UnitAttr.get()


@register_pipeline("test-clean-up")
def clean_up(*, rounds: int = 1) -> list[str]:
    """Tag, then upstream's clean-ups."""
    return ["test-tag{text=clean}", *["canonicalize", "func.func(cse)"] * rounds]
