"""Dates and times as people and Excel write them, as ISO 8601 at the precision they had; doubts are named."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

EARLIEST, LATEST = 1850, 2150
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = (10_000, 75_000)
"""Serial numbers taken for Excel dates: 1927 to 2105."""

MONTH_NAMES = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS = {name: number for number, name in enumerate(MONTH_NAMES.split(), 1)}
CLOCK = r"(?:[T\s]*(?P<h>\d{1,2})[:时点](?P<mi>\d{1,2})?分?(?::?(?P<s>\d{1,2})秒?)?(?:\.\d+)?\s*(?P<ap>[ap]m)?)?"
ZONE = r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
YEAR_FIRST = re.compile(
    r"(?P<y>\d{4})(?:[-/.年](?P<m>\d{1,2})(?:[-/.月](?P<d>\d{1,2})日?)?月?年?)?年?\s*" + CLOCK + ZONE, re.I
)
COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?")
YEAR_LAST = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})\s*" + CLOCK, re.I)
NAMED = re.compile(
    r"(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?[\s-]+)?(?P<name>[A-Za-z]{3,9})\.?[\s-]+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?P<y>\d{4})\s*" + CLOCK,
    re.I,
)


def loose_time(value: object) -> tuple[str | None, str]:
    """`(ISO 8601 or None, doubt)`: the doubt is "" or one of "impossible", "unreadable", "ambiguous".

    Day and month that could stand either way leave only the year, so that no reader takes one for the other.

    >>> loose_time("2024年3月5日 8:05"), loose_time("03/04/2024"), loose_time("2024-02-30")
    (('2024-03-05T08:05:00', ''), ('2024', 'ambiguous'), (None, 'impossible'))
    """
    text = str(value).strip() if value is not None else ""
    if not text or text.lower() in {"nan", "nat", "none", "null", "-", "--", "/", "无"}:
        return None, ""
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and EXCEL_DAYS[0] <= float(text) <= EXCEL_DAYS[1]:
        return _from_excel(float(text)), ""
    for pattern in (COMPACT, YEAR_FIRST):
        if found := pattern.fullmatch(text):
            return _built(found.groupdict(), found["m"], found["d"])
    if found := YEAR_LAST.fullmatch(text):
        return _year_last(found)
    if (found := NAMED.fullmatch(text)) and (month := MONTHS.get(found["name"][:3].lower())):
        return _built(found.groupdict(), month, found["d1"] or found["d2"])
    return None, "unreadable"


def _year_last(found: re.Match[str]) -> tuple[str | None, str]:
    first, second = int(found["a"]), int(found["b"])
    if first <= 12 and second <= 12 and first != second:
        return (found["y"], "ambiguous") if EARLIEST <= int(found["y"]) <= LATEST else (None, "impossible")
    month, day = (first, second) if first <= 12 else (second, first)
    return _built(found.groupdict(), month, day)


def _built(parts: dict[str, str | None], month: object, day: object) -> tuple[str | None, str]:
    year = int(parts["y"] or 0)
    if not EARLIEST <= year <= LATEST:
        return None, "impossible"
    try:
        if month is None:
            return str(year), ""
        if day is None:
            return date(year, int(str(month)), 1).strftime("%Y-%m"), ""
        on = date(year, int(str(month)), int(str(day)))
        if not parts.get("h"):
            return on.isoformat(), ""
        hour = int(parts["h"] or 0)
        if parts.get("ap"):
            hour = hour % 12 + (12 if str(parts["ap"]).lower() == "pm" else 0)
        moment = datetime(on.year, on.month, on.day, hour, int(parts.get("mi") or 0), int(parts.get("s") or 0))
    except ValueError:
        return None, "impossible"
    return moment.isoformat() + _zone(parts.get("zone")), ""


def _zone(text: str | None) -> str:
    if not text:
        return ""
    return "+00:00" if text in "Zz" else f"{text[:3]}:{text[-2:]}"


def _from_excel(serial: float) -> str:
    moment = datetime.combine(EXCEL_EPOCH, datetime.min.time()) + timedelta(seconds=round(serial * 86_400))
    return moment.date().isoformat() if serial == int(serial) else moment.isoformat()
