"""A chart on one axis of time: a lane a group, near entries as one mark, a medicine from first entry to last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bedside.facts.in_chart import is_stopped, words_of
from bedside.server.workbench.entries import GROUPS, group_of, instant
from bedside.types import Entry

NARROW, WIDE, FEW = 900.0, 2400.0, 200
"""How wide the picture is for a few entries, and for more than these."""
STEP, LEFT = 8.0, 8.0
"""The least distance of two marks: what is nearer is one mark that says how many; the room before the first."""
LANE, BAR = 34.0, 13.0
MOST_BARS = 12
"""Medicines that have a bar; the others are marks in their lane."""
SPANS = {"all": 0, "10y": 3653, "2y": 731, "6m": 183}
"""Days before the last entry that are looked at."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry, or several that stand too near to be told apart; `until` is the last day of them."""

    x: float
    count: int
    until: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A medicine from its first entry to its last; `open`: no entry says that it was stopped."""

    start: float
    end: float
    text: str
    since: str
    until: str
    open: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One group on the axis; `top` is where it begins in the picture."""

    group: str
    top: float
    height: float
    marks: tuple[Mark, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """The picture: its lanes, and the years or months that its ticks stand for (x, words)."""

    lanes: tuple[Lane, ...] = ()
    ticks: tuple[tuple[float, str], ...] = ()
    width: float = NARROW
    height: float = 0.0
    undated: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class _Scale:
    first: float
    last: float
    width: float

    def x(self, time: float) -> float:
        share = (time - self.first) / ((self.last - self.first) or 1.0)
        return round(LEFT + (self.width - 2 * LEFT) * share, 1)

    def holds(self, time: float) -> bool:
        return self.first <= time <= self.last


@dataclass(frozen=True, slots=True)
class _Dated:
    time: float
    entry: Entry = field(repr=False)


def axis(entries: Sequence[Entry], span: str = "all") -> Axis:
    """The lanes of the groups that have entries in the span, which counts back from the last entry.

    >>> told = [Entry(id=t, kind="Condition", text="Gout", time=t) for t in ("2014-05-01", "2014-05-02", "2026-01-01")]
    >>> [(mark.count, mark.until) for mark in axis(told).lanes[0].marks]
    [(2, '2014-05-02'), (1, '2026-01-01')]
    """
    dated = sorted((_Dated(at, one) for one in entries if (at := instant(one.time)) is not None), key=_when)
    undated = len(entries) - len(dated)
    if not dated:
        return Axis(undated=undated)
    last, days = dated[-1].time, SPANS.get(span, 0)
    first = max(dated[0].time, last - days) if days else dated[0].time
    within = sum(one.time >= first for one in dated)
    scale = _Scale(first, last, NARROW if within <= FEW else WIDE)
    lanes, top = list[Lane](), 0.0
    for group in (*GROUPS, "others"):
        if lane := _lane(group, [one for one in dated if group_of(one.entry) == group], scale, top):
            lanes.append(lane)
            top += lane.height
    return Axis(tuple(lanes), tuple(_ticks(scale)), scale.width, top, undated, _day(first), _day(last))


def _lane(group: str, dated: Sequence[_Dated], scale: _Scale, top: float) -> Lane | None:
    bars = tuple(_bars(dated, scale)) if group == "medicines" else ()
    marks = () if bars else tuple(_marks([one for one in dated if scale.holds(one.time)], scale))
    if not (bars or marks):
        return None
    return Lane(group, top, max(LANE, BAR * len(bars) + 12), marks, bars)


def _marks(dated: Sequence[_Dated], scale: _Scale) -> Iterator[Mark]:
    """Entries in the order of time; those within a step of the first of a mark belong to it."""
    at = 0
    while at < len(dated):
        x, end = scale.x(dated[at].time), at + 1
        while end < len(dated) and scale.x(dated[end].time) - x < STEP:
            end += 1
        last = dated[end - 1].entry
        yield Mark(x, end - at, (last.time or "")[:10], words_of(last)[:80])
        at = end


def _bars(dated: Sequence[_Dated], scale: _Scale) -> Iterator[Bar]:
    """A bar a medicine, by its words; the latest ones where there are too many."""
    by_name: dict[str, list[_Dated]] = {}
    for one in dated:
        by_name.setdefault(words_of(one.entry), []).append(one)
    found = [_bar(name, of, scale) for name, of in by_name.items()]
    shown = sorted((one for one in found if one is not None), key=lambda one: (one.end, one.start))[-MOST_BARS:]
    return iter(sorted(shown, key=lambda one: one.start))


def _bar(name: str, dated: Sequence[_Dated], scale: _Scale) -> Bar | None:
    first, last = dated[0], dated[-1]
    goes_on = not is_stopped(last.entry)
    end = scale.last if goes_on else last.time
    if end < scale.first:
        return None
    start = max(first.time, scale.first)
    days = ((first.entry.time or "")[:10], "" if goes_on else (last.entry.time or "")[:10])
    return Bar(scale.x(start), max(scale.x(end), scale.x(start) + 3), name, *days, goes_on)


def _ticks(scale: _Scale) -> Iterable[tuple[float, str]]:
    """Years, at most twelve of them; months where the axis is shorter than two years."""
    first, last = date.fromordinal(int(scale.first)), date.fromordinal(int(scale.last))
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next(one for one in (1, 3, 12, 24, 60, 120, 240, 600) if months / one <= 12 or one == 600)
    for number in range(months + 2):
        year, month = divmod(first.month - 1 + number, 12)
        day = date(min(9999, first.year + year), month + 1, 1)
        here = (day.month - 1 + 12 * day.year) % step == 0
        if here and scale.holds(day.toordinal()):
            yield scale.x(day.toordinal()), str(day.year) if step >= 12 else f"{day:%Y-%m}"


def _when(one: _Dated) -> float:
    return one.time


def _day(time: float) -> str:
    return date.fromordinal(int(time)).isoformat()
