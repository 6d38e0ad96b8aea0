"""How much reading an order saves: recall after each paper read, WSS, the time to a discovery.

n papers of which r are relevant; `found` [n] are the decisions in the order read. WSS@x is the share of papers left
unread once x of the relevant are found, less the 1 - x that leaving off at random would save (Cohen et al. 2006,
"Reducing workload in systematic review preparation using automated citation classification", JAMIA 13:206). ATD is the
mean share of papers read when a relevant one is found (Ferdinands et al. 2023, Systematic Reviews 12:100).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from bedside.evaluate.bootstrap import RESAMPLES
from bedside.evaluate.estimate import MIN_PATIENTS
from bedside.lang import tr
from bedside.types import Estimate, Figure, Undefined

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What one order gave: `read_95` papers to 95 % of the relevant; `rrf_10`: recall after a tenth is read."""

    wss_95: float
    wss_100: float
    atd: float
    rrf_10: float
    read_95: int
    read_100: int
    n: int
    relevant: int


def saved(found: Sequence[int | bool]) -> Saved:
    """The measures of one order.

    >>> one = saved([1, 0, 1] + [0] * 17)
    >>> one.wss_95, one.read_95, one.atd
    (0.8, 3, 0.1)
    """
    n, places = len(found), np.flatnonzero(np.asarray(found, bool)) + 1
    if not len(places):
        raise ValueError("no relevant paper: nothing to find")
    return Saved(
        wss_95=wss(found, 0.95),
        wss_100=wss(found, 1.0),
        atd=round(float(places.mean()) / n, 12),
        rrf_10=float(np.count_nonzero(places <= n / 10) / len(places)),
        read_95=to_recall(found, 0.95),
        read_100=int(places[-1]),
        n=n,
        relevant=len(places),
    )


def wss(found: Sequence[int | bool], recall: float) -> float:
    """Work saved over sampling at a recall."""
    n = len(found)
    return float((Fraction(n - to_recall(found, recall), n)) - (1 - Fraction(str(recall))))


def to_recall(found: Sequence[int | bool], recall: float) -> int:
    """How many papers are read until so much of the relevant is found.

    >>> to_recall([0, 1, 0, 1], 0.5), to_recall([0, 1, 0, 1], 0.95)
    (2, 4)
    """
    places = np.flatnonzero(np.asarray(found, bool)) + 1
    return int(places[ceil(Fraction(str(recall)) * len(places)) - 1])


def recall_curve(found: Sequence[int | bool], points: int = 101) -> Floats:
    """Recall after each share of the papers, [points] over 0 .. 1."""
    so_far = np.append(0, np.cumsum(np.asarray(found, bool)))
    at = np.floor(np.linspace(0, 1, points) * len(found) + 1e-9).astype(int)
    return np.asarray(so_far[at] / max(1, so_far[-1]), np.float64)


def mean_of(values: Sequence[float], seed: int = 0) -> Figure:
    """The mean over readings with its 95 % interval, by bootstrap; Undefined for fewer than five."""
    every = np.asarray(values, np.float64)
    if len(every) < MIN_PATIENTS:
        return Undefined(reason=tr("fewer than five readings", "模拟少于五次"), n=len(every))
    drawn = np.random.default_rng(seed).integers(0, len(every), (RESAMPLES, len(every)))
    low, high = np.quantile(every[drawn].mean(axis=1), [0.025, 0.975])
    method = f"bootstrap over readings, {RESAMPLES} resamples"
    return Estimate(
        value=float(every.mean()),
        low=float(low),
        high=float(high),
        n=len(every),
        n_patients=len(every),
        method=method,
        seed=seed,
    )
