"""Dates of a whole column made comparable: day and month in the order that the column itself proves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from bedside.formats._tables.when import YEAR_LAST, loose_time

DATE_FORMS = ("2024-10-01", "2024/10/1", "2024年10月1日", "1 Oct 2024", "2024-10", "2024-10-01T08:30:00+08:00")
_FIRST_MOMENT = "0000-01-01T00:00:00"


def day_first(times: Iterable[str | None]) -> bool | None:
    """Whether 03/04/2024 means 3 April in a column: told by days above 12; None when none, or both orders, are there.

    >>> day_first(["03/04/2024", "25/04/2024"]), day_first(["03/04/2024"]), day_first(["25/04/2024", "04/25/2024"])
    (True, None, None)
    """
    orders = set()
    for time in times:
        if found := YEAR_LAST.fullmatch((time or "").strip()):
            orders |= {first for first, group in ((True, "a"), (False, "b")) if int(found[group]) > 12}
    return orders.pop() if len(orders) == 1 else None


def read_dates(times: Sequence[str | None]) -> list[str | None]:
    """Each time in ISO 8601 at the precision it has, None when it is no date.

    Where the column does not tell whether the day or the month stands first, only the year is known.

    >>> read_dates(["2024/9/1", "01/02/2025", "2024-13-45", "after lunch"])
    ['2024-09-01', '2025', None, None]
    >>> read_dates(["01/02/2025", "28/02/2025"])
    ['2025-02-01', '2025-02-28']
    """
    order = day_first(times)
    return [loose_time(time if order is None else _year_first(time or "", order))[0] for time in times]


def on_or_after(time: str, start: str) -> bool | None:
    """Whether a time as `read_dates` gives it is not before `start`; None when it is too coarse to tell.

    Two times with zones are compared in UTC, any others as the clock stood.

    >>> on_or_after("2024-10", "2024-10-01"), on_or_after("2024-09-30", "2024-10-01"), on_or_after("2024", "2024-10-01")
    (True, False, None)
    """
    if len(time) > 19 and len(start) > 19:
        return datetime.fromisoformat(time) >= datetime.fromisoformat(start)
    time, start = time[:19], start[:19]
    first = start + _FIRST_MOMENT[len(start) :]
    if first.startswith(time) and time + _FIRST_MOMENT[len(time) :] < first:
        return None
    return time + _FIRST_MOMENT[len(time) :] >= first


def _year_first(time: str, day_stands_first: bool) -> str:
    """A date of the form 03/04/2024 turned round to 2024-4-3; any other text as it is."""
    found = YEAR_LAST.fullmatch(time.strip())
    if found is None:
        return time
    day, month = (found["a"], found["b"]) if day_stands_first else (found["b"], found["a"])
    return f"{found['y']}-{month}-{day}{time.strip()[found.end('y') :]}"
