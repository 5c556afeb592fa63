"""Minimum cut of a directed graph with integer capacities, by Dinic's blocking flows.

E. A. Dinic, "Algorithm for solution of a problem of maximum flow in a network with power
estimation" (1970): level the residual graph by breadth-first search, fill it along shortest paths,
repeat until the sink is out of reach. What the source still reaches is its side of the cut.
"""

from __future__ import annotations

from collections import deque

UNLIMITED = 1 << 60


class FlowNetwork:
    """Nodes are integers; `source` and `sink` exist from the start."""

    def __init__(self) -> None:
        self.edges_of: list[list[int]] = [[], []]
        self.heads: list[int] = []
        self.left: list[int] = []
        self.source, self.sink = 0, 1

    def add_node(self) -> int:
        """A new node."""
        self.edges_of.append([])
        return len(self.edges_of) - 1

    def add_edge(self, tail: int, head: int, capacity: int) -> None:
        """An edge that costs `capacity` if `tail` is on the source's side and `head` is not."""
        if capacity > 0 and tail != head:
            for node, other, amount in ((tail, head, capacity), (head, tail, 0)):
                self.edges_of[node].append(len(self.heads))
                self.heads.append(other)
                self.left.append(amount)

    def source_side(self) -> set[int]:
        """The nodes on the source's side of a minimum cut: the smallest such set."""
        while (levels := self._levels())[self.sink] >= 0:
            self._fill(levels)
        return {node for node, level in enumerate(levels) if level >= 0}

    def _levels(self) -> list[int]:
        """Distance from the source in edges with capacity left; -1 beyond the sink or its reach."""
        levels = [-1] * len(self.edges_of)
        levels[self.source] = 0
        waiting = deque([self.source])
        while waiting and levels[self.sink] < 0:
            node = waiting.popleft()
            for edge in self.edges_of[node]:
                head = self.heads[edge]
                if self.left[edge] and levels[head] < 0:
                    levels[head] = levels[node] + 1
                    waiting.append(head)
        return levels

    def _fill(self, levels: list[int]) -> None:
        """Push flow along every path of rising levels; a dead end is not entered again."""
        next_edge = [0] * len(self.edges_of)
        path: list[int] = []
        node = self.source
        while True:
            if node == self.sink:
                node = self._push(path)
                continue
            edge = self._advance(node, next_edge, levels)
            if edge is not None:
                path.append(edge)
                node = self.heads[edge]
            elif not path:
                return
            else:
                levels[node] = -1
                node = self.heads[path.pop() ^ 1]

    def _advance(self, node: int, next_edge: list[int], levels: list[int]) -> int | None:
        edges = self.edges_of[node]
        while next_edge[node] < len(edges):
            edge = edges[next_edge[node]]
            if self.left[edge] and levels[self.heads[edge]] == levels[node] + 1:
                return edge
            next_edge[node] += 1
        return None

    def _push(self, path: list[int]) -> int:
        """Use up the path's least capacity; go back to the tail of its first full edge."""
        amount = min(self.left[edge] for edge in path)
        for edge in path:
            self.left[edge] -= amount
            self.left[edge ^ 1] += amount
        full = next(i for i, edge in enumerate(path) if not self.left[edge])
        tail = self.heads[path[full] ^ 1]
        del path[full:]
        return tail
