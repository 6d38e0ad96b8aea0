"""Shifts a written date by days, in the form it had, in Chinese and English; what it cannot read it refuses.

Every patient has one shift, so intervals between whole dates are kept exactly. A date without a day moves from the
middle of its month or year, one without a year within a year of 365 days: their intervals are as exact as they are.
Relative words ("昨日", "two weeks ago") keep their meaning under a shift and stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

from bedside.deid._policy import keyed, subkey
from bedside.deid.actions.date_forms import CLOCK, DAYS, FORMS, LINKS, MONTHS, RELATIVE
from bedside.deid.actions.numerals import read_number, write_like

MIN_WEEKS, MAX_WEEKS = 5, 52
"""No shift is so small that a month stays the same month, none longer than 364 days."""


def shift_days(key: bytes, patient: str, *, whole_weeks: bool = True) -> int:
    """The patient's shift in days: 35 to 364 either way, the same for the same key and patient.

    Whole weeks (the default) keep weekdays true: 96 possible shifts instead of 660, so a guesser has better odds.
    """
    number = keyed(subkey(key, "date shift"), patient)
    step = 7 if whole_weeks else 1
    low, high = MIN_WEEKS * 7 // step, MAX_WEEKS * 7 // step
    size = low + (number >> 1) % (high - low + 1)
    return step * (size if number & 1 else -size)


def day_first(dates: Iterable[str]) -> bool:
    """Whether a note writes 14/3/2023: some date in it can be read no other way."""
    pairs = (re.search(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d\d)(?!\d)", text) for text in dates)
    return any(pair is not None and int(pair.group(1)) > 12 for pair in pairs)


def shift_date(text: str, days: int, *, day_first: bool = False) -> str | None:
    """A written date moved by `days`, in the form it had; None when any part of it cannot be read with certainty.

    >>> shift_date("2023年5月6日", -167)
    '2022年11月20日'
    >>> shift_date("Mar 14", 35)
    'Apr 18'
    >>> shift_date("the day of the fair", 7) is None
    True
    """
    if RELATIVE.fullmatch(text.strip()):
        return text
    pieces, at, dated = [], 0, False
    while at < len(text):
        date_here = next((m for form in FORMS if (m := form.match(text, at))), None)
        if clock := CLOCK.match(text, at):
            piece, at = clock.group(), clock.end()
        elif date_here:
            moved = _move(date_here, days, day_first)
            if moved is None:
                return None
            piece, at, dated = moved, date_here.end(), True
        elif (link := LINKS.match(text, at)) and link.end() > at:
            piece, at = link.group(), link.end()
        else:
            return None
        pieces.append(piece)
    written = "".join(pieces)
    still = written == text and not (days % 7 == 0 and _weekday_only(text))
    return written if dated and not still else None


def shift_time(iso: str, days: int) -> str | None:
    """An ISO 8601 time as precise as it was, moved by `days`; None when it is not one.

    >>> shift_time("2024-03-05T10:00:00+08:00", 7)
    '2024-03-12T10:00:00+08:00'
    """
    match = re.fullmatch(
        r"(\d{4})(?:-(\d{2})(?:-(\d{2})([T ][\d:.,]+(?:Z|[+-]\d{2}:?\d{2})?)?)?)?", iso.strip(), re.ASCII
    )
    if match is None:
        return None
    year, month, day, clock = match.groups()
    moved = _add(int(year), int(month or 7), int(day or (15 if month else 2)), days)
    if moved is None:
        return None
    if month is None:
        return f"{moved.year:04}"
    return f"{moved.year:04}-{moved.month:02}" + (f"-{moved.day:02}{clock or ''}" if day else "")


def _weekday_only(text: str) -> bool:
    return all(not form.search(text) for form in FORMS[:-2])


def _add(year: int, month: int, day: int, days: int) -> date | None:
    try:
        return date(year, month, day) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _move(match: re.Match[str], days: int, day_first: bool) -> str | None:
    """The matched date, moved: each part replaced where it stands, in the style it was written in."""
    parts = {name: part for name, part in match.groupdict().items() if part is not None}
    if "w" in parts:
        return _replace(match, {"w": _weekday(parts["w"], days)})
    roles = {"y": "y", "yy": "y", "m": "m", "d": "d"}
    if "a" in parts:
        first_is_day = (day_first and int(parts["b"]) <= 12) or int(parts["a"]) > 12
        roles |= {"a": "d" if first_is_day else "m", "b": "m" if first_is_day else "d"}
    values = {roles[name]: _value(roles[name], part) for name, part in parts.items() if name in roles}
    if None in values.values():
        return None
    year, month, day = values.get("y"), values.get("m"), values.get("d")
    moved = _add(year or (2004 if (month, day) == (2, 29) else 2001), month or 7, day or (15 if month else 2), days)
    if moved is None:
        return None
    new = {"y": moved.year, "m": moved.month, "d": moved.day}
    small = [part for name, part in parts.items() if name in roles and roles[name] != "y"]
    padded = any(part[0] in "0０" for part in small) or (_numeric(match) and all(len(part) == 2 for part in small))
    written = {name: _write(parts[name], new[roles[name]], padded=padded) for name in parts if name in roles}
    if "th" in parts:
        written["th"] = _ordinal(moved.day, parts["th"])
    return _replace(match, written)


def _numeric(match: re.Match[str]) -> bool:
    """Digits and separators alone: there two digits each are a habit, in "5月20日" and "May 20" they are not."""
    return not re.search(r"[^\d\s./-]", match.group())


def _value(role: str, part: str) -> int | None:
    if role == "m" and part[0].isascii() and part[0].isalpha():
        return next(i for i, name in enumerate(MONTHS, 1) if name.startswith(part[:3].lower()))
    number = read_number(part, as_year=role == "y")
    if number is None or (role != "y" and number == 0):
        return None
    if role == "y" and number < 100:
        return number + (2000 if number <= 49 else 1900)
    return number


def _write(old: str, number: int, *, padded: bool) -> str:
    if old[0].isascii() and old[0].isalpha():
        name = MONTHS[number - 1]
        return _case_like(old, name if old.lower() in MONTHS else name[:3])
    return write_like(old, number, padded=padded)


def _case_like(old: str, new: str) -> str:
    return new.upper() if old.isupper() else new.capitalize() if old[0].isupper() else new


def _weekday(old: str, days: int) -> str:
    if old.lower() in DAYS:
        return _case_like(old, DAYS[(DAYS.index(old.lower()) + days) % 7])
    week = "一二三四五六日"
    return old if days % 7 == 0 else week[(week.index(old.replace("天", "日")) + days) % 7]


def _ordinal(day: int, old: str) -> str:
    suffix = "th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return suffix.upper() if old.isupper() else suffix


def _replace(match: re.Match[str], written: dict[str, str]) -> str:
    pieces, at = [], match.start()
    for name in sorted(written, key=match.start):
        pieces += [match.string[at : match.start(name)], written[name]]
        at = match.end(name)
    return "".join([*pieces, match.string[at : match.end()]])
