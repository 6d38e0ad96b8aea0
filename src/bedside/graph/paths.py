"""The best paths between two concepts: few steps, much evidence, no detour over what is related to everything.

A step costs 1, up to 1 more for little evidence (1 / (1 + ln support); support: affirming less denying references), and
0.06 for each doubling of what either end is related to. The cost to go with so many steps left is known exactly from
the goal's side (Bellman 1958); with it the paths come out best first (Hart et al. 1968), those with a loop left out.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.graph._arcs import open_arcs
from bedside.graph.graph import Graph
from bedside.graph.parts import ANY, Concept, Edge, Wanted
from bedside.lang import tr

LONGEST = 6
"""Steps of a path at most."""
TRIED = 20_000
"""Ways looked at before a search gives up on finding more."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Path:
    """Concepts by number, and the edge between each and the next; an edge may point either way."""

    concepts: tuple[int, ...]
    edges: tuple[Edge, ...]
    cost: float


class Paths:
    """Searches one graph, over the edges wanted."""

    def __init__(self, graph: Graph, wanted: Wanted = ANY) -> None:
        self._graph, self._arcs = graph, open_arcs(graph)
        self._cost = np.where(self._allowed(wanted), self._arcs.cost, np.float32(np.inf))
        self._nodes = np.flatnonzero(np.diff(self._arcs.start))
        self._firsts = self._arcs.start[self._nodes]

    def best(self, start: Concept, goal: Concept, k: int = 1, longest: int = LONGEST) -> list[Path]:
        """The k best paths without loops, the best first; none where there is no path of so few steps."""
        if start.no == goal.no:
            raise UsageError(tr("a path needs two concepts", "路径需要两个不同的概念"), value=start.id)
        left = self._to_go(start.no, goal.no, longest)
        found: list[Path] = []
        order = count()
        waiting: list[tuple[float, int, float, tuple[int, ...], tuple[int, ...], NDArray[np.int64], int]] = []

        def open_(spent: float, nodes: tuple[int, ...], edges: tuple[int, ...]) -> None:
            steps = longest - len(edges)
            if steps:
                at, total = self._onward(nodes, left[steps - 1], spent)
                push(spent, nodes, edges, at, total, 0)

        def push(
            spent: float,
            nodes: tuple[int, ...],
            edges: tuple[int, ...],
            at: NDArray[np.int64],
            total: Floats,
            place: int,
        ) -> None:
            if place < len(at):
                totals[key := next(order)] = total
                heapq.heappush(waiting, (float(total[place]), key, spent, nodes, edges, at, place))

        totals: dict[int, Floats] = {}
        open_(0.0, (start.no,), ())
        for _ in range(TRIED):
            if not waiting or len(found) == k:
                break
            _, key, spent, nodes, edges, at, place = heapq.heappop(waiting)
            push(spent, nodes, edges, at, totals.pop(key), place + 1)
            arc = int(at[place])
            through, used = (*nodes, int(self._arcs.other[arc])), (*edges, int(self._arcs.edge[arc]))
            cost = spent + float(self._cost[arc])
            if through[-1] == goal.no:
                found.append(Path(through, tuple(self._graph.edge(one) for one in used), cost))
            else:
                open_(cost, through, used)
        return found

    def _to_go(self, start: int, goal: int, longest: int) -> list[Floats]:
        """[steps][concept]: the cost from each concept to the goal in at most so many steps."""
        reached = np.full(len(self._arcs.start), np.inf, np.float32)
        reached[goal] = 0
        left = [reached]
        for _ in range(longest - 1):
            if not len(self._nodes):
                return left * longest
            onward = self._cost + left[-1][self._arcs.other]
            nearer = left[-1].copy()
            nearer[self._nodes] = np.minimum(nearer[self._nodes], np.minimum.reduceat(onward, self._firsts))
            nearer[goal] = 0
            left.append(nearer)
        return left

    def _onward(self, nodes: tuple[int, ...], left: Floats, spent: float) -> tuple[NDArray[np.int64], Floats]:
        """The arcs that lead on from the last concept towards the goal, the best first, with the whole path's cost."""
        first, last = self._arcs.start[nodes[-1] : nodes[-1] + 2]
        other = self._arcs.other[first:last]
        total: Floats = np.asarray(np.float32(spent) + self._cost[first:last] + left[other], np.float32)
        total[np.isin(other, nodes)] = np.inf
        order = np.argsort(total, kind="stable")[: int(np.isfinite(total).sum())]
        return np.asarray(first + order, np.int64), total[order]

    def _allowed(self, wanted: Wanted) -> NDArray[np.bool_]:
        """Which arcs may be walked."""
        arcs = self._arcs
        known = self._graph.database.execute("SELECT no, name, weak FROM relation").fetchall()
        numbers = [
            no
            for no, name, weak in known
            if (name in wanted.relations if wanted.relations else wanted.weak or not weak)
        ]
        allowed = np.isin(arcs.relation, numbers) & (getattr(arcs, wanted.polarity) >= wanted.least)
        if wanted.contradicted:
            allowed &= (arcs.affirmed > 0) & (arcs.negated > 0)
        return np.asarray(allowed)
