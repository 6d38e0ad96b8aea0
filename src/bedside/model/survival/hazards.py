"""Times to an event: how tables hold them, the times that are told of, curves of survival, and proportional hazards.

Times are in the unit of the data, n rows, m times. An event at a time comes before a censoring at the same time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bedside.errors import DataError, UsageError
from bedside.formats._tables import cell
from bedside.lang import tr
from bedside.types import Survival

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

INTERVALS = 16
EVENTS_EACH = 10
"""At most so many intervals, of at least so many events each."""

HORIZON = "@"
"""Before the name of an interval at whose end the chance is told."""

POINTS = 64
"""A curve is kept at this many times at most."""

_EVENT = {"1": 1, "yes": 1, "y": 1, "true": 1, "是": 1, "0": 0, "no": 0, "n": 0, "false": 0, "否": 0}


def time_and_event(row: Mapping[str, Any], label: str) -> tuple[float, int]:
    """A row's time, and whether the event came then (1) or it was last seen without (0).

    >>> time_and_event({"months": "7.5", "died": "是"}, "months+died")
    (7.5, 1)

    ValueError: why the row cannot be used.
    """
    if label in row:
        time, event = _two(row[label])
    else:
        names = [name.strip() for name in label.split("+")]
        if len(names) != 2:
            raise UsageError(
                tr("a time to an event needs two columns", "事件时间需要两列"),
                value=f"--label {label}",
                next="--label TIME+EVENT",
            )
        time, event = (cell(row, name) for name in names)
    return _time(time), _event(event)


def interval_names(labels: Sequence[tuple[float, int]]) -> tuple[str, ...]:
    """The ends of intervals that each hold as many events; the quarters of them are horizons.

    >>> interval_names([(float(time), 1) for time in range(1, 41)])
    ('@10', '@20', '@30', '40')

    Raises DataError without any event.
    """
    times = np.sort([time for time, event in labels if event])
    if not len(times):
        raise DataError(tr("no event in the training rows: nothing to learn", "训练数据中没有事件，无可学习"))
    count = min(INTERVALS, max(1, len(times) // EVENTS_EACH))
    shares = np.arange(1, count + 1) / count
    ends = np.unique(np.quantile(times, shares, method="inverted_cdf"))
    told = {ends[math.ceil(len(ends) * share) - 1] for share in (0.25, 0.5, 0.75)}
    return tuple(f"{HORIZON if end in told else ''}{end:.12g}" for end in ends if end > 0) or (f"{HORIZON}1",)


def with_horizons(names: Sequence[str], horizons: Sequence[float]) -> tuple[str, ...]:
    """The intervals with ends at these horizons as well.

    >>> with_horizons(["@10", "20"], [12.0])
    ('10', '@12', '20')
    """
    told = {f"{horizon:.12g}" for horizon in horizons}
    ends = {name.removeprefix(HORIZON) for name in names} | told
    return tuple(f"{HORIZON if end in told else ''}{end}" for end in sorted(ends, key=float))


def ends_of(names: Sequence[str]) -> Floats:
    """The end of each interval."""
    return np.array([float(name.removeprefix(HORIZON)) for name in names])


def horizons_of(names: Sequence[str]) -> tuple[float, ...]:
    """The times to tell of."""
    return tuple(float(name.removeprefix(HORIZON)) for name in names if name.startswith(HORIZON))


def interval_targets(labels: Sequence[tuple[float, int]], ends: Floats) -> Ints:
    """[n, 2]: intervals got through, and 1 where the event came in the next.

    One last seen within an interval got through it when that was in its later half (Gensheimer & Narasimhan 2019).

    >>> interval_targets([(5.0, 1), (5.0, 0), (14.0, 0), (99.0, 1)], np.array([10.0, 20.0])).tolist()
    [[0, 1], [1, 0], [1, 0], [2, 0]]
    """
    times, events = _columns(labels)
    middles = (np.concatenate([[0.0], ends[:-1]]) + ends) / 2
    through = np.where(events > 0, np.searchsorted(ends, times), np.searchsorted(middles, times, side="right"))
    return np.stack([through, events * (through < len(ends))], axis=1).astype(np.int64)


def rank_targets(labels: Sequence[tuple[float, int]]) -> Ints:
    """[n, 2]: the rank of each time among all, equal times alike, and 1 where it is an event's."""
    times, events = _columns(labels)
    return np.stack([np.unique(times, return_inverse=True)[1].reshape(-1), events], axis=1).astype(np.int64)


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


def thinned(times: Floats, values: Floats) -> tuple[tuple[float, float], ...]:
    """A curve at no more than `POINTS` of its times, the last among them; time 0 is none."""
    keep = np.unique(np.linspace(0, len(times) - 1, POINTS).round().astype(int))
    return tuple((float(times[one]), float(values[one])) for one in keep if times[one] > 0)


def _columns(labels: Sequence[tuple[float, int]]) -> tuple[Floats, Ints]:
    times, events = zip(*labels, strict=True) if labels else ((), ())
    return np.array(times, np.float64), np.array(events, np.int64)


def _two(value: Any) -> tuple[Any, Any]:
    """The time and event in one cell: a list of two."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = None
    if isinstance(value, (list, tuple)) and len(value) == 2:
        return value[0], value[1]
    raise ValueError(tr("no time and event", "没有时间与事件"))


def _time(value: Any) -> float:
    try:
        time = math.nan if isinstance(value, bool) or value is None or value == "" else float(value)
    except (TypeError, ValueError):
        raise ValueError(tr("the time is no number", "时间不是数字")) from None
    if math.isnan(time):
        raise ValueError(tr("no time", "没有时间"))
    if time < 0 or math.isinf(time):
        raise ValueError(tr("the time must be 0 or more", "时间必须为 0 或以上的有限数"))
    return time


def _event(value: Any) -> int:
    said = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip().lower()
    if said not in _EVENT:
        raise ValueError(
            tr("the event is none of 0, 1, no, yes, 否, 是", "事件须为 0、1、no、yes、否、是 之一")
            if said not in ("", "none", "nan")
            else tr("no event", "没有事件")
        )
    return _EVENT[said]
