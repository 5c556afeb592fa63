"""Write the fused kernel of an attention function in place of its plain form.

Why: the plain form, a product, a softmax and a product on tensors, says what is computed and keeps
every phase executable. The kernel that runs is vector code over blocks of queries and keys
(`passes/schedule/attention`), which tiling of the plain form would not give.

    func @attention(%q, %k, %v, %y) attributes {aicc.attention = {..}} {
      %s = memref.alloc() .. }           ->   scf.forall (%head, %chunk) { panels, scores, y }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.attention.kernel import AttentionKernel
from aicc.passes.schedule.attention.plan import AttentionPlan
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.microkernels.writer import Index, Writer


@register_pass("lower-attention")
def run(module: Any) -> None:
    """Replace the bodies of functions that carry an attention plan."""
    threads = threads_of(module)
    for function, plan in AttentionPlan.detach_all(module):
        _write(function, plan, threads)


def _write(function: Any, plan: AttentionPlan, threads: int) -> None:
    block = function.operation.regions[0].blocks[0]
    operations = [op.operation for op in block.operations]
    for op in reversed(operations[:-1]):
        op.erase()
    terminator = block.operations[0].operation
    chunk = plan.chunk(threads)
    extents = [plan.batch, plan.heads, plan.queries // chunk]
    w = Writer(block, plan.lanes)
    kernel = AttentionKernel(w, plan, list(block.arguments), chunk)
    with ir.InsertionPoint(terminator), function.location:
        if plan.is_parallel(threads):
            _parallel(w, kernel, extents)
        else:
            kernel.buffers()
            _nest(w, kernel, extents)


def _nest(w: Writer, kernel: AttentionKernel, extents: list[int]) -> None:
    """Loops over batch, heads and chunks."""

    def level(known: list[Index]) -> None:
        def body(index: Index, carried: list[Any]) -> list[Any]:
            level([*known, index])
            return carried

        if len(known) == len(extents):
            b, h, chunk = known
            kernel.write(b, h, _first(w, kernel, chunk))
        else:
            w.loop(0, extents[len(known)], 1, [], body)

    level([])


def _parallel(w: Writer, kernel: AttentionKernel, extents: list[int]) -> None:
    """The tasks as one parallel loop."""
    scf = dialect("scf")
    loop = scf.ForallOp([0, 0, 0], extents, [1, 1, 1])
    with ir.InsertionPoint(loop.body):
        kernel.buffers()
        b, h, chunk = list(loop.body.arguments)[:3]
        kernel.write(b, h, _first(w, kernel, chunk))
        scf.InParallelOp()


def _first(w: Writer, kernel: AttentionKernel, chunk: Index) -> Index:
    """The first query of a chunk."""
    if isinstance(chunk, int):
        return chunk * kernel.chunk
    return w.arith.muli(chunk, w.index(kernel.chunk))
