"""The population stability index of one column: how far its values have moved between two groups of patients.

PSI = sum over bins of (current - reference) * ln(current / reference), in shares. Below 0.1 little has moved, above
0.25 much (Siddiqi 2006). It is never 0 on two samples of the same thing: the p value says what chance alone would do,
which the usual thresholds, made for large samples, do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bedside.drift.groups import Groups, p_of
from bedside.evaluate.bootstrap import Array, Ints, tally

BINS = 10
VALUES = 20
"""The most frequent values of a column of words that are bins of their own."""
SHOWN_FROM = 5
"""A value of fewer rows is never named: it could name a person."""
NUMBERS = 0.95
"""A column is one of numbers if this share of what is there can be read as numbers."""
SMOOTHING = 0.5
"""Added to each bin, so that an empty one has a logarithm (Jeffreys)."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a column moved: its index, what chance alone gives on average, p, and the shares of each bin.

    `bins` are (name, share of the reference, share of the current).
    """

    index: float
    by_chance: float
    p: float
    bins: tuple[tuple[str, float, float], ...]


def shifts_of(columns: Mapping[str, Sequence[str | float | None]], groups: Groups, *, seed: int) -> dict[str, Shift]:
    """The shift of each column's values [n]; what is missing is a bin of its own. All columns are dealt alike.

    >>> from bedside.drift.groups import two_groups
    >>> ages = [40.0, 50, 60, 70] * 5
    >>> shifts_of({"age": ages + ages}, two_groups(range(20), range(20)), seed=0)["age"].index
    0.0
    """
    if not columns:
        return {}
    read = {name: binned(values) for name, values in columns.items()}
    counts = [tally(bins, len(names), groups.of_row, groups.count).T.toarray() for bins, names in read.values()]
    before = np.vstack([block @ np.hstack(counts) for block in groups.deals(seed)])
    ends = np.cumsum([one.shape[1] for one in counts])[:-1]
    parts = zip(read.items(), counts, np.split(before, ends, axis=1), strict=True)
    return {name: _shift(names, part, count.sum(axis=0) - part) for (name, (_, names)), count, part in parts}


def _shift(names: Sequence[str], before: Array, after: Array) -> Shift:
    """The shift of one column from the counts [r, k] of each deal, the data's own first."""
    found = stability(before, after)
    shares = before[0] / before[0].sum(), after[0] / after[0].sum()
    told = tuple((name, float(a), float(b)) for name, a, b in zip(names, *shares, strict=True))
    return Shift(float(found[0]), float(found[1:].mean()), p_of(found), told)


def stability(before: Array, after: Array) -> Array:
    """PSI [r] of counts [r, k] in two groups.

    >>> stability(np.array([[50.0, 50.0]]), np.array([[20.0, 80.0]])).round(2).tolist()
    [0.41]
    """
    a, b = before + SMOOTHING, after + SMOOTHING
    a, b = a / a.sum(axis=1, keepdims=True), b / b.sum(axis=1, keepdims=True)
    return ((b - a) * np.log(b / a)).sum(axis=1)


def binned(values: Sequence[str | float | None]) -> tuple[Ints, list[str]]:
    """The bin of each value, and the bins' names: tenths of both groups' numbers together, or the commonest words."""
    there = [value for value in values if value not in (None, "")]
    numbers = [number for value in there if (number := number_in(value)) is not None]
    if there and len(numbers) >= NUMBERS * len(there) and len(set(numbers)) > BINS:
        return _by_size(values, np.asarray(numbers))
    return _by_word(["" if value is None else str(value) for value in values])


def number_in(value: str | float | None) -> float | None:
    """A cell as a number, None where it is none: infinities and not-a-number are none."""
    try:
        found = float(value) if value is not None else np.nan
    except ValueError:
        return None
    return found if np.isfinite(found) else None


def _by_size(values: Sequence[str | float | None], numbers: Array) -> tuple[Ints, list[str]]:
    edges = np.unique(np.quantile(numbers, np.linspace(0, 1, BINS + 1)[1:-1]))
    ends = ["", *(f"{edge:.4g}" for edge in edges), ""]
    names = [f"≤ {ends[1]}", *(f"{a} - {b}" for a, b in pairwise(ends[1:-1])), f"> {ends[-2]}", "∅"]
    read = [number_in(value) for value in values]
    found = [len(names) - 1 if one is None else int(np.searchsorted(edges, one, "left")) for one in read]
    return np.asarray(found, np.int64), names


def _by_word(values: Sequence[str]) -> tuple[Ints, list[str]]:
    counts = Counter(value for value in values if value)
    named = [value for value, count in counts.most_common(VALUES) if count >= SHOWN_FROM]
    bin_of = {value: at for at, value in enumerate(named)} | {"": len(named) + 1}
    return np.asarray([bin_of.get(value, len(named)) for value in values], np.int64), [*named, "…", "∅"]
