"""Ensembles of decision trees (ai.onnx.ml).

Both encodings of the standard become one: nodes by number, a place below 0 for a leaf, and for
every leaf its row of target values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from aicc.dialects.graph.elementwise import COMPARE, Where
from aicc.dialects.graph.indexing import Gather
from aicc.dialects.graph.movement import Concat, Reshape
from aicc.dialects.graph.reduction import ArgMax
from aicc.dialects.graph.structure import numpy_dtype
from aicc.dialects.graph.trees import EQUAL, GREATER, LESS, UNORDERED, TreeWalk
from aicc.dialects.graph.types import dtype_of, element_type_of, is_float

from ..node import Node
from ..registry import onnx_op
from .arithmetic import add, binary, div, sub
from .casts import converted
from .reductions import reduced
from .scores import transformed

DOMAIN = "ai.onnx.ml"
# In the order of TreeEnsemble's mode numbers; != holds for NaN.
RELATIONS = {
    "BRANCH_LEQ": LESS | EQUAL,
    "BRANCH_LT": LESS,
    "BRANCH_GTE": GREATER | EQUAL,
    "BRANCH_GT": GREATER,
    "BRANCH_EQ": EQUAL,
    "BRANCH_NEQ": LESS | GREATER | UNORDERED,
}
MEMBER = 6
AGGREGATES = ("AVERAGE", "SUM", "MIN", "MAX")


@dataclass
class Trees:
    """Nodes of all trees: lists side by side. `yes` and `no` are nodes, or leaves as -1 - leaf."""

    features: list[int] = field(default_factory=list)
    thresholds: list[float] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)
    yes: list[int] = field(default_factory=list)
    no: list[int] = field(default_factory=list)
    roots: list[int] = field(default_factory=list)

    def check(self, n: Node, features: int, leaves: int) -> None:
        """Refuses places that do not exist, and trees that are none."""
        count = len(self.features)
        for place in (*self.yes, *self.no, *self.roots):
            if not -leaves <= place < count:
                n.invalid(f"a tree goes on at place {place} of {count} nodes, {leaves} leaves")
        if any(not 0 <= f < features for f in self.features):
            n.invalid(f"a tree asks for feature {max(self.features)} of {features}")
        if self._has_cycle():
            n.invalid("a tree has a cycle")

    def _has_cycle(self) -> bool:
        """True if nodes are left when those are taken away again and again that only lead out."""
        parents: dict[int, list[int]] = {}
        open_sides = [0] * len(self.yes)
        for node, sides in enumerate(zip(self.yes, self.no, strict=True)):
            for side in sides:
                if side >= 0:
                    parents.setdefault(side, []).append(node)
                    open_sides[node] += 1
        ready = [node for node, sides in enumerate(open_sides) if not sides]
        done = len(ready)
        while ready:
            for parent in parents.get(ready.pop(), ()):
                open_sides[parent] -= 1
                if not open_sides[parent]:
                    ready.append(parent)
                    done += 1
        return done < len(self.yes)


def leaves_reached(n: Node, x: Any, trees: Trees, leaf_count: int) -> Any:
    """The leaf of every row in every tree, i64."""
    if x.type.rank == 1:
        x = n.emit(Reshape, x, shape=[1, x.type.shape[0]])
    trees.check(n, x.type.shape[1], leaf_count)
    dtype = numpy_dtype(dtype_of(x.type.element_type))
    thresholds = np.array(trees.thresholds, np.float64).astype(dtype)
    lists = (trees.features, trees.relations, trees.yes, trees.no, trees.roots)
    features, relations, yes, no, roots = (np.array(v, np.int32) for v in lists)
    arrays = (features, thresholds, relations.astype(np.int8), yes, no, roots)
    return n.emit(TreeWalk, x, *[n.constant(a) for a in arrays])


def aggregated(n: Node, leaves: Any, votes: np.ndarray[Any, Any], how: str) -> Any:
    """Per row and target the sum, mean, least or largest of what the leaves vote (NaN: no vote)."""
    kind = {"AVERAGE": "sum", "SUM": "sum", "MIN": "min", "MAX": "max"}.get(how)
    if kind is None:
        n.invalid(f"aggregate_function '{how}'")
    absent = {"sum": 0.0, "min": np.inf, "max": -np.inf}[kind]
    table = np.where(np.isnan(votes), np.array(absent, votes.dtype), votes)
    given = n.emit(Gather, n.constant(table), leaves, axis=0)
    y = reduced(n, kind, given, [1], keepdims=False)
    if how == "AVERAGE":
        return div(n, y, float(leaves.type.shape[1]))
    if kind == "sum":
        return y
    return n.emit(Where, binary(n, "equal", y, absent), n.like(0, y), y)


@onnx_op("TreeEnsemble", domain=DOMAIN, since=5)
def tree_ensemble(
    n: Node,
    x: Any,
    *,
    nodes_splits: Any,
    nodes_featureids: list[int],
    nodes_modes: Any,
    nodes_truenodeids: list[int],
    nodes_falsenodeids: list[int],
    nodes_trueleafs: list[int],
    nodes_falseleafs: list[int],
    leaf_targetids: list[int],
    leaf_weights: Any,
    tree_roots: list[int],
    n_targets: int,
    post_transform: int = 0,
    aggregate_function: int = 1,
    nodes_hitrates: Any = None,
    nodes_missing_value_tracks_true: list[int] | None = None,
    membership_values: Any = None,
) -> Any:
    """Scores by leaves with one vote each; a test of membership is a chain of other tests."""
    trees = Trees(list(nodes_featureids), [float(v) for v in nodes_splits], roots=list(tree_roots))
    missing = nodes_missing_value_tracks_true or [0] * len(nodes_modes)
    known = [*RELATIONS.values(), EQUAL]
    modes = [int(m) for m in nodes_modes]
    if any(m > MEMBER for m in modes):
        n.invalid(f"node mode {max(modes)}")
    trees.relations = [
        known[m] | (UNORDERED if t else 0) for m, t in zip(modes, missing, strict=True)
    ]
    for ids, flags, target in (
        (nodes_truenodeids, nodes_trueleafs, trees.yes),
        (nodes_falsenodeids, nodes_falseleafs, trees.no),
    ):
        target += [-1 - i if leaf else i for i, leaf in zip(ids, flags, strict=True)]
    _expand_members(n, trees, modes, membership_values)
    weights = np.asarray(leaf_weights)
    votes = np.full((len(weights), n_targets), np.nan, weights.dtype)
    votes[np.arange(len(weights)), leaf_targetids] = weights
    leaves = leaves_reached(n, x, trees, len(weights))
    scores = aggregated(n, leaves, votes, AGGREGATES[aggregate_function])
    names = ("NONE", "SOFTMAX", "LOGISTIC", "SOFTMAX_ZERO", "PROBIT")
    return transformed(n, scores, names[post_transform])


def _expand_members(n: Node, trees: Trees, modes: Sequence[int], values: Any) -> None:
    """A test for k members as k tests for equality: further nodes that share the way on."""
    members = _member_sets(values)
    tests = [node for node, mode in enumerate(modes) if mode == MEMBER]
    if len(tests) > len(members):
        n.invalid(f"{len(tests)} nodes test membership of {len(members)} sets")
    for node, (first, *others) in zip(tests, members, strict=False):
        trees.thresholds[node] = first
        last = node
        for value in others:
            trees.features.append(trees.features[node])
            trees.thresholds.append(value)
            trees.relations.append(trees.relations[node])
            trees.yes.append(trees.yes[node])
            trees.no.append(trees.no[last])
            trees.no[last] = len(trees.features) - 1
            last = trees.no[last]


def _member_sets(values: Any) -> list[list[float]]:
    """Sets, each ended by a NaN; an empty one holds what equals nothing."""
    sets: list[list[float]] = [[]]
    for value in [] if values is None else np.asarray(values).reshape(-1):
        if np.isnan(value):
            sets.append([])
        else:
            sets[-1].append(float(value))
    ended = sets[:-1] + [s for s in sets[-1:] if s]
    return [s or [np.nan] for s in ended]


def _numbered(
    n: Node,
    attributes: dict[str, Any],
) -> tuple[Trees, dict[tuple[int, int], int]]:
    """The nodes of the older encoding, by tree and node id, and (tree, node) -> leaf."""
    tree_ids, node_ids = attributes["nodes_treeids"], attributes["nodes_nodeids"]
    keys = list(zip(tree_ids, node_ids, strict=True))
    modes = attributes["nodes_modes"]
    inner = [i for i, mode in enumerate(modes) if mode != "LEAF"]
    leaves = {keys[i]: rank for rank, i in enumerate(i for i, m in enumerate(modes) if m == "LEAF")}
    places = {keys[i]: rank for rank, i in enumerate(inner)}
    places |= {key: -1 - leaf for key, leaf in leaves.items()}
    values = attributes["nodes_values_as_tensor"]
    values = attributes["nodes_values"] if values is None else np.asarray(values).tolist()
    missing = attributes["nodes_missing_value_tracks_true"] or [0] * len(modes)
    unknown = sorted({modes[i] for i in inner} - set(RELATIONS))
    if unknown:
        n.invalid(f"node mode '{unknown[0]}'")

    def side(name: str) -> list[int]:
        return [places[tree_ids[i], attributes[name][i]] for i in inner]

    trees = Trees(
        [attributes["nodes_featureids"][i] for i in inner],
        [values[i] for i in inner],
        [RELATIONS[modes[i]] | (UNORDERED if missing[i] else 0) for i in inner],
        side("nodes_truenodeids"),
        side("nodes_falsenodeids"),
        # a tree starts at the node that is listed first
        [places[key] for key in {tree: (tree, node) for tree, node in reversed(keys)}.values()],
    )
    return trees, leaves


def _votes(
    attributes: dict[str, Any], prefix: str, targets: int, leaves: dict[tuple[int, int], int]
) -> np.ndarray[Any, Any]:
    """Row per leaf, column per target; NaN where a leaf has no vote."""
    weights = attributes[f"{prefix}_weights_as_tensor"]
    if weights is None:
        weights = np.array(attributes[f"{prefix}_weights"], np.float32)
    votes = np.full((len(leaves), targets), np.nan, np.asarray(weights).dtype)
    lists = (attributes[f"{prefix}_{name}"] for name in ("treeids", "nodeids", "ids"))
    for tree, node, target, weight in zip(*lists, weights, strict=True):
        row = leaves[tree, node]
        voted = votes[row, target]
        votes[row, target] = weight if np.isnan(voted) else voted + weight
    return votes


NODE_DEFAULTS: dict[str, Any] = {
    "nodes_values": None,
    "nodes_values_as_tensor": None,
    "nodes_missing_value_tracks_true": None,
    "base_values": None,
    "base_values_as_tensor": None,
    "post_transform": "NONE",
}


def _with_base(n: Node, scores: Any, attributes: dict[str, Any]) -> Any:
    base = attributes["base_values_as_tensor"]
    base = attributes["base_values"] if base is None else base
    if base is None:
        return scores
    dtype = numpy_dtype(dtype_of(scores.type.element_type))
    return add(n, scores, n.constant(np.asarray(base, dtype).reshape(1, -1)))


def _floats(n: Node, x: Any) -> Any:
    return x if is_float(x.type.element_type) else converted(n, x, element_type_of("float32"))


@onnx_op("TreeEnsembleRegressor", domain=DOMAIN)
def tree_ensemble_regressor(n: Node, x: Any, **given: Any) -> Any:
    """Aggregated votes of the leaves, plus base values."""
    defaults = {"target_weights_as_tensor": None, "aggregate_function": "SUM", "n_targets": 1}
    attributes = {**NODE_DEFAULTS, **defaults, **given}
    trees, leaves = _numbered(n, attributes)
    votes = _votes(attributes, "target", attributes["n_targets"], leaves)
    reached = leaves_reached(n, _floats(n, x), trees, len(leaves))
    scores = aggregated(n, reached, votes, attributes["aggregate_function"])
    scores = _with_base(n, scores, attributes)
    scores = transformed(n, scores, attributes["post_transform"])
    return converted(n, scores, element_type_of("float32"))


@onnx_op("TreeEnsembleClassifier", domain=DOMAIN)
def tree_ensemble_classifier(n: Node, x: Any, **given: Any) -> Any:
    """The label of the best class, and the scores of all."""
    defaults = {"class_weights_as_tensor": None, "classlabels_int64s": None}
    attributes = {**NODE_DEFAULTS, **defaults, **given}
    labels = attributes["classlabels_int64s"]
    if not labels:
        n.unsupported("labels that are strings")
    trees, leaves = _numbered(n, attributes)
    votes = _votes(attributes, "class", len(labels), leaves)
    is_binary = len(labels) == 2 and len(set(attributes["class_ids"])) == 1
    if is_binary:
        votes = votes[:, [attributes["class_ids"][0]]]
    reached = leaves_reached(n, _floats(n, x), trees, len(leaves))
    scores = _with_base(n, aggregated(n, reached, votes, "SUM"), attributes)
    if is_binary:
        return _binary_classes(n, scores, labels, attributes, bool(np.nanmin(votes) >= 0))
    best = n.emit(ArgMax, scores, axis=1, keepdims=False)
    scores = transformed(n, scores, attributes["post_transform"])
    return n.emit(Gather, n.constant(labels, "int64"), best, axis=0), scores


def _binary_classes(
    n: Node, score: Any, labels: list[int], attributes: dict[str, Any], is_share: bool
) -> tuple[Any, Any]:
    """One score for two classes: a share of 1 if no vote is below 0, else of either sign."""
    post = attributes["post_transform"]
    is_second = n.emit(COMPARE["greater"], score, n.like(0.5 if is_share else 0.0, score))
    column = n.emit(Where, is_second, *[n.constant(labels[i], "int64") for i in (1, 0)])
    chosen = n.emit(Reshape, column, shape=[score.type.shape[0]])
    # of a logistic function the shares of both classes are those of s and -s
    whole = 1.0 if is_share and post != "LOGISTIC" else 0.0
    other = sub(n, whole, score)
    both = n.emit(Concat, [other, score], axis=1)
    return chosen, transformed(n, both, post)
