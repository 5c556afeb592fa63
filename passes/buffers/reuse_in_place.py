"""Let kernels write their result over an input that nobody needs afterwards.

Why: an activation, a residual addition or a softmax then needs no second buffer, and works on
memory that is in the cache. A kernel may do so if no element is read after it was overwritten
(`in_place.py`); the call must be the last reader of the whole buffer. The kernel loses the input:
it reads its own result argument, marked with the position of the input it stands for, so that LLVM
sees one pointer and the others stay `noalias`. A kernel that is also called otherwise is copied.

    %b = memref.alloc(); call @relu(%a, %b)  ->  call @relu_in_place(%a)
    func.func private @relu_in_place(%b {aicc.in_place = 0})
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.signature import argument_attrs, functions_of, is_kernel, set_argument_attrs

from .footprints import Kernel
from .in_place import may_overwrite
from .plan_record import held, hold, value_attr
from .views import byte_count, is_alloc, is_memref, reshaped, returns_memory, root_of, values_used

IN_PLACE = "aicc.in_place"
# Kernels that are small enough to exist twice.
COPIED = ("elementwise", "rows", "data_movement", "reduction")


@dataclass(frozen=True)
class Choice:
    """Calls of `kernel` that write result argument `result` over input argument `source`."""

    kernel: str
    source: int
    result: int


@register_pass("reuse-in-place")
def run(module: Any) -> None:
    """Write results over inputs that die in the same call."""
    functions = functions_of(module)
    kernels = {f.name.value: Kernel(f) for f in functions if is_kernel(f)}
    publics = [f for f in functions if not is_kernel(f)]
    calls = [
        op.operation
        for f in publics
        for op in f.operation.regions[0].blocks[0].operations
        if op.operation.name == "func.call"
    ]
    counts = Counter(call.attributes["callee"].value for call in calls)
    allowed = _Allowed(kernels)
    chosen: dict[Choice, list[Any]] = {}
    for function in publics:
        for call, choice in _Reuse(function, allowed).choices():
            chosen.setdefault(choice, []).append(call)
    for choice, users in chosen.items():
        is_only_use = len(users) == counts[choice.kernel]
        if not is_only_use and not _is_small(kernels[choice.kernel]):
            continue
        name = _variant(kernels[choice.kernel].function, choice, is_only_use)
        for call in users:
            _merge(call, choice, name)


class _Allowed:
    """What the kernels' bodies permit, each asked once."""

    def __init__(self, kernels: dict[str, Kernel]) -> None:
        self.kernels = kernels
        self._known: dict[Choice, bool] = {}

    def __call__(self, choice: Choice) -> bool:
        if choice not in self._known:
            kernel = self.kernels[choice.kernel]
            source, result = (kernel.body.arguments[i] for i in (choice.source, choice.result))
            spans = kernel.steps.spans
            # needed at different ticks, the two can share bytes anyway
            meet = spans[choice.source][1] >= spans[choice.result][0]
            self._known[choice] = meet and may_overwrite(kernel, source, result)
        return self._known[choice]


class _Reuse:
    """Finds the calls of one function that can work in place."""

    def __init__(self, function: Any, allowed: _Allowed) -> None:
        self.allowed = allowed
        block = function.operation.regions[0].blocks[0]
        self.ops = [op.operation for op in block.operations]
        self.first_use: dict[Any, int] = {}
        self.last_use: dict[Any, int] = {}
        for i, op in enumerate(self.ops):
            for root in {root_of(v) for v in values_used(op) if is_memref(v)}:
                # what an op hands on as a result is used as long as that
                end = len(self.ops) if returns_memory(op) else i
                self.last_use[root] = max(end, self.last_use.get(root, 0))
                self.first_use.setdefault(root, i)

    def choices(self) -> Iterator[tuple[Any, Choice]]:
        """Pairs of call and choice, in program order."""
        for i, op in enumerate(self.ops):
            if op.name != "func.call" or op.attributes["callee"].value not in self.allowed.kernels:
                continue
            choice = self._choice(i, op)
            if choice:
                yield op, choice

    def _choice(self, i: int, call: Any) -> Choice | None:
        name = call.attributes["callee"].value
        operands = list(call.operands)
        roots = [root_of(v) if is_memref(v) else None for v in operands]
        for r, result in enumerate(operands):
            if not is_alloc(result) or self.first_use[result] != i:
                continue
            for s, source in enumerate(operands):
                root = roots[s]
                if s == r or root is None or roots.count(root) > 1:
                    continue
                if not self._dies(source, root, i):
                    continue
                choice = Choice(name, s, r)
                if byte_count(root.type) == byte_count(result.type) and self.allowed(choice):
                    return choice
        return None

    def _dies(self, source: Any, root: Any, i: int) -> bool:
        """True if the call is the last reader of a whole buffer of this function."""
        return (
            is_alloc(root)
            and self.last_use[root] == i
            and self.first_use[root] < i
            and byte_count(source.type) == byte_count(root.type)
        )


def _is_small(kernel: Kernel) -> bool:
    attributes = kernel.function.operation.attributes
    return "aicc.kernel" in attributes and attributes["aicc.kernel"].value in COPIED


def _variant(kernel: Any, choice: Choice, is_only_use: bool) -> str:
    """Name of the kernel without the source argument: itself changed, or a copy."""
    if not is_only_use:
        with ir.InsertionPoint(kernel):
            kernel = kernel.operation.clone().opview
        name = f"{choice.kernel}_in_place_{choice.source}"
        kernel.operation.attributes["sym_name"] = ir.StringAttr.get(name)
    block = kernel.operation.regions[0].blocks[0]
    source, result = block.arguments[choice.source], block.arguments[choice.result]
    attrs, inputs = argument_attrs(kernel), list(kernel.type.inputs)
    with ir.InsertionPoint.at_block_begin(block), kernel.location:
        source.replace_all_uses_with(reshaped(result, source.type))
    attrs[choice.result][IN_PLACE] = ir.IntegerAttr.get(
        ir.IntegerType.get_signless(64), choice.source
    )
    block.erase_argument(choice.source)
    del attrs[choice.source], inputs[choice.source]
    kernel.operation.attributes["function_type"] = ir.TypeAttr.get(ir.FunctionType.get(inputs, []))
    set_argument_attrs(kernel, attrs)
    return str(kernel.name.value)


def _merge(call: Any, choice: Choice, name: str) -> None:
    """Give the result the memory of the source, and call the kernel without the source."""
    operands = list(call.operands)
    root = root_of(operands[choice.source])
    alloc = operands[choice.result].owner.operation
    values = [value_attr(call.location, v["bytes"].value, "in place") for v in held(alloc)]
    hold(root.owner.operation, [*held(root.owner.operation), *values])
    with ir.InsertionPoint(call), call.location:
        memory = reshaped(root, operands[choice.result].type)
        operands[choice.result] = memory
        del operands[choice.source]
        dialect("func").CallOp([], name, operands)
    call.erase()
    alloc.results[0].replace_all_uses_with(memory)
    alloc.erase()
