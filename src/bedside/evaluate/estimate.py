"""Turns a value and its resamples into an `Estimate`, or says why there is none.

Interval: percentile bootstrap, stretched where needed to hold the value itself; for a figure that resampling biases
(calibration error) the reverse percentile. Where every resample agrees at 0 or 1, resampling is blind to what was not
seen, and the exact binomial bound on the number of patients stands instead (Hanley & Lippman-Hand 1983, the rule of
three).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bedside.lang import tr
from bedside.types import Estimate, Figure, Undefined

LEVEL = 0.95
MIN_PATIENTS = 5
"""Fewer patients than this give no interval worth printing."""

FEW_PATIENTS = 30
"""Below this the report warns: cluster bootstrap intervals come out too narrow (Cameron, Gelbach & Miller 2008)."""

_TAIL = (1 - LEVEL) / 2
_BLIND = 0.5  # share of resamples that may lack a value before the interval is withheld


def figure(
    values: NDArray[np.float64],
    *,
    n: int,
    n_patients: int,
    seed: int,
    kind: Literal["percentile", "reverse"] = "percentile",
    bounded: bool = True,
) -> Figure:
    """The figure from `values` [r]: the data's own value first, then its resamples; NaN where a draw gives none.

    `bounded`: the figure lies in [0, 1], as all metrics here but differences do.
    """
    value, resamples = float(values[0]), values[1:]
    resamples = resamples[~np.isnan(resamples)]
    if n_patients < MIN_PATIENTS:
        return _too_few(n, n_patients)
    if np.isnan(value):
        return Undefined(reason=tr("the data cannot give it", "数据不足以计算"), n=n, n_patients=n_patients)
    if len(resamples) < _BLIND * (len(values) - 1):
        reason = tr("most resamples cannot give it: too rare", "过于罕见，多数重抽样无法计算")
        return Undefined(reason=reason, n=n, n_patients=n_patients)
    low, high = (float(q) for q in np.quantile(resamples, [_TAIL, 1 - _TAIL]))
    method = f"patient bootstrap, {kind}, {len(values) - 1} resamples"
    if kind == "reverse":
        low, high = 2 * value - high, 2 * value - low
    if bounded and low == high and value in (0.0, 1.0):
        low, high = exact_bounds(value, n_patients)
        method = "exact binomial on patients"
    if bounded:
        low, high = max(low, 0.0), high if kind == "percentile" else min(high, 1.0)
    low, high = min(low, value), max(high, value)
    return Estimate(value=value, low=low, high=high, n=n, n_patients=n_patients, method=method, seed=seed, level=LEVEL)


def exact_bounds(value: float, n: int) -> tuple[float, float]:
    """Clopper-Pearson at 0 of n or n of n.

    >>> [round(x, 3) for x in exact_bounds(1.0, 30)]
    [0.884, 1.0]
    """
    far = _TAIL ** (1 / n)
    return (far, 1.0) if value == 1.0 else (0.0, 1 - far)


def _too_few(n: int, n_patients: int) -> Undefined:
    reason = tr(f"fewer than {MIN_PATIENTS} patients", f"患者少于 {MIN_PATIENTS} 人")
    return Undefined(reason=reason, n=n, n_patients=n_patients)
