"""Curves of survival: read at other times, their median, the time lost, and as few points as show them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bedside.types import Survival

Floats = NDArray[np.float64]

POINTS = 64
"""A curve is kept at this many times at most."""


def chances_at(times: Sequence[float], chances: Floats, wanted: ArrayLike) -> Floats:
    """A curve of survival at other times: straight between its own, from 1 at time 0; NaN after the last.

    >>> chances_at((10.0,), np.array([0.5]), [0, 5, 11]).tolist()
    [1.0, 0.75, nan]
    """
    known, values = np.concatenate([[0.0], times]), np.concatenate([[1.0], chances])
    return np.interp(np.asarray(wanted, float), known, values, right=np.nan)


def median_of(answer: Survival) -> float | None:
    """The time by which the event is as likely as not; None where the curve ends before."""
    known, values = (0.0, *answer.times), (1.0, *answer.chances)
    for place in range(1, len(values)):
        if values[place] <= 0.5:
            fall = values[place - 1] - values[place]
            share = (values[place - 1] - 0.5) / fall if fall else 1.0
            return float(known[place - 1] + share * (known[place] - known[place - 1]))
    return None


def lost_share(times: Sequence[float], chances: Floats) -> Floats:
    """Of the time up to the last of `times`, the share that is expected to come after the event; `chances` is [n, m].

    One minus the restricted mean survival time over its longest. It orders texts also where curves cross.

    >>> lost_share((10.0,), np.array([[0.0], [1.0]])).tolist()
    [0.5, 0.0]
    """
    known = np.concatenate([[0.0], times])
    values = np.concatenate([np.ones((len(chances), 1)), chances], axis=1)
    return np.asarray(1 - np.trapezoid(values, known, axis=1) / known[-1])


def thinned(times: Floats, values: Floats) -> tuple[tuple[float, float], ...]:
    """A curve at no more than `POINTS` of its times, the last among them; time 0 is none."""
    keep = np.unique(np.linspace(0, len(times) - 1, POINTS).round().astype(int))
    return tuple((float(times[one]), float(values[one])) for one in keep if times[one] > 0)
