"""The second look at the leading diseases: how like the whole of the findings is to the whole of each annotation.

The sum over findings asks of each alone whether the disease shows it; this asks of all at once, both ways, so that a
disease whose annotation is far from what was found falls behind one that fits as a whole:
    likeness = cosine of x and y over the terms of the ontology, x_t = IC(t) for each finding and all above it,
               y_t = IC(t) * sqrt(share of the disease's patients with t)
once with the disease's own annotation, once with the Orphanet entry that is most like. Both are added to the score of
the leading diseases at weights that a listwise softmax learned (docs/design/007). A term that more than half of all
diseases show is left out. IC is minus the log of a term's share over the diseases.

Shapes: c columns of the table, k leading diseases, t terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._closure import Ints
from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
LEADING = 32
"""How many diseases get the second look; twice to six times as many changed nothing."""
TOO_COMMON = 0.5


class Likeness(NamedTuple):
    """[k] of each leading disease: the likeness of its own annotation, and of its Orphanet entry (0 without one)."""

    own: Floats
    orphanet: Floats


class Profiles:
    """The annotation of every column as one vector, kept sparse: terms and values sorted by column."""

    def __init__(self, hpo: Hpo, background: Floats, shown: Mapping[str, NDArray[np.generic]]) -> None:
        content = -np.log(background)
        content[background > TOO_COMMON] = 0
        self.hpo, self.content = hpo, content.astype(np.float32)
        column = np.asarray(shown["disease"])
        order = np.argsort(column, kind="stable")
        self.term: Ints = np.repeat(np.arange(len(hpo.ids)), np.diff(np.asarray(shown["start"])))[order]
        self.value: Floats = self.content[self.term] * np.sqrt(np.asarray(shown["share"], dtype=np.float32))[order]
        self.start = np.searchsorted(column[order], np.arange(len(hpo.diseases) + 1))
        squared = np.bincount(column[order], weights=self.value**2, minlength=len(hpo.diseases))
        self.length: Floats = np.sqrt(squared).astype(np.float32)

    def likeness(
        self, present: Sequence[int], columns: NDArray[np.int64], redone: Mapping[int, tuple[Ints, Floats]]
    ) -> Floats:
        """[columns] the cosine of the findings and each column; `redone` closures stand in for the table's."""
        mine = np.zeros(len(self.content), dtype=np.float32)
        for term in present:
            above = self.hpo.ancestors(term)
            mine[above] = self.content[above]
        length = float(mine @ mine) ** 0.5
        if not length or not len(columns):
            return np.zeros(len(columns), dtype=np.float32)
        size = self.start[columns + 1] - self.start[columns]
        ends = np.cumsum(size)
        entries = np.arange(int(ends[-1]))
        entries += np.repeat(self.start[columns] - (ends - size), size)
        shared = np.take(mine, np.take(self.term, entries, mode="clip"), mode="clip")
        shared *= np.take(self.value, entries, mode="clip")
        products = np.zeros(len(columns), dtype=np.float32)
        full = np.flatnonzero(size)
        if len(full):
            products[full] = np.add.reduceat(shared, (ends - size)[full])
        lengths = self.length[columns]
        for place in np.flatnonzero(np.isin(columns, list(redone))) if redone else ():
            terms, share = redone[int(columns[place])]
            value = self.content[terms] * np.sqrt(share)
            products[place], lengths[place] = mine[terms] @ value, np.sqrt((value**2).sum())
        told: Floats = products / np.maximum(lengths * np.float32(length), np.float32(1e-6))
        return told


def leading(total: Floats) -> NDArray[np.int64]:
    """The diseases that get the second look; those that tie with the last of them do too."""
    if len(total) <= LEADING:
        return np.arange(len(total))
    return np.flatnonzero(total >= np.partition(total, len(total) - LEADING)[len(total) - LEADING])


def second_look(
    profiles: Profiles,
    links: tuple[NDArray[np.int64], NDArray[np.int32]],
    present: Sequence[int],
    chosen: NDArray[np.int64],
    redone: Mapping[int, tuple[Ints, Floats]],
) -> Likeness:
    """The likeness of the chosen diseases; `links` are where each disease's Orphanet entries start, and the entries."""
    start, link = links
    count = start[chosen + 1] - start[chosen]
    ends = np.cumsum(count)
    others = link[np.arange(int(ends[-1])) + np.repeat(start[chosen] - (ends - count), count)].astype(np.int64)
    values = profiles.likeness(present, np.concatenate([chosen, others]), redone)
    orphanet = np.zeros(len(chosen), dtype=np.float32)
    linked = np.flatnonzero(count)
    if len(linked):
        orphanet[linked] = np.maximum.reduceat(values[len(chosen) :], (ends - count)[linked])
    return Likeness(values[: len(chosen)], orphanet)
