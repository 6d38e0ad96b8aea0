"""Numbers that bound something: `≥ 18`, `at least 18`, `18-75`, `不超过正常值上限的1.5倍`, with unit and multiple."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bedside.trials.criteria.units import unit_at
from bedside.trials.criterion import Op

_OPS: tuple[tuple[Op, str], ...] = (
    (
        ">=",
        r">\s*=|=\s*>|≥|>\s?或\s?=|不低于|不小于|不少于|大于\s?或?\s?等于|大于/等于|高于或?等于|超过或等于|至少|最少|"
        r"at least|(?:no|not) (?:less|lower|fewer|younger|smaller) than|not (?:below|under)|"
        r"(?:greater|more|higher|older) than or equal to|greater or equal to|"
        r"equal to or (?:greater|more|higher|older|above)(?: than)?|(?:a )?minimum (?:of|age of)|minimum",
    ),
    (
        "<=",
        r"<\s*=|=\s*<|≤|<\s?或\s?=|不超过|不大于|不高于|不多于|未超过|小于\s?或?\s?等于|"
        r"小于/等于|低于或?等于|至多|最多|"
        r"(?:no|not) (?:more|greater|higher|older|larger) than|(?:does |must |should )?not exceed(?:ing)?|"
        r"up to|at most|(?:less|lower|younger) than or equal to|less or equal to|"
        r"equal to or (?:less|lower|below|younger)(?: than)?|(?:a )?maximum (?:of|age of)|maximum",
    ),
    (
        ">",
        r">|大于|高于|超过|多于|(?:greater|more|higher|older|larger) than|above|over|"
        r"exceed(?:s|ing)?|in excess of",
    ),
    ("<", r"<|小于|低于|少于|不足|未满|不满|(?:less|lower|fewer|younger|smaller) than|below|under"),
    ("=", r"=|等于|equal to"),
)
_OP = re.compile("|".join(f"(?P<o{n}>{words})" for n, (_, words) in enumerate(_OPS)))
_NUMBER = re.compile(r"\s*(\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:\.\s?\d+)?)")
_LEAD = re.compile(r"\s*(?:between|from|(?:with)?in (?:the )?range (?:of|from)|介于|在|为)\s*")
_TO = re.compile(r"\s*(?:\((?:含|包括|包含|inclusive)[^()]{0,10}\)\s*)?(?:-+|至|到|to|through|and|与|和)\s*")
_APART = re.compile(r"(?:\bbetween(?: (?:the )?ages?)?(?: of)?|介于|在)\s*\Z")
_RANGED = re.compile(r"之间|范围内?|(?:\s*\(?,?\s*(?:inclusive|both inclusive|包括两端|含边界值?)\)?)")
_AFTER: tuple[tuple[Op, bool, re.Pattern[str]], ...] = (
    (
        ">=",
        False,
        re.compile(
            r"\s*(?:(?:\(含\)|及其|及|或|和|\(包括\S{1,8}?\))\s*以上|(?:or|and) (?:older|"
            r"more|higher|above|greater|over|up)\b|\+)"
        ),
    ),
    (
        "<=",
        False,
        re.compile(r"\s*(?:(?:\(含\)|及其|及|或|和)\s*以下|(?:or|and) (?:younger|less|lower|below|fewer|under)\b)"),
    ),
    (">=", True, re.compile(r"\s*以上")),
    ("<=", True, re.compile(r"\s*(?:以下|以内)")),
)
_TIMES = (
    (
        "ULN",
        r"(?:the )?(?:institutional |local |laboratory )*(?:upper limits? of (?:the "
        r")?(?:institutional |laboratory )?normal(?: range| value)?s?|uln|"
        r"(?:正常|参考)(?:参考)?(?:值|范围)?(?:的)?(?:上限|高限)(?:值)?|上限)(?:\s?\((?:uln|"
        r"的?uln|正常值?上限|upper limit of normal)\))?",
    ),
    (
        "LLN",
        r"(?:the )?(?:institutional |local )*(?:lower limits? of (?:the )?normal(?: range| value)?s?|lln|"
        r"(?:正常|参考)(?:参考)?(?:值|范围)?(?:的)?(?:下限|低限)(?:值)?|下限)(?:\s?\((?:lln|正常值?下限)\))?",
    ),
)
_BY = re.compile(
    r"\s*(?:-?fold|倍(?:的)?|times|x|\*)?\s*(?:of )?\s*(?:以上)?(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _TIMES)
    + ")"
)
_OF = re.compile(
    r"\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _TIMES)
    + r")(?:\s*(?:的|[x*]|by)?\s*(?P<by>\d+(?:\.\d+)?)\s*(?:倍|-?fold|times)?)?"
)
_SPACED = re.compile(r"[\s其为是了达到过于:(]*(?:about|of|an?|the|age)?[\s(]*")
_SKIPPED = re.compile(r"[\s(]*(?:了|其|到|达|为|是|an? |the |about )?")
_START = re.compile(r"(?<![a-z])\d|正常|参考|upper limit|lower limit|\buln\b|\blln\b")


DAYS = {"years": 365.25, "months": 30.4375, "weeks": 7.0, "days": 1.0, "hours": 1 / 24}
"""How long a unit of time is."""


@dataclass(frozen=True, slots=True)
class Bound:
    """What a number says: `soft` is 以上 or 以下, which include the number itself in an inclusion only."""

    start: int
    end: int
    op: Op
    low: float | None = None
    high: float | None = None
    unit: str = ""
    times: str = ""
    soft: bool = False

    def hardened(self, excluding: bool) -> Bound:
        """以上 and 以下 leave the number out where the inclusion of the same trial takes it in."""
        if not (self.soft and excluding):
            return self
        return replace(self, op=">" if self.op == ">=" else "<")


def bounds(text: str) -> Iterator[Bound]:
    """The bounds of a text in small letters, in order: each begins at its comparator.

    >>> [(one.op, one.low, one.high, one.unit) for one in bounds("age 18-75 years, alt ≤ 2.5 x uln")]
    [('between', 18.0, 75.0, 'years'), ('<=', None, 2.5, '')]
    """
    at = 0
    while True:
        digit = _START.search(text, at)
        if digit is None:
            return
        found = None
        for start in _starts(text, at, digit.start()):
            found = bound_at(text, start)
            if found:
                break
        if found:
            yield found
        at = found.end if found else _past(text, digit.start())


def _starts(text: str, begin: int, digit: int) -> Iterator[int]:
    """Where a bound with this number can begin: at the comparator nearest before it, else at the number."""
    near = [one for one in _OP.finditer(text, begin, digit) if _SPACED.fullmatch(text, one.end(), digit)]
    if near:
        yield near[-1].start()
    yield digit


def _past(text: str, at: int) -> int:
    match = _NUMBER.match(text, at)
    return match.end() if match else at + 1


def bound_at(text: str, at: int) -> Bound | None:
    """The bound that begins here, None where there is none."""
    op = _OP.match(text, at)
    if op is None:
        return _between(text, at)
    sign = _OPS[int(str(op.lastgroup)[1:])][0]
    here = _skip(text, op.end())
    limit = _OF.match(text, here)
    if limit:
        by = float(limit["by"]) if limit["by"] else 1.0
        return _one(at, limit.end(), sign, by, "", "ULN" if limit["ULN"] else "LLN")
    found = _value(text, here)
    if found is None:
        return None
    value, end, unit, times = found
    ranged = _between(text, here)
    if ranged and (ranged.op == "between" or sign == "="):
        return replace(ranged, start=at)
    for after, _, pattern in _AFTER:  # 大于3分以上: said twice
        if (match := pattern.match(text, end)) and after[0] == sign[0]:
            end = match.end()
    return _one(at, end, sign, value, unit, times)


def _skip(text: str, at: int) -> int:
    match = _SKIPPED.match(text, at)
    return match.end() if match else at


def _between(text: str, at: int) -> Bound | None:
    """A range, or a number with 以上, `or older`, or nothing after it."""
    first = _value(text, at)
    if first is None:
        return None
    value, end, unit, times = first
    to = _TO.match(text, end)
    second = _value(text, to.end()) if to else None
    if second and to and (to[0].strip() not in ("and", "与", "和") or _APART.search(text, 0, at)):
        high, last, other, by = second
        if unit in DAYS and other in DAYS:
            value = value * DAYS[unit] / DAYS[other]
        if value < high or not (unit or other):
            ranged = _RANGED.match(text, last)
            low, high = sorted((value, high))
            return Bound(at, ranged.end() if ranged else last, "between", low, high, other or unit, by or times)
    for sign, soft, pattern in _AFTER:
        if match := pattern.match(text, end):
            return replace(_one(at, match.end(), sign, value, unit, times), soft=soft)
    return _one(at, end, "=", value, unit, times)


def _one(start: int, end: int, op: Op, value: float, unit: str, times: str) -> Bound:
    low = value if op in (">", ">=", "=") else None
    high = value if op in ("<", "<=", "=") else None
    return Bound(start, end, op, low, high, unit, times)


def _value(text: str, at: int) -> tuple[float, int, str, str] | None:
    """A number, where it ends with its unit, the unit, and of what it is a multiple."""
    match = _NUMBER.match(text, at)
    if match is None:
        return None
    value = float(match[1].replace(",", "").replace(" ", ""))
    by = _BY.match(text, match.end())
    if by:
        return value, by.end(), "", "ULN" if by["ULN"] else "LLN"
    unit, end = unit_at(text, match.end())
    return value, end, unit, ""
