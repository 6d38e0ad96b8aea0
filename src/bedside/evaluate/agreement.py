"""How far readers agree beyond chance: Cohen's kappa, weighted for levels, Fleiss' kappa, Krippendorff's alpha.

Source: Cohen 1960 and 1968 (weighted); Fleiss 1971; Krippendorff 2011, "Computing Krippendorff's alpha-reliability".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Literal

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints, bootstrap
from bedside.evaluate.estimate import exact_bounds
from bedside.types import Figure, Undefined

Weights = Literal["none", "linear", "quadratic"]


def cohen_kappa(one: Sequence[Any], other: Sequence[Any], weights: Weights = "none") -> float:
    """Of two readers of the same rows; NaN where chance alone makes them agree always.

    With weights, labels are levels that stand apart as far as their ranks among all that were given; then they are
    numbers or sort like them.

    >>> said = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    >>> round(cohen_kappa(*zip(*said)), 3)
    0.4
    """
    first, second, count = _codes(one, other)
    return _cohen(first, second, _apart(count, weights), np.arange(len(first)))


def cohen_figure(
    one: Sequence[Any],
    other: Sequence[Any],
    patients: Sequence[Hashable] | None,
    *,
    weights: Weights = "none",
    seed: int = 0,
) -> Figure:
    """`cohen_kappa` with its interval, drawn by patient (each row for itself where patients are None)."""
    first, second, count = _codes(one, other)
    return _figure(partial(_cohen, first, second, _apart(count, weights)), patients, seed, len(first))


def fleiss_kappa(counts: Sequence[Sequence[int]]) -> float:
    """Of any readers, not the same for each row: how many put row i into category j; as many readers every row.

    NaN where all are of one category. Raises ValueError for rows of unlike numbers of readers, or of one.

    >>> round(fleiss_kappa([[2, 0], [0, 2], [1, 1], [2, 0]]), 3)
    0.467
    """
    return _fleiss(_readable(counts), np.arange(len(counts)))


def fleiss_figure(counts: Sequence[Sequence[int]], patients: Sequence[Hashable] | None, *, seed: int = 0) -> Figure:
    """`fleiss_kappa` with its interval, drawn by patient."""
    return _figure(partial(_fleiss, _readable(counts)), patients, seed, len(counts))


def krippendorff_alpha(rows: Sequence[Sequence[Any]], *, interval: bool = False) -> float:
    """Of any number of readers a row, some of whom may be missing (None); `interval`: labels are numbers.

    Rows with fewer than two labels say nothing. NaN where all labels are one.

    >>> round(krippendorff_alpha([[1, 1, None], [2, 2, 3], [3, 3, 3], [2, None, 2]]), 3)
    0.719
    """
    pairs, apart = _coincidences(rows, interval=interval)
    return _alpha(pairs, apart, np.arange(len(pairs)))


def krippendorff_figure(
    rows: Sequence[Sequence[Any]], patients: Sequence[Hashable] | None, *, interval: bool = False, seed: int = 0
) -> Figure:
    """`krippendorff_alpha` with its interval, drawn by patient."""
    return _figure(partial(_alpha, *_coincidences(rows, interval=interval)), patients, seed, len(rows))


def _coincidences(rows: Sequence[Sequence[Any]], *, interval: bool) -> tuple[Array, Array]:
    """How often each two labels meet in each row [n, k, k], and how far apart they are [k, k]."""
    read = [said if len(said := [one for one in row if one is not None]) > 1 else [] for row in rows]
    names = sorted({one for said in read for one in said})
    place = {name: number for number, name in enumerate(names)}
    pairs = np.zeros((len(rows), len(names), len(names)))
    for number, said in enumerate(read):
        count = np.bincount([place[one] for one in said], minlength=len(names)).astype(float)
        pairs[number] = (np.outer(count, count) - np.diag(count)) / max(1, len(said) - 1)
    if not interval:
        return pairs, 1 - np.eye(len(names))
    values = np.array(names, float)
    return pairs, np.subtract.outer(values, values) ** 2


def _alpha(pairs: Array, apart: Array, rows: Ints) -> float:
    met = pairs[rows].sum(0)
    totals = met.sum(1)
    chance = float((np.outer(totals, totals) * apart).sum())
    return 1 - float((totals.sum() - 1) * (met * apart).sum()) / chance if chance else float("nan")


def _codes(one: Sequence[Any], other: Sequence[Any]) -> tuple[Ints, Ints, int]:
    names = sorted({*one, *other})
    place = {name: number for number, name in enumerate(names)}
    first, second = (np.array([place[name] for name in said], np.int64) for said in (one, other))
    return first, second, len(names)


def _apart(count: int, weights: Weights) -> Array:
    """What a disagreement between each two labels weighs [k, k]."""
    if weights == "none":
        return 1 - np.eye(count)
    steps = np.abs(np.subtract.outer(np.arange(count), np.arange(count))).astype(float)
    return steps if weights == "linear" else steps**2


def _cohen(first: Ints, second: Ints, apart: Array, rows: Ints) -> float:
    count = len(apart)
    table = np.bincount(first[rows] * count + second[rows], minlength=count * count).reshape(count, count)
    chance = float((np.outer(table.sum(1), table.sum(0)) * apart).sum()) / max(len(rows), 1)
    return 1 - float((table * apart).sum()) / chance if chance else float("nan")


def _readable(counts: Sequence[Sequence[int]]) -> Array:
    table = np.asarray(counts, float)
    if table.ndim != 2 or len(set(table.sum(1))) != 1 or table.sum(1)[0] < 2:
        raise ValueError("every row needs the same number of readers, two or more")
    return table


def _fleiss(table: Array, rows: Ints) -> float:
    drawn, readers = table[rows], table[0].sum()
    same = float(((drawn**2).sum(1) - readers).mean() / (readers * (readers - 1)))
    chance = float(((drawn.sum(0) / drawn.sum()) ** 2).sum())
    return (same - chance) / (1 - chance) if chance < 1 else float("nan")


def _figure(statistic: Callable[[Ints], float], patients: Sequence[Hashable] | None, seed: int, n: int) -> Figure:
    """Agreement may lie below 0. Where it is perfect in every draw, its bound is that of the share of agreements."""
    found = bootstrap(statistic, patients, seed, n=n, bounded=False)
    if isinstance(found, Undefined) or found.low < 1:
        return found
    return replace(found, low=exact_bounds(1.0, found.n_patients)[0], method="exact binomial on patients")
