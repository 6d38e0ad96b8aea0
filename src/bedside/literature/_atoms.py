"""The parts of a statistic as a sentence writes them: intervals, p values, and numbers that are none of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bedside.cleaning.numerals import NUMBER, SMALL, UNSIGNED, value_of

_UNIT = (
    r"(?:\s?(?:[%％]|mm ?Hg|months?|years?|days?|weeks?|hours?|minutes?|points?|percentage points?|kg(?:/m2)?"
    r"|[a-zμ]{1,5}/[a-zA-Z]{1,3}"
    r"|mo|yr|个月|个百分点|年|天|周|d|岁|分|月))?"
)
_TO = r"\s*(?:to|and|through|至|到|[-–—−‐‑~～∼〜,，;；])\s*"
_LEVEL = r"(?:9\d(?:\.\d)?)\s?[%％]"
_WORD = (
    r"(?:\bCrI|\bCI|\bC\.I\.|\b[Cc]onfidence [Ii]ntervals?(?:\s*[(\[]\s*CIs?\s*[)\]])?|\b[Cc]redible [Ii]ntervals?|"
    r"\b[Cc]onfidence [Ll]imits?|[可置]信区间(?:\s*[（(]\s*CI\s*[)）])?|可信限)s?"
)
_BOUNDS = rf"(?P<low>{NUMBER}){_UNIT}{_TO}(?P<high>(?:[-−–]\s?)?{UNSIGNED}){_UNIT}"
_LINK = r"\s*(?:[=＝:：,，为是]|of\b|was\b|were\b|ranged?\b|ranging\b|from\b|between\b|\s)*[\s(\[（【]*"
INTERVAL = re.compile(
    rf"(?:(?P<level>{_LEVEL})[\s-]*{_WORD}|{_WORD}\s*,?\s*(?P<after>{_LEVEL})?){_LINK}{_BOUNDS}[)\]）】]?"
)
QUARTILES = re.compile(
    rf"(?:\bIQR\b|\b[Ii]nter-?quartile range(?:\s*[(\[]IQR[)\]])?|四分位数?(?:间距|范围)){_LINK}{_BOUNDS}[)\]）】]?"
)
BARE = re.compile(rf"\s*[(\[（【]\s*{_BOUNDS}\s*(?=[)\]）】;；,，])")
P_VALUE = re.compile(
    r"(?<![A-Za-z\d])[Pp](?:\s?-?\s?(?:[Vv]alues?|值))?(?:\s?(?:for|of)(?: [a-z-]+){1,3}|[\s_]?(?:trend"
    r"|interaction|all|both|均|趋势|交互))?"
    rf"\s*(?P<op>[<>=≤≥＜＞＝⩽⩾]|&lt;?|&gt;?|均?(?:小于|大于)|(?:was |were )?(?:less|greater) than|was|of"
    rf"|均[<>＜＞])\s*(?P<p>{SMALL})(?!\s?[%％\d])"
)
_SIGNS = {"＜": "<", "＞": ">", "＝": "=", "was": "=", "of": "=", "小于": "<", "大于": ">", "⩽": "≤", "⩾": "≥"} | {
    "&lt": "<",
    "&lt;": "<",
    "&gt": ">",
    "&gt;": ">",
}
_TESTS = re.compile(
    rf"(?:[χx]\s?[2²]|\bX2|卡方值?|(?<![A-Za-z])[tFZzHUWqQ]|\bdf|\b[Dd]egrees of freedom"
    rf"|(?<=[a-z])[tF])(?:值)?\s*(?:\([\d,.\s]*\))?\s*[=＝]\s*{NUMBER}"
)
_TIME = r"(?:years?|months?|weeks?|days?|hours?|minutes?|min|h|y|yr|wk|d)\b"
_ASIDE = re.compile(
    rf"\b(?:per|every|each)\s{UNSIGNED}(?=[\s-]?[a-zA-Zμ])|每\s?{UNSIGNED}\s?(?=[^\s\d例名人])"
    rf"|\b(?:at|after|within|by|for)\s{UNSIGNED}(?=[\s-]?{_TIME})"
    rf"|\b(?:day|week|month|year|phase|grade|stage|type|level)s?\s{UNSIGNED}(?=[,);.\s]|$)(?!\s?[%％])"
    rf"|{UNSIGNED}-(?:day|week|month|year|hour|min|minute|point|fold|item|arm)s?\b"
    rf"|[<>≤≥＜＞]\s?{UNSIGNED}\s?[%％]?"
    r"|(?<![.,\d=＝/])(?<![=＝] )(?:19|20)\d\d(?![\d.,]\d)(?!\d)(?!\s?(?:of\b|out of|/|例|名|[(（]\s?[\d.]+\s?[%％]))"
    r"(?!\s(?:[a-z-]+\s){0,2}(?:patients|participants|women|men|children|cases|controls|subjects|infants"
    r"|adults|people)\b)"
    r"|\d{1,2}\s?月(?:\d{1,2}\s?日)?"
    rf"|{UNSIGNED}\s?(?:mg|g|μg|ug|mcg|mL|ml|IU|Gy)\b(?=\s?(?:once|twice|daily|three|of\b|/d(?:ay)?\b|per"
    rf"|every|orally|bid|qd|[，,]\s?每))"
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a sentence that stands for something: `kind` is interval, quartiles, p or aside."""

    kind: str
    start: int
    end: int
    low: float = 0.0
    high: float = 0.0
    level: float | None = None
    p: str = ""


def atoms(text: str) -> list[Atom]:
    """The parts of a sentence in order; none overlaps another.

    >>> [(one.kind, one.low, one.high, one.p) for one in atoms("(95% CI 0.7-0.9; P = .03)")]
    [('interval', 0.7, 0.9, ''), ('p', 0.0, 0.0, '=0.03')]
    """
    found: list[Atom] = []
    for some in (_intervals(text), _p_values(text), _asides(text)):
        found += [one for one in some if not any(one.start < two.end and two.start < one.end for two in found)]
    return sorted(found, key=lambda one: one.start)


def limits(found: re.Match[str]) -> tuple[float, float]:
    """The two bounds of a match."""
    return value_of(found["low"]), value_of(found["high"])


def _intervals(text: str) -> Iterator[Atom]:
    for found in QUARTILES.finditer(text):
        yield Atom("quartiles", found.start(), found.end(), *limits(found))
    for found in INTERVAL.finditer(text):
        said = (found["level"] or found["after"] or "").rstrip(" %％")
        yield Atom("interval", found.start(), found.end(), *limits(found), float(said) if said else None)


def _p_values(text: str) -> Iterator[Atom]:
    for found in P_VALUE.finditer(text):
        op = found["op"].strip().lstrip("均")
        sign = "<" if "less" in op else ">" if "greater" in op else _SIGNS.get(op.split()[-1], op)
        yield Atom("p", found.start(), found.end(), p=sign + _plain(found["p"]))


def _plain(said: str) -> str:
    """A p value as a number is written in ASCII.

    >>> _plain(".03"), _plain("0.000 01"), _plain("3.2 × 10−12")
    ('0.03', '0.00001', '3.2e-12')
    """
    if re.search(r"[×x*eE]", said):
        return f"{value_of(said):g}"
    plain = re.sub(r"\s", "", said).replace("·", ".").replace(",", ".")
    return f"0{plain}" if plain.startswith(".") else plain


def _asides(text: str) -> Iterator[Atom]:
    for pattern in (_TESTS, _ASIDE):
        for found in pattern.finditer(text):
            yield Atom("aside", found.start(), found.end())
