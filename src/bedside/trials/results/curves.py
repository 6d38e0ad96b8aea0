"""Times to an event in the arms of a trial: survival curves, medians, the log-rank test and the hazard ratio."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError
from bedside.lang import tr
from bedside.trials.results.effects import Z95, Effect, effect

Array = NDArray[np.float64]
Tied = tuple[int, float, float, float, float, float]
_STEPS, _NEAR, _FAR = 50, 1e-9, 12.0


@dataclass(frozen=True, slots=True)
class Curve:
    """The chance of no event by each time at which one came (Kaplan & Meier 1958), with 95 % limits.

    Limits: Greenwood's variance of log(-log), so that they stay between 0 and 1 (Kalbfleisch & Prentice 2002).
    """

    name: str
    times: Array = field(repr=False)
    chances: Array = field(repr=False)
    low: Array = field(repr=False)
    high: Array = field(repr=False)
    at_risk: Array = field(repr=False)
    lost: Array = field(repr=False)
    """Times at which someone was last seen without an event."""
    until: Array = field(repr=False)
    """Everybody's time."""
    n: int
    events: int

    def at(self, time: float) -> float:
        """The chance of no event by a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if place == 0 else float(self.chances[place - 1])

    def seen(self, time: float) -> int:
        """Patients still at risk just before a time."""
        return int((self.until >= time).sum())

    def median(self) -> tuple[float | None, float | None, float | None]:
        """The time by which half had the event, with its limits (Brookmeyer & Crowley 1982); None: not reached."""
        return tuple(self._first_under(one) for one in (self.chances, self.low, self.high))  # type: ignore[return-value]

    def _first_under(self, chances: Array) -> float | None:
        under = np.flatnonzero(chances <= 0.5 + _NEAR)
        return float(self.times[under[0]]) if len(under) else None


def kaplan_meier(times: Array, events: Array, name: str = "") -> Curve:
    """The curve of one arm: `times` [n], `events` [n], 1 where the event came and 0 where it had not until then.

    >>> curve = kaplan_meier(np.array([6.0, 6, 6, 6, 7, 9]), np.array([1, 1, 1, 0, 1, 0]))
    >>> curve.times.tolist(), curve.chances.round(3).tolist(), curve.at_risk.tolist()
    ([6.0, 7.0], [0.5, 0.25], [6.0, 2.0])
    """
    _check(times)
    at = np.unique(times[events > 0])
    died = np.array([((times == one) & (events > 0)).sum() for one in at], float)
    at_risk = np.array([(times >= one).sum() for one in at], float)
    chances = np.cumprod(1 - died / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(died / (at_risk * (at_risk - died)))
        reach = Z95 * np.sqrt(greenwood) / np.abs(np.log(chances))
        low, high = chances ** np.exp(reach), chances ** np.exp(-reach)
    low, high = np.where(chances == 0, 0, low), np.where(chances == 0, np.nan, high)
    lost = np.sort(times[events == 0])
    return Curve(name, at, chances, low, high, at_risk, lost, times, len(times), int((events > 0).sum()))


def log_rank(arms: Sequence[tuple[Array, Array]]) -> tuple[float, int, float]:
    """Whether arms, (times, events) each, differ: chi-square, degrees of freedom, p (Mantel 1966)."""
    from scipy.stats import chi2

    if len(arms) < 2:
        raise DataError(tr("two arms at least are needed", "至少需要两组"), value=len(arms))
    at = np.unique(np.concatenate([times[events > 0] for times, events in arms]))
    died = np.array([[((times == one) & (events > 0)).sum() for one in at] for times, events in arms], float)
    at_risk = np.array([[(times >= one).sum() for one in at] for times, events in arms], float)
    d, n = died.sum(0), at_risk.sum(0)
    expected = at_risk * d / n
    by = np.divide(d * (n - d), n - 1, out=np.zeros_like(d), where=n > 1)
    share = at_risk / n
    df = len(arms) - 1
    variance = np.diag((share * by).sum(1)) - (share * by) @ share.T
    excess = (died - expected).sum(1)[:df]
    statistic = float(excess @ np.linalg.pinv(variance[:df, :df]) @ excess)
    return statistic, df, float(chi2.sf(statistic, df))


def hazard_ratio(times: Array, events: Array, treated: Array, *, study: str = "") -> Effect:
    """The hazard of the treated [n, 1 or 0] against the others: Cox 1972, ties after Efron 1977.

    Raises DataError where an arm is empty or has no event, or where no finite ratio exists.
    """
    _check(times)
    died = events > 0
    if not (died & (treated > 0)).any() or not (died & (treated == 0)).any():
        raise DataError(tr("an arm has no event", "某组没有事件"))
    parts = [_tied(times, died, treated, one) for one in np.unique(times[died])]
    beta = 0.0
    for _ in range(_STEPS):
        score = information = 0.0
        for number, risen, out_0, out_1, tied_0, tied_1 in parts:
            share = np.arange(number) / number
            one = math.exp(beta) * (out_1 - share * tied_1)
            mean = one / (one + out_0 - share * tied_0)
            score += risen - float(mean.sum())
            information += float((mean * (1 - mean)).sum())
        step = score / information
        beta += step
        if abs(step) < _NEAR:
            break
    if abs(beta) > _FAR:
        raise DataError(tr("the arms do not overlap in time: no finite hazard ratio", "两组时间不重叠：无有限风险比"))
    return effect("HR", beta, 1 / math.sqrt(information), n=len(times), study=study)


def _tied(times: Array, died: NDArray[np.bool_], treated: Array, at: float) -> Tied:
    """At one time: events, those of the treated, and of either arm who was at risk and who had the event."""
    here, out = (times == at) & died, times >= at
    one = treated > 0
    risen = float((here & one).sum())
    return (int(here.sum()), risen, float((out & ~one).sum()), float((out & one).sum()), here.sum() - risen, risen)


def _check(times: Array) -> None:
    if not len(times):
        raise DataError(tr("an arm without patients", "某组没有患者"))
    if not np.isfinite(times).all() or (times < 0).any():
        raise DataError(tr("times must be numbers, 0 or more", "时间须为不小于 0 的数"))
