"""Write elementwise kernels with elementary functions as vector code.

Why: LLVM's vectoriser turns a plain loop into one vector per iteration. An elementary function is a
chain of a dozen or more dependent operations, so that most of the time would be spent waiting. Here
a few vectors go side by side, and `expand-math` writes their polynomials interleaved, with the
instructions that only vectors have.

    linalg.generic { math.tanh } outs(384x1000)   ->   scf.for step 64 { 4 x vector<16xf32> }

Operations without such functions stay plain loops: memory is what bounds them. So do those with an
operand that is not contiguous along the innermost loop.
"""

from __future__ import annotations

from typing import Any

from aicc import target
from aicc._mlir import ir
from aicc.passes.nested import ops_named
from aicc.passes.registry import register_pass
from aicc.passes.schedule.microkernels.element_loops import ElementLoops
from aicc.passes.schedule.microkernels.strided_loops import StridedLoops
from aicc.passes.schedule.microkernels.vector_body import has_functions, is_vectorisable
from aicc.passes.signature import functions_of, is_kernel

# Shorter rows leave most lanes of their one vector empty.
LEAST_WIDTH = 4
_BITS_OF_BYTE = 8


@register_pass("vectorise-elementwise")
def run(module: Any) -> None:
    """Replace elementwise linalg operations that hold elementary functions by vector loops."""
    use_fma = "aicc.strict_fp" not in module.operation.attributes
    lanes = target.of_module(module).lanes()
    found = [
        op
        for function in functions_of(module)
        if is_kernel(function)
        for op in ops_named(function, "linalg.generic")
        if has_functions(op) and _is_elementwise(op)
    ]
    with module.context:
        for op in found:
            loops = StridedLoops.of(op)
            if loops is None or loops.extents[-1:] < [LEAST_WIDTH]:
                continue
            emitter = ElementLoops(op, loops, lanes, use_fma)
            if not emitter.refusal():
                emitter.emit()
                op.erase()


def _is_elementwise(op: Any) -> bool:
    types = [_element(value.type) for value in op.operands]
    is_bufferised = len(op.results) == 0 and all(map(_is_whole, types))
    return is_bufferised and is_vectorisable(op.regions[0].blocks[0])


def _element(type_: Any) -> Any:
    return type_.element_type if isinstance(type_, ir.MemRefType) else type_


def _is_whole(element: Any) -> bool:
    """Whether vectors of such elements lie in memory as single ones do, bytes side by side."""
    if isinstance(element, ir.IntegerType):
        return bool(element.width >= _BITS_OF_BYTE)
    return isinstance(element, ir.F32Type | ir.F16Type | ir.BF16Type | ir.F64Type)
