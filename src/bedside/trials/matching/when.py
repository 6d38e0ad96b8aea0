"""When something was: the day of a chart's time, and "three weeks ago" said beside a name."""

from __future__ import annotations

import re

_NUMBERS = {
    word: n
    for n, words in enumerate(
        (
            "zero",
            "one a an 一",
            "two 两 二",
            "three 三",
            "four 四",
            "five 五",
            "six 六",
            "seven 七",
            "eight 八",
            "nine 九",
            "ten 十",
            "eleven",
            "twelve",
        )
    )
    for word in words.split()
}
_COUNT = r"(?P<n>\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_UNIT = r"(?P<unit>day|week|month|year|yr|wk|mo)s?"
_AGO = re.compile(rf"\b{_COUNT}[\s-]{_UNIT}\b\s*(?:ago|previously|earlier|before|prior|back)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?P<day>yesterday|today)\b|\blast (?P<last>week|month|year)\b", re.IGNORECASE)
_AGO_ZH = re.compile(
    r"(?P<n>\d+(?:\.\d+)?|[一两二三四五六七八九十半])\s*(?P<unit>天|日|周|星期|个?月|年)(?:余|多)?(?:之)?前"
)
_OPENING = 160
"""Characters of a note in which its patient is introduced."""
_AGE = re.compile(
    r"(?<![\d.])(?P<n>\d{1,3}(?:\.\d+)?)[\s-]*(?P<unit>y\.?/?o\b|y\.o\.|years?[\s-]*old|yrs?[\s-]*old|years? of age"
    r"|months?[\s-]*old|weeks?[\s-]*old|[MF]\b|周?岁|月龄|个月(?=[大男女，,])|周龄)",
)
_DAYS = {"day": 1.0, "week": 7.0, "wk": 7.0, "month": 30.4375, "mo": 30.4375, "year": 365.25, "yr": 365.25}
_DAYS_ZH = {"天": 1.0, "日": 1.0, "周": 7.0, "星期": 7.0, "个月": 30.4375, "月": 30.4375, "年": 365.25}
_REACH = 45
BREAK = re.compile(r"[.;。；\n]")


def age_said(text: str) -> float | None:
    """The patient's age in years as a note begins with it; None where the beginning does not say.

    >>> age_said("A 28 yo woman, appendectomy at age 8"), age_said("患儿男，8月龄"), age_said("Appendectomy at age 8")
    (28.0, 0.6666666666666666, None)
    """
    match = _AGE.search(text[:_OPENING])
    if match is None:
        return None
    number = float(match["n"])
    unit = match["unit"]
    if unit.startswith(("month", "月", "个")):
        return number / 12
    return number / 52 if unit.startswith(("week", "周龄")) else number


def days_ago(text: str, start: int, end: int) -> int | None:
    """How many days ago the words beside a name say that it was, None where they do not.

    >>> text = "Stroke three weeks ago; no fever. 2个月前行阑尾切除术"
    >>> days_ago(text, 0, 6), days_ago(text, 27, 32), days_ago(text, text.index("阑"), len(text))
    (21, None, 61)
    """
    after = BREAK.split(text[end : end + _REACH])[0]
    before = BREAK.split(text[max(0, start - _REACH) : start])[-1]
    found = [(match.start(), match) for match in _found(after)]
    found += [(len(before) - match.end(), match) for match in _found(before)]
    if not found:
        return None
    return _days(min(found, key=lambda one: one[0])[1])


def _found(text: str) -> list[re.Match[str]]:
    return [match for pattern in (_AGO, _LAST, _AGO_ZH) for match in pattern.finditer(text)]


def _days(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("day"):
        return 1 if groups["day"].lower() == "yesterday" else 0
    if groups.get("last"):
        return round(_DAYS[groups["last"].lower()])
    said, unit = groups["n"].lower(), groups["unit"].lower()
    number = 0.5 if said == "半" else float(_NUMBERS.get(said, 0) or (said if said[0].isdigit() else 1))
    return round(number * (_DAYS[unit] if unit in _DAYS else _DAYS_ZH[unit]))
