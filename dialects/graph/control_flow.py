"""Control flow: ops whose regions hold graph ops. Regions read values from around them.

Operands, results and yielded values come in numbered slots: IRDL gives all elements of a variadic
field one type, and these differ. Lists are kept dense from slot 0 on.
"""

from collections.abc import Sequence
from typing import Any

from .base import GraphOp, Operand, Region, Result, Tensor, Terminator, VerifyError, integer, ir
from .types import is_bool

MAX_VALUES = 16


def _slots(prefix: str, field: Any) -> dict[str, Any]:
    return {f"{prefix}{i}": field | None for i in range(MAX_VALUES)}


def _defaults(prefix: str) -> dict[str, None]:
    return {f"{prefix}{i}": None for i in range(MAX_VALUES)}


class RegionYield(GraphOp, name="region_yield", traits=[Terminator]):
    """Ends a region of a control-flow op with the values it gives."""

    __annotations__ = _slots("v", Operand[Tensor])
    locals().update(_defaults("v"))

    def check(self) -> None:
        return


class ControlFlowOp(GraphOp):
    """Base: the regions' yielded types are checked against what the op expects of them."""

    def check(self) -> None:
        for region in self.operation.regions:
            if len(region.blocks) != 1:
                raise VerifyError("expects one block in every region")
        self.check_regions()

    def check_regions(self) -> None:
        """Types of region arguments and yields."""
        raise NotImplementedError

    def yielded(self, index: int) -> list[Any]:
        """Types that region `index` yields."""
        operations = self.operation.regions[index].blocks[0].operations
        last = operations[len(operations) - 1].operation if len(operations) else None
        if last is None or last.name != RegionYield.OPERATION_NAME:
            raise VerifyError(f"region {index} must end with {RegionYield.OPERATION_NAME}")
        return [v.type for v in last.operands]

    def arguments(self, index: int) -> list[Any]:
        """Types of the arguments of region `index`."""
        return [a.type for a in self.operation.regions[index].blocks[0].arguments]

    def result_types(self) -> list[Any]:
        """Types of the results."""
        return [r.type for r in self.operation.results]


def _same(words: str, actual: Sequence[Any], expected: Sequence[Any]) -> None:
    if list(actual) != list(expected):
        have = ", ".join(str(t) for t in actual) or "nothing"
        want = ", ".join(str(t) for t in expected) or "nothing"
        raise VerifyError(f"{words} {have}, expected {want}")


def _require_scalar_bool(words: str, type_: Any) -> None:
    if not is_bool(type_.element_type) or any(d != 1 for d in type_.shape):
        raise VerifyError(f"{words} must be one bool, got {type_}")


class If(ControlFlowOp, name="if"):
    """The results of one of two regions."""

    __annotations__ = {
        "condition": Operand[Tensor],
        **_slots("y", Result[Tensor]),
        "then_branch": Region,
        "else_branch": Region,
    }
    locals().update(_defaults("y"))

    def check_regions(self) -> None:
        _require_scalar_bool("the condition", self.operation.operands[0].type)
        for index, branch in enumerate(("then", "else")):
            _same(f"the {branch} branch takes", self.arguments(index), [])
            _same(f"the {branch} branch yields", self.yielded(index), self.result_types())


class Loop(ControlFlowOp, name="loop"):
    """ONNX Loop: body(iteration, condition, carried..) -> (condition, carried.., scanned..).

    Runs while the condition holds, at most `trip_count` times. Results are the carried values,
    then the scanned ones, stacked along a new first dimension.
    """

    __annotations__ = {
        "trip_count": Operand[Tensor],
        "condition": Operand[Tensor],
        **_slots("v", Operand[Tensor]),
        **_slots("y", Result[Tensor]),
        "body": Region,
    }
    locals().update(_defaults("v") | _defaults("y"))

    def check_regions(self) -> None:
        operands = [v.type for v in self.operation.operands]
        _require_scalar_bool("the condition", operands[1])
        carried = operands[2:]
        _same("the body takes", self.arguments(0)[2:], carried)
        yielded = self.yielded(0)
        if not yielded:
            raise VerifyError("the body must yield the condition first")
        _require_scalar_bool("the yielded condition", yielded[0])
        count = len(carried)
        _same("the body carries on", yielded[1 : 1 + count], carried)
        _same("the carried results are", self.result_types()[:count], carried)
        if len(yielded) - 1 != len(self.operation.results):
            raise VerifyError("expects one result per carried and per scanned value")


class Scan(ControlFlowOp, name="scan"):
    """ONNX Scan: body(state.., slice of each input..) -> (state.., slice of each output..).

    The first `states` operands are states, the others are sliced along their first dimension.
    """

    __annotations__ = {
        **_slots("v", Operand[Tensor]),
        **_slots("y", Result[Tensor]),
        "body": Region,
    }
    locals().update(_defaults("v") | _defaults("y"))
    attrs = {"states": integer()}

    def check_regions(self) -> None:
        operands = [v.type for v in self.operation.operands]
        states = self.states
        if not 0 <= states < len(operands):
            raise VerifyError(f"has {len(operands)} operands and {states} states")
        sliced = [ir.RankedTensorType.get(t.shape[1:], t.element_type) for t in operands[states:]]
        if len({t.shape[0] for t in operands[states:]}) != 1:
            raise VerifyError("the scanned operands differ in their first dimension")
        _same("the body takes", self.arguments(0), [*operands[:states], *sliced])
        yielded = self.yielded(0)
        _same("the body carries on", yielded[:states], operands[:states])
        length = operands[states].shape[0]
        stacked = [
            ir.RankedTensorType.get([length, *t.shape], t.element_type) for t in yielded[states:]
        ]
        _same("the results are", self.result_types(), [*operands[:states], *stacked])
