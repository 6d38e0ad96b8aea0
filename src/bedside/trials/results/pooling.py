"""Meta-analysis: effects of several studies as one, alike (fixed) or about a mean (random), and how far they differ."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.errors import DataError
from bedside.lang import tr
from bedside.trials.results.effects import Effect, Measure, effect, with_limits

Tau = Literal["DL", "PM", "REML"]
"""DerSimonian & Laird 1986, Paule & Mandel 1982, restricted maximum likelihood (Viechtbauer 2005)."""
Array = NDArray[np.float64]
_STEPS, _NEAR = 200, 1e-10
FEWEST_FOR_EGGER = 10
"""Studies below which a test of asymmetry says nothing (Sterne et al. 2011)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Studies as one: the effect, each study's share, and how much they differ beyond chance.

    `tau2` is the variance between studies on the pooling scale, `i2` the share of variation that is no chance (Higgins
    & Thompson 2002), `prediction` where the effect of a new study lies in 95 of 100 (Higgins et al. 2009).
    """

    effect: Effect
    model: str
    weights: tuple[float, ...]
    q: float
    q_p: float
    i2: float
    tau2: float = 0.0
    prediction: tuple[float, float] | None = None


def fixed(effects: Sequence[Effect]) -> Pooled:
    """Inverse-variance weights: all studies are taken to measure the same effect."""
    y, v, measure = _plain(effects)
    mean, se, weights = _weighted(y, 1 / v)
    made = effect(measure, mean, se, n=_patients(effects))
    q, q_p, i2 = _spread(y, v)
    return Pooled(effect=made, model="fixed", weights=tuple(weights.tolist()), q=q, q_p=q_p, i2=i2)


def random(effects: Sequence[Effect], tau: Tau = "REML", *, hartung_knapp: bool = False) -> Pooled:
    """Weights that hold the variance between studies too: the mean of effects that differ.

    `hartung_knapp` takes the interval from the spread of the studies and the t distribution (Hartung & Knapp 2001).
    """
    y, v, measure = _plain(effects)
    between = _TAU[tau](y, v)
    mean, se, weights = _weighted(y, 1 / (v + between))
    df, n = len(y) - 1, _patients(effects)
    if hartung_knapp:
        se = math.sqrt(float((weights * (y - mean) ** 2).sum()) / df)
        made = with_limits(measure, mean, se, _t(df) * se, _t_p(mean / se, df), n=n)
    else:
        made = effect(measure, mean, se, n=n)
    reach = _t(df - 1) * math.sqrt(between + se**2) if df > 1 else None
    ends = None if reach is None else with_limits(measure, mean, se, reach, 1.0)
    prediction = None if ends is None else (ends.low, ends.high)
    model = f"random, {tau}" + (", Hartung-Knapp" if hartung_knapp else "")
    q, q_p, i2 = _spread(y, v)
    shares = tuple(weights.tolist())
    return Pooled(effect=made, model=model, weights=shares, q=q, q_p=q_p, i2=i2, tau2=between, prediction=prediction)


def mantel_haenszel(
    tables: Sequence[tuple[tuple[float, float], tuple[float, float]]], measure: Measure = "RR"
) -> Effect:
    """Counts of several studies, ((events, n), (events, n)) each, as one ratio without correcting empty cells.

    Variances: Greenland & Robins 1985 (risk ratio), Robins, Breslow & Greenland 1986 (odds ratio).
    """
    a, n1, c, n2 = np.array([[*one, *two] for one, two in tables], float).T
    b, d, n = n1 - a, n2 - c, n1 + n2
    if measure == "RR":
        r, s = (a * n2 / n).sum(), (c * n1 / n).sum()
        variance = ((n1 * n2 * (a + c) - a * c * n) / n**2).sum() / (r * s) if r * s > 0 else 0
    elif measure == "OR":
        p, q, one, two = (a + d) / n, (b + c) / n, a * d / n, b * c / n
        r, s = one.sum(), two.sum()
        parts = (p * one).sum() / (2 * r**2), (p * two + q * one).sum() / (2 * r * s), (q * two).sum() / (2 * s**2)
        variance = sum(parts) if r * s > 0 else 0
    else:
        raise DataError(tr("only RR and OR are pooled by counts", "仅 RR、OR 可按计数合并"), value=measure)
    if variance <= 0:
        raise DataError(tr("an arm has no events in any study", "某组在所有研究中均无事件"))
    return effect(measure, math.log(r / s), math.sqrt(variance), n=int(n.sum()))


def egger(effects: Sequence[Effect]) -> float | None:
    """The p value of Egger's test that small studies differ (Egger et al. 1997); None with fewer than ten studies."""
    from scipy.stats import linregress

    if len(effects) < FEWEST_FOR_EGGER:
        return None
    y, v, _ = _plain(effects)
    precision = 1 / np.sqrt(v)
    line = linregress(precision, y * precision)
    return _t_p(line.intercept / line.intercept_stderr, len(y) - 2)


def leave_one_out(effects: Sequence[Effect], pool: Callable[[Sequence[Effect]], Pooled]) -> list[Effect]:
    """What is pooled without each study in turn."""
    return [pool([*effects[:n], *effects[n + 1 :]]).effect for n in range(len(effects))]


def _plain(effects: Sequence[Effect]) -> tuple[Array, Array, Measure]:
    if len(effects) < 2:
        raise DataError(tr("two studies at least are needed", "至少需要两项研究"), value=len(effects))
    if len({one.measure for one in effects}) > 1:
        raise DataError(tr("studies of different measures", "研究的效应指标不一致"))
    y, se = np.array([(one.plain, one.se) for one in effects]).T
    return y, se**2, effects[0].measure


def _patients(effects: Sequence[Effect]) -> int:
    return sum(one.n for one in effects)


def _weighted(y: Array, w: Array) -> tuple[float, float, Array]:
    total = w.sum()
    return float((w * y).sum() / total), float(1 / np.sqrt(total)), w / total


def _spread(y: Array, v: Array) -> tuple[float, float, float]:
    """Cochran's Q, its p value, and the share of variation that is no chance."""
    from scipy.stats import chi2

    mean, *_ = _weighted(y, 1 / v)
    q, df = float(((y - mean) ** 2 / v).sum()), len(y) - 1
    return q, float(chi2.sf(q, df)), max(0.0, (q - df) / q) if q > 0 else 0.0


def _dersimonian_laird(y: Array, v: Array) -> float:
    w = 1 / v
    q = _spread(y, v)[0]
    return max(0.0, (q - (len(y) - 1)) / float(w.sum() - (w**2).sum() / w.sum()))


def _paule_mandel(y: Array, v: Array) -> float:
    tau2, df = 0.0, len(y) - 1
    for _ in range(_STEPS):
        w = 1 / (v + tau2)
        mean, *_ = _weighted(y, w)
        excess = float((w * (y - mean) ** 2).sum()) - df
        if excess <= _NEAR and tau2 == 0:
            return 0.0
        step = excess / float((w**2 * (y - mean) ** 2).sum())
        tau2 = max(0.0, tau2 + step)
        if abs(step) < _NEAR:
            break
    return tau2


def _reml(y: Array, v: Array) -> float:
    """Fisher scoring of the restricted likelihood, from DerSimonian and Laird's value."""
    tau2 = _dersimonian_laird(y, v)
    for _ in range(_STEPS):
        w = 1 / (v + tau2)
        mean, *_ = _weighted(y, w)
        total = w.sum()
        p_diagonal = w - w**2 / total
        score = float((w**2 * (y - mean) ** 2).sum() - p_diagonal.sum())
        information = float((w**2).sum() - 2 * (w**3).sum() / total + ((w**2).sum() / total) ** 2)
        step = score / information
        new = max(0.0, tau2 + step)
        if abs(new - tau2) < _NEAR:
            return new
        tau2 = new
    return tau2


_TAU: dict[str, Callable[[Array, Array], float]] = {
    "DL": _dersimonian_laird,
    "PM": _paule_mandel,
    "REML": _reml,
}


def _t(df: int) -> float:
    from scipy.stats import t

    return float(t.ppf(0.975, df))


def _t_p(value: float, df: int) -> float:
    from scipy.stats import t

    return float(2 * t.sf(abs(value), df))
