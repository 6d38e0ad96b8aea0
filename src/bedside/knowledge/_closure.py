"""How often each disease shows each finding or any kind of it: annotation rows pooled, then carried up the ontology.

Shapes: t terms, d diseases; a closure is sparse: (disease, term, share) with every ancestor of an annotated term.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bedside.knowledge.hpo import Hpo

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
UNSAID = 0.5
"""The share of patients where an annotation does not say how many, and the value that small numbers lean to."""
LEAN = 1.0
"""How many patients that leaning weighs like."""


class Closure(NamedTuple):
    """Sparse shares sorted by disease, then term; the rows of disease i are start[i] : start[i + 1]."""

    start: Ints
    term: Ints
    share: Floats

    def of(self, disease: int) -> tuple[Ints, Floats]:
        """One disease's terms and shares."""
        here = slice(int(self.start[disease]), int(self.start[disease + 1]))
        return self.term[here], self.share[here]


def closures(hpo: Hpo) -> Closure:
    """The closure of every disease of a release."""
    owner = np.repeat(np.arange(len(hpo.diseases), dtype=np.int64), np.diff(hpo.disease_rows))
    return _closure(hpo, owner, np.arange(len(owner)), len(hpo.diseases))


def closure_without(hpo: Hpo, disease: int, references: Collection[str]) -> tuple[Ints, Floats]:
    """One disease's terms and shares when the rows that cite any of `references` are left out."""
    every, left_out = hpo.rows(disease), set(references)
    kept = [row for row in every if not left_out & set(hpo.references(row))] if left_out else every
    rows = np.array(kept, dtype=np.int64)
    return _closure(hpo, np.zeros(len(rows), dtype=np.int64), rows, 1).of(0)


def _closure(hpo: Hpo, owner: Ints, rows: Ints, count: int) -> Closure:
    """Pool the rows of one disease and term, then give each ancestor the largest share below it."""
    size = len(hpo.ids)
    pairs, where = np.unique(owner * size + np.asarray(hpo.row_term)[rows], return_inverse=True)
    seen = np.bincount(where, weights=np.asarray(hpo.row_seen)[rows], minlength=len(pairs))
    of = np.bincount(where, weights=np.asarray(hpo.row_of)[rows], minlength=len(pairs))
    direct = (seen + LEAN * UNSAID) / (of + LEAN)
    start, members = np.asarray(hpo.array("closure_start")), np.asarray(hpo.array("closure"))
    terms = pairs % size
    lengths = (start[terms + 1] - start[terms]).astype(np.int64)
    offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    above = members[np.repeat(start[terms].astype(np.int64), lengths) + offsets]
    keys = np.repeat(pairs // size, lengths) * size + above
    order = np.argsort(keys, kind="stable")
    keys, values = keys[order], np.repeat(direct, lengths)[order]
    first = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.array([], dtype=int)
    best = np.maximum.reduceat(values, first) if len(first) else np.array([])
    ends = np.searchsorted(keys[first] // size, np.arange(count + 1))
    return Closure(ends.astype(np.int64), (keys[first] % size).astype(np.int64), best.astype(np.float32))
