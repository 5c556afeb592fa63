"""Write the search for the best elements of rows in place of its plain form.

Why: the plain form, insertion into a list, says what is computed and keeps every phase executable.
The kernel that runs compares vectors (`passes/schedule/searches`), and rows go to several threads.

    func @top_k(%x, %v, %i) attributes {aicc.top_k = {..}} {
      scf.for row { scf.for element { scf.while ..          ->   scf.for row { bound, list, ranks }
"""

from __future__ import annotations

from math import prod
from typing import Any

from aicc._mlir import ir
from aicc.passes.registry import register_pass
from aicc.passes.schedule.kernel_shape import threads_of
from aicc.passes.schedule.microkernels.writer import Index
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD
from aicc.passes.schedule.searches.kernel import TopKKernel
from aicc.passes.schedule.searches.plan import TopKPlan
from aicc.passes.schedule.winograd.writer import TileWriter

Span = tuple[Index, int]

# Elements that one core searches in some ten microseconds.
MIN_PARALLEL_ELEMENTS = 1 << 15


@register_pass("lower-searches")
def run(module: Any) -> None:
    """Replace the bodies of functions that carry a plan of a search."""
    threads = threads_of(module)
    for function, plan in TopKPlan.detach_all(module):
        _write(function, plan, threads)


def _write(function: Any, plan: TopKPlan, threads: int) -> None:
    block = function.operation.regions[0].blocks[0]
    for op in reversed([op.operation for op in block.operations][:-1]):
        op.erase()
    w = TileWriter(block, plan.lanes)
    arguments = list(block.arguments)
    kernel = TopKKernel(w, plan, *arguments)
    extents = list(arguments[0].type.shape)[:-1]
    spans: list[Span] = [(0, extent) for extent in extents]
    with ir.InsertionPoint(block.operations[0].operation), function.location:
        elements = plan.length * prod(extents)
        if threads > 1 and elements >= MIN_PARALLEL_ELEMENTS and prod(extents) > 1:
            _parallel(w, kernel, spans, threads)
        else:
            kernel.buffers()
            _nest(w, kernel, spans, [])


def _nest(w: TileWriter, kernel: TopKKernel, spans: list[Span], known: list[Index]) -> None:
    """Loops over the rows of the spans, (first, count) for each dimension before the last."""
    if len(known) == len(spans):
        kernel.write(known)
        return
    first, count = spans[len(known)]
    w.each(0, count, 1, lambda i: _nest(w, kernel, spans, [*known, w.add(first, i)]))


def _parallel(w: TileWriter, kernel: TopKKernel, spans: list[Span], threads: int) -> None:
    """The longest dimension in equal parts."""
    widest = max(range(len(spans)), key=lambda dim: spans[dim][1])
    extent = spans[widest][1]
    parts = next(n for n in range(threads * CHUNKS_PER_THREAD, 0, -1) if extent % n == 0)
    loop = w.scf.ForallOp([0], [parts], [1])
    with ir.InsertionPoint(loop.body):
        kernel.buffers()
        spans[widest] = w.times(loop.induction_variables[0], extent // parts), extent // parts
        _nest(w, kernel, spans, [])
        w.scf.InParallelOp()
