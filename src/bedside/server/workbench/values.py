"""Measured values in time: each series with its reference range, its trend, and the points of its plot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bedside.facts.measured import measured_name
from bedside.phenotypes.chart import day_of
from bedside.phenotypes.measured import Verdict
from bedside.phenotypes.reference import Reference, reference_of, verdict_of
from bedside.server.workbench.entries import instant
from bedside.types import Entry, RawChart

WIDTH, HEIGHT, PAD = 320.0, 96.0, 8.0
MOST_POINTS = 400
"""Points of one plot; of a longer series the latest are drawn."""
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value, and where it stands to what is normal; `x` and `y` are its place in the plot."""

    time: str
    number: float
    verdict: Verdict | None
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Series:
    """One measured thing in time, oldest first; `band` is where the reference range stands in the plot (y, height)."""

    name: str
    unit: str
    values: tuple[Value, ...]
    reference: Reference | None
    band: tuple[float, float] | None

    @property
    def latest(self) -> Value:
        """The last value."""
        return self.values[-1]

    @property
    def change(self) -> float | None:
        """From the value before the last to the last; None of a single one."""
        return self.values[-1].number - self.values[-2].number if len(self.values) > 1 else None

    @property
    def newest(self) -> list[Value]:
        """The rows of its table."""
        return list(reversed(self.values[-MOST_ROWS:]))

    @property
    def abnormal(self) -> bool:
        """Whether the last value is out of range."""
        return self.latest.verdict in ("low", "high")

    @property
    def points(self) -> str:
        """Of the plot's line; empty of a single value."""
        return " ".join(f"{one.x:.1f},{one.y:.1f}" for one in self.values) if len(self.values) > 1 else ""

    @property
    def told(self) -> str:
        """The values as JSON, for who reads the plot by keyboard: time, number, verdict, place."""
        rows = [[one.time[:16], f"{one.number:g}", one.verdict or "", one.x, one.y] for one in self.values]
        return json.dumps(rows, ensure_ascii=False)


def series_of(chart: RawChart) -> list[Series]:
    """The measured values by name, those out of range first, then the latest.

    >>> values, tsh = [("2024", 3.1), ("2025", 9.6)], "TSH (reference 0.4 - 4.0)"
    >>> entries = [Entry(id=t, kind="Observation", text=tsh, unit="mIU/L", value=v, time=t) for t, v in values]
    >>> (one,) = series_of(RawChart(patient="1", entries=tuple(entries)))
    >>> one.name, one.latest.verdict, round(one.change, 2)
    ('TSH', 'high', 6.5)
    """
    measured = [one for one in chart.entries if one.kind == "Observation" and _is_number(one)]
    ordered = sorted(measured, key=lambda one: (*_name(one), one.time or ""))
    found = [_series(list(group), chart) for _, group in groupby(ordered, key=_name)]
    newest = sorted(found, key=lambda one: one.latest.time, reverse=True)
    return sorted(newest, key=lambda one: not one.abnormal)


def _is_number(entry: Entry) -> bool:
    return isinstance(entry.value, (int, float)) and abs(entry.value) != float("inf") and entry.value == entry.value


def _name(entry: Entry) -> tuple[str, str]:
    return measured_name(entry), entry.unit or ""


def _series(group: list[Entry], chart: RawChart) -> Series:
    read = [(one, _reference(one, chart)) for one in group[-MOST_POINTS:]]
    values = [
        Value(one.time or "", float(one.value), verdict_of(one.text, float(one.value), found))
        for one, found in read
        if isinstance(one.value, (int, float))
    ]
    reference = read[-1][1]
    low, high = _span(values, reference)
    name, unit = _name(group[-1])
    return Series(name, unit, tuple(_placed(values, low, high)), reference, _band(reference, low, high))


def _reference(entry: Entry, chart: RawChart) -> Reference | None:
    value = float(entry.value) if isinstance(entry.value, (int, float)) else 0.0
    age = _age(chart.birth_date, day_of(entry.time))
    return reference_of(entry.codes, entry.text, value, entry.unit or "", age_years=age, sex=chart.sex)


def _age(birth_date: str | None, on: date | None) -> float | None:
    born = day_of(birth_date)
    return (on - born).days / 365.25 if born and on and on >= born else None


def _span(values: Sequence[Value], reference: Reference | None) -> tuple[float, float]:
    """The least and the greatest that the plot shows: the values and the bounds that are known."""
    bounds = (reference.low, reference.high) if reference else ()
    shown = [*(one.number for one in values), *(one for one in bounds if one is not None)]
    low, high = min(shown), max(shown)
    room = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    return low - room, high + room


def _placed(values: Sequence[Value], low: float, high: float) -> Iterable[Value]:
    """The values with their places: by time where all have one, else one after the other."""
    times = [instant(one.time) for one in values]
    known = [one for one in times if one is not None]
    even = len(known) < len(values) or max(known) == min(known)
    for number, (one, time) in enumerate(zip(values, times, strict=True)):
        share = number / max(1, len(values) - 1)
        if not even and time is not None:
            share = (time - min(known)) / (max(known) - min(known))
        x = PAD + (WIDTH - 2 * PAD) * share if len(values) > 1 else WIDTH / 2
        yield Value(one.time, one.number, one.verdict, round(x, 1), round(_y(one.number, low, high), 1))


def _band(reference: Reference | None, low: float, high: float) -> tuple[float, float] | None:
    if reference is None:
        return None
    top = 0.0 if reference.high is None else _y(reference.high, low, high)
    bottom = HEIGHT if reference.low is None else _y(reference.low, low, high)
    return round(top, 1), round(bottom - top, 1)


def _y(value: float, low: float, high: float) -> float:
    return HEIGHT * (1 - (value - low) / (high - low))
