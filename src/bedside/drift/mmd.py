"""The maximum mean discrepancy of two groups of vectors: whether texts, as an encoder reads them, have changed.

MMD^2 is 0 if and only if both groups are drawn alike, for a kernel such as the Gaussian one here, whose width is the
median distance. A patient is one vector, the mean of his rows'. p by dealing the patients anew.
Source: Gretton et al. 2012, "A kernel two-sample test", JMLR 13, eq. 3 (unbiased).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.drift.groups import Groups, p_of
from bedside.evaluate.bootstrap import Array, Ints, tally

MOST = 1000
"""Patients of each group that are compared, drawn by the seed: the kernel of both is 32 MB."""


@dataclass(frozen=True, slots=True)
class Distance:
    """MMD^2, which chance alone puts about 0, its p, and how many patients of each group were compared."""

    value: float
    p: float
    reference: int
    current: int


def drawn(groups: Groups, *, seed: int) -> tuple[Ints, Groups]:
    """The rows of at most MOST patients of each group, and the groups that these rows make."""
    rng = np.random.default_rng(seed)
    before = _some(np.arange(groups.reference), rng)
    after = _some(np.arange(groups.reference, groups.count), rng)
    number = np.full(groups.count, -1)
    number[np.concatenate([before, after])] = np.arange(len(before) + len(after))
    rows = np.flatnonzero(number[groups.of_row] >= 0)
    return rows, Groups(number[groups.of_row[rows]], len(before) + len(after), len(before))


def distance_of(vectors: Any, groups: Groups, *, seed: int) -> Distance:
    """The distance of the groups' vectors [n, d], a vector a row of `groups`.

    >>> from bedside.drift.groups import two_groups
    >>> dice = np.random.default_rng(0)
    >>> there = np.vstack([dice.normal(size=(30, 4)), dice.normal(3, 1, size=(30, 4))])
    >>> distance_of(there, two_groups(range(30), range(30)), seed=0).p < 0.01
    True
    """
    rows = np.arange(len(groups.of_row))
    at = tally(groups.of_row, groups.count, rows, len(rows))
    means = (at @ np.asarray(vectors, np.float64)) / at.sum(axis=1)[:, None]
    kernel = _gaussian(means)
    found = np.concatenate([_unbiased(kernel, block) for block in groups.deals(seed)])
    return Distance(float(found[0]), p_of(found), groups.reference, groups.count - groups.reference)


def _some(patients: Ints, rng: np.random.Generator) -> Ints:
    return patients if len(patients) <= MOST else np.sort(rng.choice(patients, MOST, replace=False))


def _gaussian(points: Array) -> Array:
    squares = (points**2).sum(axis=1)
    apart = np.maximum(squares[:, None] + squares[None] - 2 * points @ points.T, 0.0)
    median = np.median(apart[np.triu_indices(len(points), 1)]) if len(points) > 1 else 1.0
    return np.exp(-apart / (median or 1.0))


def _unbiased(kernel: Array, deals: Array) -> Array:
    """[r] MMD^2 of each deal [r, c], no patient being compared with himself."""
    first, second = deals, 1 - deals
    n, m = first[0].sum(), second[0].sum()
    if min(n, m) < 2:
        return np.zeros(len(deals))
    to_first = first @ kernel
    before = ((to_first * first).sum(axis=1) - n) / (n * (n - 1))  # the kernel's diagonal is 1
    after = ((second @ kernel * second).sum(axis=1) - m) / (m * (m - 1))
    return before + after - 2 * (to_first * second).sum(axis=1) / (n * m)
