"""What an import rule sees of its node: building, constants, and refusals with the node's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from aicc._mlir import ir
from aicc.diagnostics import InvalidModel, NeedsSteps, UnsupportedOp
from aicc.dialects.graph import GraphOp, VerifyError
from aicc.dialects.graph.evaluation import can_evaluate, evaluate
from aicc.dialects.graph.structure import Constant

from .values import KnownValues, constant_array, is_constant


class NeedsValues(Exception):
    """A result shape depends on the values of these graph inputs: import again with them."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = names


class Node:
    """One ONNX node while it is imported."""

    def __init__(
        self,
        values: KnownValues,
        operator: str,
        name: str,
        opset: int,
        outputs: Sequence[str],
        import_body: Callable[[Any, Sequence[Any], str], list[Any]],
    ) -> None:
        self.values = values
        self.import_body = import_body  # (graph, its inputs, a name for this copy) -> results
        self.operator = operator
        self.name = name
        self.opset = opset
        self.outputs = list(outputs)
        self.location = ir.Location.name(name)

    def emit(self, op: type[GraphOp], *operands: Any, **attrs: Any) -> Any:
        """Build `op` here; a small op on constants alone is evaluated at once."""
        try:
            folded = self._fold(op, operands, attrs)
            if folded is not None:
                return folded
            return op.build(*operands, loc=self.location, **attrs)
        except VerifyError as e:
            self.invalid(str(e))

    def _fold(self, op: type[GraphOp], operands: Sequence[Any], attrs: dict[str, Any]) -> Any:
        flat = [v for o in operands for v in (o if isinstance(o, (list, tuple)) else [o])]
        if not can_evaluate(op) or any(v is not None and not is_constant(v) for v in flat):
            return None
        arrays = [
            [constant_array(v) for v in o]
            if isinstance(o, (list, tuple))
            else None
            if o is None
            else constant_array(o)
            for o in operands
        ]
        result = evaluate(op, arrays, op.complete(attrs))
        if result is None or result.size > self.values.fold_limit:
            return None
        return Constant.of(result, loc=self.location)

    def constant(self, array: Any, dtype: Any = None) -> Any:
        """A value for `array`: inline if small, else a weight argument."""
        held = np.asarray(array, dtype)
        limit = self.values.fold_limit
        return self.values.constant(held, self.location, self.outputs[0], limit)

    def like(self, scalar: Any, x: Any) -> Any:
        """A rank-0 constant of x's element type."""
        from aicc.dialects.graph.structure import numpy_dtype
        from aicc.dialects.graph.types import dtype_of

        return self.constant(np.array(scalar).astype(numpy_dtype(dtype_of(x.type.element_type))))

    def array(self, value: Any, words: str) -> np.ndarray[Any, Any]:
        """The compile-time value of an operand that a shape hangs on.

        Raises NeedsValues if small graph inputs decide it. If other data does, a run is asked for
        it; UnsupportedOp if there is too much of it, or none is to be asked.
        """
        known = self.values.known_array(value)
        if known is not None:
            return known
        names = self.values.deciding_inputs(value)
        if names and not self.values.hangs_on_floats(value, names):
            raise NeedsValues(names)
        return self.computed(value, words)

    def computed(self, value: Any, words: str) -> np.ndarray[Any, Any]:
        """The value of an operand as a run computes it, whatever decides it."""
        known = self.values.known_array(value)
        answer = self.values.ask(value) if known is None else known
        if answer is None and (names := self.values.deciding_inputs(value)):
            raise NeedsValues(names)
        if answer is None:
            self.unsupported(f"{words} depends on the data; it must be known when compiling")
        return answer

    def array_or_step(self, value: Any, words: str) -> np.ndarray[Any, Any]:
        """The value of an operand if it is constant; else the node must run on its own, in Python.

        Asking a run for the value, or compiling an input's in, would compile for each value.
        """
        known = self.values.known_array(value)
        if known is None:
            raise NeedsSteps(f"{words} depends on the data")
        return known

    def integers(self, value: Any, words: str) -> list[int]:
        """`array` as a flat list of ints."""
        return [int(v) for v in self.array(value, words).reshape(-1)]

    def unsupported(self, reason: str) -> NoReturn:
        """Refuse this case of the operator."""
        raise UnsupportedOp(reason)

    def invalid(self, reason: str) -> NoReturn:
        """The node contradicts the operator's definition."""
        raise InvalidModel(f"node '{self.name}' ({self.operator}): {reason}")
