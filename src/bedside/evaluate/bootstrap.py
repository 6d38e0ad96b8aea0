"""Draws patients with replacement, and counts rows in every draw at once: the ground under each interval.

Rows of one patient are alike, so the patient is what is drawn (the cluster bootstrap). A draw is a column of how often
each patient came up; the first column is all ones, so a figure and its resamples come out of one formula.

Shapes: c patients, r draws (the data itself first), n rows, k bins.
Source: Efron & Tibshirani 1993, ch. 13; Field & Welsh 2007, "Bootstrapping clustered data".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.evaluate.estimate import figure
from bedside.types import Figure

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES = 1000
_CELLS = 10_000_000  # 80 MB of draws at a time, whatever the number of patients


@dataclass(frozen=True, slots=True)
class Clusters:
    """Which patient each row belongs to: `of_row` [n] holds 0 .. count-1."""

    of_row: Ints
    count: int

    def take(self, rows: Ints) -> Clusters:
        """The clusters of some rows, numbered anew."""
        kept, codes = np.unique(self.of_row[rows], return_inverse=True)
        return Clusters(codes.astype(np.int64), len(kept))


def clusters_of(patients: Sequence[Hashable] | None, n: int) -> Clusters:
    """Number the patients; without patients each row stands for itself.

    >>> clusters_of(["b", "a", "b"], 3).count
    2
    """
    if patients is None:
        return Clusters(np.arange(n), n)
    number: dict[Hashable, int] = {}
    codes = [number.setdefault(patient, len(number)) for patient in patients]
    return Clusters(np.asarray(codes, dtype=np.int64), len(number))


def draws(count: int, seed: int, resamples: int = RESAMPLES) -> Iterator[Array]:
    """Blocks [c, r] of how often each patient was drawn; the very first column is the data itself.

    The blocks depend on the seed and the number of patients alone, so two models on the same rows are drawn alike.
    """
    rng = np.random.default_rng(seed)
    width = max(1, min(resamples + 1, _CELLS // max(count, 1)))
    for start in range(0, resamples + 1, width):
        block = np.empty((count, min(width, resamples + 1 - start)))
        for column in range(block.shape[1]):
            first = start + column == 0
            drawn = np.arange(count) if first else rng.integers(0, count, count)
            block[:, column] = np.bincount(drawn, minlength=count)
        yield block


def tally(bins: Ints, n_bins: int, owners: Ints, count: int, amounts: Array | None = None) -> Any:
    """A sparse [k, c] matrix: how much each patient puts in each bin; `tally(...) @ draws` counts every draw at once.

    `bins` and `owners` run side by side: the bin and the patient of each thing counted; `amounts` weighs them.
    """
    from scipy.sparse import csr_array

    weights = np.ones(len(bins)) if amounts is None else amounts
    return csr_array((weights, (bins, owners)), shape=(n_bins, count))


def bootstrap(
    statistic: Callable[[Ints], float],
    patients: Sequence[Hashable] | None,
    seed: int = 0,
    *,
    n: int | None = None,
    resamples: int = RESAMPLES,
    bounded: bool = True,
) -> Figure:
    """A 95 % interval of any statistic: `statistic(rows)` gets the indices of the drawn rows, repeats included.

    `bounded`: the statistic lies in [0, 1].

    >>> ages = np.array([61.0, 70.0, 58.0, 80.0, 66.0, 49.0])
    >>> bootstrap(lambda rows: float(ages[rows].mean()), ["a", "a", "b", "c", "d", "e"]).n_patients
    5
    """
    size = len(patients) if patients is not None else n
    if size is None:
        raise ValueError("without patients, n is needed")
    groups = clusters_of(patients, size)
    values = [
        statistic(np.repeat(np.arange(size), column[groups.of_row].astype(np.int64)))
        for block in draws(groups.count, seed, resamples)
        for column in block.T
    ]
    return figure(np.asarray(values, dtype=np.float64), n=size, n_patients=groups.count, seed=seed, bounded=bounded)


def figures_of(resampled: Mapping[str, Array], n: int, clusters: Clusters, seed: int) -> dict[str, Figure]:
    """The figure of each name, all over the same rows and patients."""
    return {name: figure(values, n=n, n_patients=clusters.count, seed=seed) for name, values in resampled.items()}
