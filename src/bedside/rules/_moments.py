"""When a value was measured, as charts write it: a date with or without a time, or how long ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

_HOURS = {"h": 1, "hour": 1, "hr": 1, "小时": 1, "d": 24, "day": 24, "天": 24, "日": 24, "week": 168, "周": 168}
_AGO = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)\s*(?P<unit>h(?:ou)?rs?|h|days?|d|weeks?|小时|天|日|周)\s*(?:ago|earlier|before|之?前)",
    re.IGNORECASE,
)
_WORDS = {
    "now": 0.0,
    "today": 0.0,
    "yesterday": 24.0,
    "现在": 0.0,
    "今天": 0.0,
    "今日": 0.0,
    "昨天": 24.0,
    "昨日": 24.0,
}
_CHINESE_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")


class Moment(NamedTuple):
    """Hours on a clock; two moments can be compared if both are dated, or both are told as so long ago."""

    dated: bool
    hours: float


def moment(said: str | None) -> Moment | None:
    """The moment that a time says; None for what says none. A time zone counts; without one all are of the same.

    >>> moment("2024/3/5 08:00").hours - moment("2024-03-03T08:00").hours, moment("2天前"), moment("day 3")
    (48.0, Moment(dated=False, hours=-48.0), None)
    """
    told = (said or "").strip().casefold()
    if told in _WORDS:
        return Moment(False, -_WORDS[told])
    if ago := _AGO.fullmatch(told):
        return Moment(False, -float(ago["n"]) * _HOURS[re.sub(r"(?<=[a-z]{2})s$", "", ago["unit"])])
    plain = _DATE.sub(_iso, _CHINESE_DATE.sub(_iso, told, count=1), count=1).replace("t", " ").strip()
    try:
        at = datetime.fromisoformat(plain.upper())
    except ValueError:
        return None
    return Moment(True, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() / 3600)


def _iso(date: re.Match[str]) -> str:
    return f"{date[1]}-{int(date[2]):02}-{int(date[3]):02}"
