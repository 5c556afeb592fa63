"""Lowering of decision trees: one walk per row and tree.

graph.tree_walk(%x, %features, ..) -> linalg.generic { scf.while p >= 0 { compare; p = yes or no } }
"""

from __future__ import annotations

from typing import Any

from aicc._mlir import dialect, ir
from aicc.dialects.graph.trees import EQUAL, GREATER, LESS, UNORDERED, TreeWalk

from .elementwise_ops import Scope
from .indexing_ops import clamped
from .lowering import Builder, affine_map, dim, lowers, signless


@lowers(TreeWalk)
def lower_tree_walk(b: Builder, op: Any, x: Any, *nodes_and_roots: Any) -> Any:
    """The rows are the outer loop: a row stays in the nearest cache while it goes through trees."""
    *nodes, roots = nodes_and_roots
    type_ = signless(op.operation.results[0].type)
    if 0 in type_.shape or nodes[0].type.shape[0] == 0:
        return b.filled(type_, 0)

    def body(root: Any, _: Any) -> Any:
        place = _walk(b, x, b.position(0), nodes, root)
        wide = b.arith.extsi(type_.element_type, place)
        leaf = b.arith.subi(b.scalar(-1, wide.type), wide)
        return b.arith.maxsi(leaf, b.scalar(0, wide.type))

    maps = [affine_map(2, [dim(1)]), ir.AffineMap.get_identity(2)]
    return b.generic([roots], maps, b.empty(type_), body)


def _walk(b: Builder, x: Any, row: Any, nodes: list[Any], root: Any) -> Any:
    """The place, below 0, where a walk from `root` ends."""
    a, scf = b.arith, dialect("scf")
    i32 = root.type
    loop = scf.WhileOp([i32, i32], [root, b.scalar(0, i32)])
    before = loop.before.blocks.append(i32, i32)
    with ir.InsertionPoint(before):
        place, steps = before.arguments
        is_node = a.cmpi(a.CmpIPredicate.sge, place, b.scalar(0, i32))
        limit = b.scalar(nodes[0].type.shape[0], i32)
        scf.ConditionOp(a.andi(is_node, a.cmpi(a.CmpIPredicate.slt, steps, limit)), [place, steps])
    after = loop.after.blocks.append(i32, i32)
    with ir.InsertionPoint(after):
        place, steps = after.arguments
        scf.YieldOp([_next(b, x, row, nodes, place), a.addi(steps, b.scalar(1, i32))])
    return loop.results[0]


def _next(b: Builder, x: Any, row: Any, nodes: list[Any], place: Any) -> Any:
    """Where the walk goes on from node `place`."""
    a = b.arith
    node = _index(b, place, nodes[0].type.shape[0])
    feature, threshold, relation, yes, no = (b.tensor.extract(t, [node]) for t in nodes)
    value = b.tensor.extract(x, [row, _index(b, feature, x.type.shape[1])])
    outcome = _outcome(b, value, threshold)
    agrees = a.cmpi(a.CmpIPredicate.ne, a.andi(relation, outcome), b.scalar(0, outcome.type))
    return a.select(agrees, yes, no)


def _index(b: Builder, value: Any, size: int) -> Any:
    return clamped(b, b.arith.index_cast(ir.IndexType.get(), value), size)


def _outcome(b: Builder, value: Any, threshold: Any) -> Any:
    """The relation's bit of a comparison."""
    s, i8 = Scope(b, value.type, {}), ir.IntegerType.get_signless(8)
    outcome = b.scalar(UNORDERED, i8)
    for predicate, bit in (("lt", LESS), ("eq", EQUAL), ("gt", GREATER)):
        holds = s.compare(predicate, value, threshold)
        outcome = s.select(holds, b.scalar(bit, i8), outcome)
    return outcome
