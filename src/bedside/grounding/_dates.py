"""Days of the calendar however they are written: 14/03/2025, 14 March 2025, 2025年3月14日."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|ober|tember)?\.?"
_YEAR = r"(?:19|20)\d\d"
_WRITTEN = re.compile(
    rf"(?<![\d/.-])(?:(?P<y1>{_YEAR})(?:[-/.]|年)(?P<m1>\d{{1,2}})(?:[-/.]|月)(?P<d1>\d{{1,2}})(?:日|号|(?![\d/.-]\d))|"
    rf"(?P<a>\d{{1,2}})[/.-](?P<b>\d{{1,2}})[/.-](?P<y2>{_YEAR}|\d\d)(?![\d/]|\.\d)|"
    rf"(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m3>{_NAMED})(?![A-Za-z])(?:,? (?P<y3>{_YEAR}))?|"
    rf"(?P<m5>\d{{1,2}})月(?P<d5>\d{{1,2}})[日号])|"
    rf"(?<![A-Za-z])(?P<m4>{_NAMED}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d.])(?:,? (?P<y4>{_YEAR}))?",
    re.IGNORECASE,
)
_CENTURY = 2000
NO_YEAR = 10_000
"""Below it a day has no year."""


class Day(NamedTuple):
    """A day with its place, as year * 10000 + month * 100 + day (year 0 where none is said).

    `other` is the second reading of 03/02/2025: the month first. It is the same where there is only one.
    """

    start: int
    end: int
    value: int
    other: int


def days(text: str) -> Iterator[Day]:
    """The days that a text names, in order.

    >>> [one.value for one in days("D/C 14/03/2025, clinic March 20; 2025年4月1日复查")]
    [20250314, 320, 20250401]
    >>> [(one.value, one.other) for one in days("03/02/25")]
    [(20250203, 20250302)]
    """
    for match in _WRITTEN.finditer(text):
        said = {name[0]: value for name, value in match.groupdict().items() if value}
        year = int(said.get("y", 0))
        year += _CENTURY if 0 < year < 100 else 0
        pairs = ((said["b"], said["a"]), (said["a"], said["b"])) if "a" in said else ((said["m"], said["d"]),)
        read = [year * NO_YEAR + _month(month) * 100 + int(day) for month, day in pairs if _is_day(month, day)]
        if read:
            yield Day(*match.span(), read[0], read[-1])


def same_day(one: tuple[float, float], other: tuple[float, float]) -> bool:
    """Whether two days, each with its second reading, may be one; a year counts where both have one.

    >>> same_day((20250314, 20250314), (314, 314)), same_day((20250314, 20250314), (20240314, 20240314))
    (True, False)
    """
    return any(
        first == second or (min(first, second) < NO_YEAR and first % NO_YEAR == second % NO_YEAR)
        for first in one
        for second in other
    )


def _month(said: str) -> int:
    return int(said) if said.isdigit() else _MONTHS.index(said[:3].lower()) + 1


def _is_day(month: str, day: str) -> bool:
    return 1 <= _month(month) <= 12 and 1 <= int(day) <= 31
