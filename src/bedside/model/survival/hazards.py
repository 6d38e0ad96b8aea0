"""Proportional hazards: their partial likelihood, the baseline hazard, and how well risks order times (concordance).

Times are in the unit of the data, n rows, m times. An event at a time comes before a censoring at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bedside.model.survival.curves import Floats

Ints = NDArray[np.int64]


def rank_targets(labels: Sequence[tuple[float, int]]) -> Ints:
    """[n, 2]: the rank of each time among all, equal times alike, and 1 where it is an event's."""
    times, events = _columns(labels)
    return np.stack([np.unique(times, return_inverse=True)[1].reshape(-1), events], axis=1).astype(np.int64)


def concordance(risk: Floats, labels: Sequence[tuple[float, int]]) -> float:
    """The share of pairs whose earlier event bears the higher risk (equal risks count one half); NaN without pairs.

    >>> concordance(np.array([3.0, 2.0, 1.0]), [(1.0, 1), (2.0, 0), (3.0, 1)])
    1.0

    Source: Harrell et al. 1982, "Evaluating the yield of medical tests".
    """
    times, events = _columns(labels)
    right = pairs = 0.0
    for row in np.flatnonzero(events):
        later = (times > times[row]) | ((times == times[row]) & (events == 0))
        right += (risk[row] > risk[later]).sum() + 0.5 * (risk[row] == risk[later]).sum()
        pairs += later.sum()
    return float(right / pairs) if pairs else float("nan")


def partial_surprise(relative: Floats, labels: Sequence[tuple[float, int]]) -> float:
    """Negative log partial likelihood of log relative hazards [n], ties as Breslow has them."""
    times, events = _columns(labels)
    order = np.argsort(-times, kind="stable")
    together = np.logaddexp.accumulate(relative[order])
    last = np.searchsorted(-times[order], -times[order], side="right") - 1  # those who tie are at risk together
    return float((events[order] * (together[last] - relative[order])).sum())


def cumulative_hazard(relative: Floats, labels: Sequence[tuple[float, int]]) -> tuple[Floats, Floats]:
    """The times of events, and Breslow's cumulative baseline hazard at each, for log relative hazards [n].

    Source: Breslow 1972, in the discussion of Cox 1972.
    """
    times, events = _columns(labels)
    at, deaths = np.unique(times[events > 0], return_counts=True)
    order = np.argsort(times, kind="stable")
    at_risk = np.cumsum(np.exp(relative[order])[::-1])[::-1][np.searchsorted(times[order], at)]
    return at, np.cumsum(deaths / at_risk)


def _columns(labels: Sequence[tuple[float, int]]) -> tuple[Floats, Ints]:
    times, events = zip(*labels, strict=True) if labels else ((), ())
    return np.array(times, np.float64), np.array(events, np.int64)
