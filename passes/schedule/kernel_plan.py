"""Plans of kernels that are emitted from a description instead of by transforming their plain form.

A plan is a frozen dataclass of numbers, truth values and words. It is decided while the kernel is
still tensors, travels as a dictionary attribute of the function, and is obeyed after bufferisation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, ClassVar, TypeVar

from aicc._mlir import ir
from aicc.passes.signature import functions_of

Plan = TypeVar("Plan", bound="KernelPlan")


class KernelPlan:
    """What the plans have in common; `ATTRIBUTE` is the name under which a function carries one."""

    ATTRIBUTE: ClassVar[str]

    def attach(self, function: Any) -> None:
        """Make it the plan of a function."""
        entries = {field.name: _attr(getattr(self, field.name)) for field in fields(self)}  # type: ignore[arg-type]
        function.attributes[self.ATTRIBUTE] = ir.DictAttr.get(entries)

    @classmethod
    def detach_all(cls: type[Plan], module: Any) -> Iterator[tuple[Any, Plan]]:
        """The functions of a module that carry such a plan, with it; they lose it."""
        for function in functions_of(module):
            attributes = function.operation.attributes
            if cls.ATTRIBUTE in attributes:
                entries = ir.DictAttr(attributes[cls.ATTRIBUTE])
                del attributes[cls.ATTRIBUTE]
                yield function, cls(**{entry.name: entry.attr.value for entry in entries})


def _attr(value: bool | int | float | str) -> Any:
    if isinstance(value, str):
        return ir.StringAttr.get(value)
    if isinstance(value, bool):
        return ir.BoolAttr.get(value)
    if isinstance(value, float):
        return ir.FloatAttr.get(ir.F64Type.get(), value)
    return ir.IntegerAttr.get(ir.IntegerType.get_signless(64), value)
