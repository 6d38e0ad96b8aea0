"""Times as cron writes them: minute, hour, day of the month, month, day of the week (0 or 7 is Sunday)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
FURTHEST_DAYS = 366 * 8 + 1
"""How far back a day is looked for: 29 February comes every eight years at the latest."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which minutes are meant; where both days are restricted either will do, as cron has it."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    either_day: bool

    def latest(self, now: float, zone: tzinfo) -> float | None:
        """The last such minute up to `now` (seconds since 1970); None where there was none in eight years.

        An hour that a change of clocks repeats counts once, and one that it leaves out counts an hour later.

        >>> from datetime import UTC
        >>> noon = datetime(2026, 3, 2, 12, 0, tzinfo=UTC).timestamp()
        >>> datetime.fromtimestamp(read("30 3 * * 0").latest(noon, UTC), UTC).isoformat()
        '2026-03-01T03:30:00+00:00'
        """
        today = datetime.fromtimestamp(now, zone).date()
        for back in range(FURTHEST_DAYS):
            day = today - timedelta(days=back)
            if self._is_on(day) and (found := self._latest_of(day, now, zone)) is not None:
                return found
        return None

    def _is_on(self, day: date) -> bool:
        weekday, of_month = day.isoweekday() % 7 in self.weekdays, day.day in self.days
        return day.month in self.months and (weekday or of_month if self.either_day else weekday and of_month)

    def _latest_of(self, day: date, now: float, zone: tzinfo) -> float | None:
        for hour in reversed(self.hours):
            for minute in reversed(self.minutes):
                at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).timestamp()
                if at <= now:
                    return at
        return None


def read(written: str) -> Schedule:
    """A schedule as it is written; raises ValueError for what is none.

    >>> read("*/20 8-10 * * 1-5").minutes, read("0 0 1 * *").hours
    ((0, 20, 40), (0,))
    """
    fields = written.split()
    if len(fields) != len(BOUNDS):
        raise ValueError("minute hour day month weekday")
    minutes, hours, days, months, weekdays = (
        sorted(set(_numbers(field, *bounds))) for field, bounds in zip(fields, BOUNDS, strict=True)
    )
    return Schedule(
        tuple(minutes),
        tuple(hours),
        frozenset(days),
        frozenset(months),
        frozenset(one % 7 for one in weekdays),
        not fields[2].startswith("*") and not fields[4].startswith("*"),
    )


def _numbers(field: str, low: int, high: int) -> Iterator[int]:
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if span == "*" else _number(first, low, high)
        end = high if span == "*" or (step and not dash) else _number(last, low, high) if dash else begin
        if end < begin:
            raise ValueError(part)
        yield from range(begin, end + 1, _number(step, 1, high) if "/" in part else 1)


def _number(told: str, low: int, high: int) -> int:
    if not (told.isascii() and told.isdecimal() and low <= int(told) <= high):
        raise ValueError(told)
    return int(told)
