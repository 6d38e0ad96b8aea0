"""The second look at the leading diseases: how like the whole of the findings is to the whole of each annotation.

The sum over findings asks of each alone whether the disease shows it; this asks of all at once, both ways, so that a
disease whose annotation is far from what was found falls behind one that fits as a whole:
    likeness = cosine of x and y over the terms of the ontology, x_t = IC(t) for each finding and all above it,
               y_t = IC(t) * sqrt(share of the disease's patients with t)
once with the disease's own annotation, once with the Orphanet entry that is most like. Both are added to the score of
the leading diseases at weights that a listwise softmax learned (docs/design/007). A term that more than half of all
diseases show is left out. IC is minus the log of a term's share over the diseases.

Shapes: c columns of the table, k leading diseases.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge._closure import Ints
from bedside.knowledge._linked import Linked, spread
from bedside.knowledge._scores import SecondLook
from bedside.knowledge.hpo import Hpo

Floats = NDArray[np.float32]
LEADING = 32
"""How many diseases get the second look; twice to six times as many changed nothing."""
GROUPS = 4 * LEADING
"""Of the best of so many groups, the one at the place of the last leading disease is reached by few: a first sift."""
TOO_COMMON = 0.5
BLOCK = 32
_BLOCK = np.dtype([("term", np.uint16, BLOCK), ("value", np.float32, BLOCK)])
"""Entries of a column: terms (the ontology has 19,000), and what each adds where it is found: x_t * y_t."""


class Profiles:
    """The annotation of every column as one vector, kept sparse: blocks of terms and values, a column's side by side.

    A column has whole blocks and at least one, filled up by entries of no value: blocks are copied several times faster
    than single entries.
    """

    def __init__(self, hpo: Hpo, background: Floats, shown: Mapping[str, NDArray[np.generic]]) -> None:
        content = -np.log(background)
        content[background > TOO_COMMON] = 0
        self.squared: Floats = content.astype(np.float32) ** 2
        every = np.repeat(np.arange(len(hpo.ids)), np.diff(np.asarray(shown["start"])))
        column = np.asarray(shown["disease"])
        order = np.argsort(column, kind="stable")
        order = order[self.squared[every[order]] > 0]
        term, column, share = every[order], column[order], np.asarray(shown["share"], dtype=np.float32)[order]
        size = np.bincount(column, minlength=len(hpo.diseases))
        self.count = np.maximum(1, -(-size // BLOCK))
        """[c] the blocks of each column."""
        self.start = np.cumsum(self.count) - self.count
        place = np.arange(len(term)) + np.repeat(self.start * BLOCK - (np.cumsum(size) - size), size)
        self.blocks = np.zeros(int(self.count.sum()), dtype=_BLOCK)
        for name, entries in (("term", term), ("value", self.squared[term] * np.sqrt(share))):
            whole = np.zeros(self.blocks[name].shape, dtype=self.blocks[name].dtype)
            whole.reshape(-1)[place] = entries
            self.blocks[name] = whole
        lengths = np.bincount(column, weights=self.squared[term] * share, minlength=len(hpo.diseases))
        self.length: Floats = np.sqrt(lengths).astype(np.float32)

    def likeness(self, said: Ints, columns: NDArray[np.int64], redone: Mapping[int, tuple[Ints, Floats]]) -> Floats:
        """[columns] the cosine of the findings and each column; `redone` closures stand in for the table's.

        `said` are the findings and all above them, each at least once.
        """
        shown = np.zeros(len(self.squared), dtype=np.float32)
        shown[said] = 1
        length = float(shown @ self.squared) ** 0.5
        if not length or not len(columns):
            return np.zeros(len(columns), dtype=np.float32)
        blocks, starts = spread(self.start.take(columns), self.count.take(columns))
        entries = self.blocks.take(blocks)
        in_block = np.vecdot(shown.take(entries["term"]), entries["value"])
        products: Floats = np.add.reduceat(in_block, starts)
        lengths = self.length.take(columns)
        for place in np.flatnonzero(np.isin(columns, list(redone))) if redone else ():
            terms, share = redone[int(columns[place])]
            products[place] = (shown * self.squared)[terms] @ np.sqrt(share)
            lengths[place] = np.sqrt(self.squared[terms] @ share)
        lengths *= np.float32(length)
        products /= np.maximum(lengths, np.float32(1e-6), out=lengths)
        return products


def leading(total: Floats) -> NDArray[np.int64]:
    """The diseases that get the second look; those that tie with the last of them do too."""
    if len(total) <= LEADING:
        return np.arange(len(total))
    near = np.flatnonzero(total >= _below_leading(total))
    few = total[near]
    return near[few >= np.partition(few, len(few) - LEADING)[len(few) - LEADING]]


def _below_leading(total: Floats) -> np.float32:
    """A score that the leading diseases all reach and few others: each of `LEADING` groups has one that does."""
    size = len(total) // GROUPS
    if size < 2:
        return total.min()
    best = total[: size * GROUPS].reshape(size, GROUPS).max(axis=0)
    return np.partition(best, GROUPS - LEADING)[GROUPS - LEADING]


def second_look(
    profiles: Profiles,
    linked: Linked,
    said: Ints,
    chosen: NDArray[np.int64],
    redone: Mapping[int, tuple[Ints, Floats]],
) -> SecondLook:
    """The likeness of the chosen diseases, by their own annotation and by the likest of their Orphanet entries."""
    has = np.take(linked.count, chosen, mode="clip") > 0
    others, starts = linked.all_of(chosen[has])
    values = profiles.likeness(said, np.concatenate([chosen, others]), redone)
    orphanet = np.zeros(len(chosen), dtype=np.float32)
    if len(others):
        orphanet[has] = np.maximum.reduceat(values[len(chosen) :], starts)
    return SecondLook(chosen, values[: len(chosen)], orphanet)
