"""Rows with times to an event in every draw at once: Kaplan-Meier curves, and figures that make up for censoring.

Shapes: n rows, u distinct times, m times asked, r draws.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bedside.evaluate.bootstrap import Array, Ints

_ROWS = 256  # rows compared with all others at a time


@dataclass(frozen=True)
class Censored:
    """`times` [n], `events` [n] (0: last seen then, without), and `weights` [n, r]: how often a row came up in a draw.

    >>> rows = Censored(np.array([1.0, 2.0, 3.0]), np.array([1, 0, 1]), np.ones((3, 1)))
    >>> rows.kaplan_meier(2.5).tolist()
    [0.6666666666666667]
    """

    times: Array = field(repr=False)
    events: Ints = field(repr=False)
    weights: Array = field(repr=False)

    def take(self, rows: Ints) -> Censored:
        """Some of the rows."""
        return Censored(self.times[rows], self.events[rows], self.weights[rows])

    def mean(self, values: Array) -> Array:
        """The mean of `values` [n] in each draw, [r]."""
        with np.errstate(invalid="ignore"):
            return values @ self.weights / self.weights.sum(0)

    def kaplan_meier(self, at: float) -> Array:
        """The chance of no event by a time, [r]; NaN beyond what was seen (Kaplan & Meier 1958)."""
        if not len(self.times) or (at > self.times.max() and not self.events[self.times.argmax()]):
            return np.full(self.weights.shape[1], np.nan)
        _, _, at_risk, died, _ = self._table
        return _step(_product(died, at_risk), int(np.searchsorted(self._table[0], at, side="right")))

    def concordance(self, risk: Array, *, upto: float) -> tuple[Array, Array]:
        """Harrell's C-index, and Uno's for events up to a time, [r] each: pairs whose earlier event has more risk."""
        sums = np.zeros((4, self.weights.shape[1]))
        weights = self.weights.astype(np.float32)
        unseen = self._seen_before**2
        rows = np.flatnonzero(self.events)
        for part in (rows[at : at + _ROWS] for at in range(0, len(rows), _ROWS)):
            own, times = self.times[part, None], self.times[None, :]
            pairs = (own < times) | ((own == times) & (self.events == 0))
            more = (risk[part, None] > risk).astype(np.float32) + np.float32(0.5) * (risk[part, None] == risk)
            right, all_ = (pairs * more) @ weights, pairs.astype(np.float32) @ weights
            drawn, by = self.weights[part], unseen[self._table[1][part]]
            weighted = np.divide(drawn, by, out=np.zeros_like(drawn), where=by > 0) * (own <= upto)
            sums += [(drawn * right).sum(0), (drawn * all_).sum(0), (weighted * right).sum(0), (weighted * all_).sum(0)]
        with np.errstate(invalid="ignore"):
            return sums[0] / sums[1], sums[2] / sums[3]

    def brier(self, chances: Array, at: Array) -> Array:
        """The Brier score [m, r] of chances [n, m] of no event by times [m], weighted for censoring (Graf et al. 1999).

        NaN where a chance is, and where nobody is seen any more.
        """
        times, number, *_ = self._table
        before = self._seen_before[number]
        ended = np.divide(self.weights, before, out=np.zeros_like(self.weights), where=before > 0)
        gone = (self.times[:, None] <= at) & (self.events[:, None] > 0)
        here = self.times[:, None] > at
        seen = np.stack([_step(self._seen, int(np.searchsorted(times, one, side="right"))) for one in at])
        with np.errstate(invalid="ignore", divide="ignore"):
            dead = np.where(gone, chances**2, 0).T @ ended
            alive = np.where(here, (1 - chances) ** 2, 0).T @ self.weights
            score = (dead + np.where(alive > 0, alive / seen, 0)) / self.weights.sum(0)
        known = ~np.isnan(chances).any(0) & (at <= self.times.max())
        return np.where(known[:, None], score, np.nan)

    @cached_property
    def _table(self) -> tuple[Array, Ints, Array, Array, Array]:
        """Distinct times [u], the number of each row's, and at each time [u, r]: at risk, events, last seen."""
        times, number = np.unique(self.times, return_inverse=True)
        died, left = np.zeros((2, len(times), self.weights.shape[1]))
        np.add.at(died, number[self.events > 0], self.weights[self.events > 0])
        np.add.at(left, number[self.events == 0], self.weights[self.events == 0])
        return times, number, np.cumsum((died + left)[::-1], axis=0)[::-1], died, left

    @cached_property
    def _seen(self) -> Array:
        """The chance of still being seen after each distinct time, [u, r]; an event comes before a censoring then."""
        _, _, at_risk, died, left = self._table
        return _product(left, at_risk - died)

    @cached_property
    def _seen_before(self) -> Array:
        """The chance of still being seen just before each distinct time, [u, r]."""
        return np.concatenate([np.ones((1, self.weights.shape[1])), self._seen[:-1]])


def _product(ended: Array, at_risk: Array) -> Array:
    """The product of one minus the share that ended, up to each time, [u, r]."""
    share = np.divide(ended, at_risk, out=np.zeros_like(ended), where=at_risk > 0)
    return np.cumprod(1 - share, axis=0)


def _step(curve: Array, passed: int) -> Array:
    """A curve's value [r] once so many of its times are passed."""
    return curve[passed - 1] if passed else np.ones(curve.shape[1])
