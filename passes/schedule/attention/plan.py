"""What a fused attention kernel computes, in which blocks, and when there is none.

One task is a head and a chunk of its queries. It walks the keys in blocks; a block of keys is
transposed once, and all queries of the chunk pass over it, some dozens at a time: their scores stay
in the cache between the product, the softmax and the second product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from aicc import target as targets
from aicc.dialects.graph.attention import head_counts, to_heads_first
from aicc.dialects.graph.structure import is_constant
from aicc.passes.schedule.kernel_plan import KernelPlan
from aicc.passes.schedule.outer_tiles import CHUNKS_PER_THREAD, MIN_PARALLEL_OPERATIONS
from aicc.passes.schedule.register_cost import max_rows

# Queries whose scores are in the cache at one time: enough to use a panel of keys well.
QUERY_BLOCK = 48
# Accumulators that keep two multiply-add units busy, with a latency of four cycles and some room.
ENOUGH_CHAINS = 12
# Bytes of transposed keys, and of scores, that stay in a second-level cache of 1 MB beside others.
KEY_BYTES = 128 * 1024
SCORE_BYTES = 128 * 1024
MIN_CHUNK = 32


def refusal(op: Any) -> str:
    """Why `graph.attention` gets no fused kernel; empty if it does."""
    view = op.opview
    q, _, _, mask = view.operand_groups()
    scores = scores_shape(view)
    if str(q.type.element_type) != "f32":
        return "the fused kernel is for f32"
    if prod(scores) == 0:
        return "there is nothing to compute"
    if view.diagonal is not None:
        return "a diagonal needs no mask there"
    if mask is not None and mask.type.shape[-1:] != [scores[3]]:
        return "the mask broadcasts over keys"
    if any(is_constant(v) for v in op.operands):
        return "an operand is an inline constant"
    return ""


def scores_shape(view: Any) -> list[int]:
    """[B, H, queries, keys] of an attention op."""
    q, k = (list(v.type.shape) for v in (view.q, view.k))
    batch, _, queries, _ = to_heads_first(q, view.q_layout)
    heads, _ = head_counts(view.q.type, view.k.type, view.heads, view.q_layout, view.k_layout)
    return [batch, heads, queries, to_heads_first(k, view.k_layout)[2]]


@dataclass(frozen=True)
class AttentionPlan(KernelPlan):
    """Sizes, operand positions among the kernel's arguments, and blocks."""

    ATTRIBUTE = "aicc.attention"

    batch: int
    heads: int
    groups: int
    queries: int
    keys: int
    depth: int
    width: int
    scale: float
    guard: str
    layouts: str
    q_first: int
    k_first: int
    v_first: int
    q: int
    k: int
    v: int
    y: int
    mask: int
    lanes: int
    registers: int

    @staticmethod
    def of(op: Any, arguments: Sequence[int], target: str) -> AttentionPlan:
        """The plan of an op whose q, k, v, y and mask (-1: none) are these arguments."""
        batch, heads, queries, keys = scores_shape(op)
        machine = targets.by_name(target or "host")
        q, k, v, y, mask = arguments
        q_first, k_first, v_first = op.first or (0, 0, 0)
        layouts = (op.q_layout, op.k_layout, op.v_layout, op.y_layout)
        return AttentionPlan(
            batch,
            heads,
            head_counts(op.q.type, op.k.type, op.heads, op.q_layout, op.k_layout)[1],
            queries,
            keys,
            op.q.type.shape[-1],
            op.v.type.shape[-1],
            op.scale,
            op.guard,
            "".join("h" if layout == "BHSD" else "s" for layout in layouts),
            q_first,
            k_first,
            v_first,
            q,
            k,
            v,
            y,
            mask,
            machine.lanes(),
            machine.vector_registers,
        )

    @property
    def score_vectors(self) -> int:
        """Vectors of keys in a register tile of scores."""
        return 2

    @property
    def value_vectors(self) -> int:
        """Vectors of features in a register tile of results."""
        most = 4 if self.registers >= 32 else 2
        return min(most, -(-self.width // self.lanes))

    @property
    def padded_width(self) -> int:
        """Features of a row of copied values: whole vectors."""
        return -(-self.width // self.lanes) * self.lanes

    def copies_values(self, chunk: int) -> bool:
        """Whether the values are put side by side before all queries of a chunk pass over them.

        Rows that stand apart by whole heads fall into few sets of the first-level cache.
        """
        return self.layouts[2] == "s" and self.groups > 1 and chunk >= MIN_CHUNK

    def rows_per_tile(self, rows: int, vectors: int) -> int:
        """Queries in a register tile of so many vectors; equal tiles if they are large enough."""
        most = min(rows, max_rows(vectors, self.registers))
        equal = max(d for d in range(1, most + 1) if rows % d == 0)
        return equal if equal * vectors >= ENOUGH_CHAINS else most

    def query_block(self, chunk: int) -> int:
        """Queries whose scores are in the cache at one time; equal blocks where there are any."""
        if chunk <= QUERY_BLOCK:
            return chunk
        sizes = range(QUERY_BLOCK, MIN_CHUNK - 1, -1)
        return next((size for size in sizes if chunk % size == 0), QUERY_BLOCK)

    @property
    def key_block(self) -> int:
        """Keys that are transposed at a time: all of them where they fit."""
        fitting = min(KEY_BYTES // (4 * self.depth), SCORE_BYTES // (4 * QUERY_BLOCK))
        panel = self.lanes * self.score_vectors
        fitting = max(panel, fitting // panel * panel)
        if self.keys <= fitting:
            return self.keys
        # equal blocks, whole panels
        blocks = -(-self.keys // fitting)
        return -(-self.keys // blocks // panel) * panel

    def chunk(self, threads: int) -> int:
        """Queries of one task."""
        operations = 2 * self.batch * self.heads * self.queries * self.keys
        if threads == 1 or operations * (self.depth + self.width) < MIN_PARALLEL_OPERATIONS:
            return self.queries
        wanted = -(-threads * CHUNKS_PER_THREAD // (self.batch * self.heads))
        divisors = [d for d in range(1, self.queries + 1) if self.queries % d == 0]
        fitting = [d for d in divisors if d >= MIN_CHUNK and self.queries // d >= wanted]
        return fitting[-1] if fitting else self.queries

    def is_parallel(self, threads: int) -> bool:
        """Whether the tasks are worth more than one thread."""
        tasks = self.batch * self.heads * self.queries // self.chunk(threads)
        operations = 2 * self.batch * self.heads * self.queries * self.keys
        enough = operations * (self.depth + self.width) >= MIN_PARALLEL_OPERATIONS
        return threads > 1 and tasks > 1 and enough
