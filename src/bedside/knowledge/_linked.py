"""What Orphanet adds to each disease: the one of its linked entries that says most for the findings.

Diseases of the same entries are asked about once. The first few entries of each set are compared in turns, a turn over
all sets that have so many; what is left of the few large sets is compared set by set.

Shapes: c columns of the table, d ranked diseases, s sets of entries.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._lr_weights import LINK_COST

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
TURNS = 4
"""Entries of a set that are compared in turns; one set in fourteen has more."""


class Linked:
    """The entries of every disease: those of d are `link[start[d] : start[d + 1]]`."""

    def __init__(self, link: NDArray[np.int32], start: NDArray[np.int32]) -> None:
        self.link: Ints = link.astype(np.int64)
        self.start: Ints = start.astype(np.int64)
        self.count = np.diff(self.start)
        self.diseases = np.flatnonzero(self.count)
        named: dict[tuple[int, ...], int] = {}
        of = [named.setdefault(tuple(self.entries(disease).tolist()), len(named)) for disease in self.diseases.tolist()]
        sets = sorted(named, key=len, reverse=True)
        rank = {named[entries]: place for place, entries in enumerate(sets)}
        self._set = np.array([rank[one] for one in of], dtype=np.int64)
        """[linked diseases] the set of each."""
        self._turns = [
            np.array([entries[turn] for entries in sets if len(entries) > turn], dtype=np.int64)
            for turn in range(min(TURNS, max(map(len, sets), default=0)))
        ]
        left = [entries[TURNS:] for entries in sets if len(entries) > TURNS]
        self._left = np.array([entry for entries in left for entry in entries], dtype=np.int64)
        self._left_start = np.cumsum([0, *map(len, left)])[:-1]

    def entries(self, disease: int) -> Ints:
        """The columns of the entries linked to a disease."""
        return self.link[self.start[disease] : self.start[disease + 1]]

    def all_of(self, diseases: Ints) -> tuple[Ints, Ints]:
        """The entries of several diseases, each of which has some, one after another; and where those of each start."""
        places, starts = spread(self.start[diseases], self.count[diseases])
        return self.link[places], starts

    def best(self, sources: Floats) -> Floats:
        """[linked diseases] the most that an entry of each says, of [c] what every column says."""
        if not self._turns:
            return np.zeros(0, dtype=np.float32)
        first, *others = self._turns
        best = sources.take(first)
        for entries in others:
            so_far = best[: len(entries)]
            np.maximum(so_far, sources.take(entries), out=so_far)
        if len(self._left):
            so_far = best[: len(self._left_start)]
            np.maximum(so_far, np.maximum.reduceat(sources.take(self._left), self._left_start), out=so_far)
        return best.take(self._set)

    def gain(self, sources: Floats, ranked: int) -> Floats:
        """[d] what the best entry adds to the log of the evidence: log(1 + exp(best - cost - own))."""
        ahead = self.best(sources)
        ahead -= sources.take(self.diseases)
        ahead -= np.float32(LINK_COST)
        small = np.abs(ahead)
        np.exp(np.negative(small, out=small), out=small)
        small += 1
        np.maximum(ahead, 0, out=ahead)
        ahead += np.log(small, out=small)
        gain = np.zeros(ranked, dtype=np.float32)
        gain[self.diseases] = ahead
        return gain


def spread(start: Ints, count: Ints) -> tuple[Ints, Ints]:
    """The places of several runs, each of which has some, one after another; and where each run starts among them.

    >>> [places.tolist() for places in spread(np.array([7, 2]), np.array([3, 1]))]
    [[7, 8, 9, 2], [0, 3]]
    """
    ends = np.cumsum(count)
    begin = ends - count
    places = np.arange(ends[-1] if len(ends) else 0)
    places += np.repeat(start - begin, count)
    return places, begin
