"""Intervals of time that each hold as many events, and the horizons at which a chance is told."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from bedside.errors import DataError
from bedside.lang import tr
from bedside.model.survival.curves import Floats
from bedside.model.survival.hazards import Ints, _columns

INTERVALS = 16

EVENTS_EACH = 10
"""At most so many intervals, of at least so many events each."""

HORIZON = "@"
"""Before the name of an interval at whose end the chance is told."""


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
