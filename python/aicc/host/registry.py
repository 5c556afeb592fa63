"""The table of host operators: (domain, operator) -> the function that runs it.

A function is called with the step, then the operator's inputs as Python values (numpy arrays,
object arrays of str, lists, None, dicts); its keyword-only arguments are the operator's attributes.
Beside it stands what is known before a run: which kinds its outputs have, and whether a node with
operands of certain kinds needs it at all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, Protocol

from aicc.diagnostics import InvalidModel, ShapeError

from .kinds import Kind

Attributes = dict[str, Any]
Kinds = Sequence[Kind | None]  # None: an absent operand
Gives = Callable[[Kinds, Attributes], list[Kind]]
Needs = Callable[[Kinds, Attributes], bool]


class Compute(Protocol):
    """Runs one ONNX operator on numeric arrays, compiled."""

    def __call__(self, operator: str, *arrays: Any, outputs: int = 1, **attributes: Any) -> Any: ...


@dataclass(frozen=True)
class Step:
    """What a host function sees of its node, and the way to compiled code."""

    operator: str
    name: str
    opset: int
    compute: Compute

    def invalid(self, reason: str) -> NoReturn:
        """The node contradicts the operator's definition."""
        raise InvalidModel(f"node '{self.name}' ({self.operator}): {reason}")

    def unfit(self, reason: str) -> NoReturn:
        """The values that arrived do not suit the operator."""
        raise ShapeError(f"node '{self.name}' ({self.operator}): {reason}")


@dataclass(frozen=True)
class HostOperator:
    """One row of the table."""

    function: Callable[..., Any]
    gives: Gives
    needs: Needs


_TABLE: dict[tuple[str, str], HostOperator] = {}


def _holds_no_number(kinds: Kinds, attributes: Attributes) -> bool:
    return any(kind is not None and not kind.is_number for kind in kinds)


def always(kinds: Kinds, attributes: Attributes) -> bool:
    """The operator has no compiled form."""
    return True


def when_stepped(kinds: Kinds, attributes: Attributes) -> bool:
    """The operator has a compiled form; a plan says where it runs in Python all the same."""
    return False


def giving(*kinds: Kind) -> Gives:
    """Outputs whose kinds never vary."""
    return lambda inputs, attributes: list(kinds)


def host_op(
    *names: str, gives: Gives, domain: str = "", needs: Needs = _holds_no_number
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function; without `needs`, for operands that are not all numbers."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        for name in names:
            _TABLE[domain, name] = HostOperator(function, gives, needs)
        return function

    return register


def host_operator(domain: str, operator: str) -> HostOperator | None:
    """The row of an operator, if it has one."""
    return host_operators().get((domain, operator))


@cache
def host_operators() -> dict[tuple[str, str], HostOperator]:
    """The whole table."""
    package = importlib.import_module(__package__ or "aicc.host")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _TABLE
