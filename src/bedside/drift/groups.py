"""Which rows are the reference and which are current, by patient, and how the patients fall when dealt by chance.

If nothing has changed, it is chance which patients came before and which after: dealing them anew, many times, shows
how large a difference chance makes (a permutation test). Rows of one patient stay together. Someone who came both
before and after counts as two patients: dealt as one, he could be in neither group.

Shapes: n rows, c patients, r deals (the data's own first).
Source: Good 2005, "Permutation, Parametric, and Bootstrap Tests of Hypotheses", ch. 3.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints, clusters_of

DEALS = 5000
"""Deals beside the data's own: the least p is 1 / 5001, which fifty comparisons do not lift above 0.01."""
_CELLS = 10_000_000  # 80 MB of deals at a time, whatever the number of patients


@dataclass(frozen=True, slots=True)
class Groups:
    """`of_row` [n] is the patient of each row, 0 .. c-1; the first `reference` patients are those of the reference."""

    of_row: Ints
    count: int
    reference: int

    @property
    def is_current(self) -> Array:
        """[n] 1 where a row is current, else 0."""
        return (self.of_row >= self.reference).astype(np.float64)

    def deals(self, seed: int) -> Iterator[Array]:
        """Blocks [r, c] of 1 where a patient is dealt to the reference; the very first row is the data itself."""
        rng = np.random.default_rng(seed)
        own = (np.arange(self.count) < self.reference).astype(np.float64)
        height = max(1, min(DEALS + 1, _CELLS // max(self.count, 1)))
        for start in range(0, DEALS + 1, height):
            rows = range(start, min(start + height, DEALS + 1))
            yield np.stack([rng.permutation(own) if row else own for row in rows])


def two_groups(reference: Sequence[Hashable], current: Sequence[Hashable]) -> Groups:
    """The groups of the rows of both parts, the reference's rows first; each part is given as its rows' patients.

    >>> two_groups(["a", "a", "b"], ["a", "c"]).count
    4
    """
    before, after = clusters_of(reference, len(reference)), clusters_of(current, len(current))
    return Groups(
        np.concatenate([before.of_row, after.of_row + before.count]), before.count + after.count, before.count
    )


def p_of(found: Array) -> float:
    """The share of deals at least as extreme as the data's own value, which stands first.

    >>> p_of(np.array([3.0, 1.0, 2.0, 3.0]))
    0.5
    """
    return float(np.mean(found >= found[0] - 1e-12))


def holm(ps: Sequence[float]) -> list[float]:
    """p values corrected for their number, in their order (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(ps)), key=lambda at: ps[at])
    corrected, least = [0.0] * len(ps), 0.0
    for rank, at in enumerate(order):
        least = max(least, min(1.0, (len(ps) - rank) * ps[at]))
        corrected[at] = least
    return corrected
