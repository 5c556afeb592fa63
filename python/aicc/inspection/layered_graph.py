"""Places the nodes of an acyclic graph in layers, for drawing.

Layers by longest path from the sources; the order inside a layer by the mean position of the
neighbours above (the barycentre heuristic of Sugiyama, Tagawa and Toda, 1981), a few sweeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NODE_WIDTH, NODE_HEIGHT = 190, 40
GAP_X, GAP_Y = 24, 34
SWEEPS = 4


@dataclass(frozen=True)
class Placed:
    """A drawing: the left upper corner of every node, and the size of the whole."""

    corners: list[tuple[float, float]]
    width: float
    height: float


def place(reads: Sequence[Sequence[int]]) -> Placed:
    """`reads[i]` are the nodes that node i reads, each before i; negative ones are ignored."""
    layer: list[int] = []
    for sources in reads:
        layer.append(1 + max((layer[s] for s in sources if s >= 0), default=-1))
    layers: list[list[int]] = [[] for _ in range(max(layer, default=-1) + 1)]
    for node, level in enumerate(layer):
        layers[level].append(node)
    _order(layers, reads)
    widest = max((len(nodes) for nodes in layers), default=1)
    step_x, step_y = NODE_WIDTH + GAP_X, NODE_HEIGHT + GAP_Y
    corners = [(0.0, 0.0)] * len(reads)
    for level, nodes in enumerate(layers):
        left = (widest - len(nodes)) * step_x / 2
        for index, node in enumerate(nodes):
            corners[node] = (left + index * step_x, level * step_y)
    return Placed(corners, widest * step_x, max(1, len(layers)) * step_y)


def _order(layers: list[list[int]], reads: Sequence[Sequence[int]]) -> None:
    """Sort each layer by where its neighbours above, then below, stand."""
    above = [[s for s in sources if s >= 0] for sources in reads]
    below: list[list[int]] = [[] for _ in reads]
    for node, sources in enumerate(above):
        for source in sources:
            below[source].append(node)
    for sweep in range(SWEEPS):
        down = sweep % 2 == 0
        for nodes in layers if down else reversed(layers):
            neighbours = above if down else below
            position = _positions(layers)
            nodes.sort(key=lambda n: _mean([position[m] for m in neighbours[n]], position[n]))


def _positions(layers: Sequence[Sequence[int]]) -> dict[int, float]:
    """Positions from the middle of the layer, so that layers of all widths compare."""
    return {
        node: index - (len(nodes) - 1) / 2 for nodes in layers for index, node in enumerate(nodes)
    }


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
