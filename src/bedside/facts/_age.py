"""An age in words or digits, in either language, as years."""

from __future__ import annotations

import re

from bedside.deid.actions.numerals import ZH_DIGITS, read_number
from bedside.phenotypes._patient import patient_of

_ONES = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SPELT = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[ -]({'|'.join(_ONES[1:10])}))?|({'|'.join(reversed(_ONES))}))\b", re.IGNORECASE
)
_NUMERAL = re.compile(rf"[{ZH_DIGITS}十廿卅百]+")
_YEARS = re.compile(r"(\d+(?:\.\d+)?)\s*(?:years?|yrs?|y|y/?o|周?岁)?(?: old)?", re.IGNORECASE)
_MONTHS = re.compile(r"(\d+)\s*个?月大?")


def age_in(text: str) -> float | None:
    """The age that a text is; None where it is none.

    >>> age_in("6 months old"), age_in("sixty-seven"), age_in("六十七岁"), age_in("八个月"), age_in("old")
    (0.5, 67.0, 67.0, 0.6666666666666666, None)
    """
    said = _SPELT.sub(lambda match: str(_spelt(match)), text.strip())
    said = _NUMERAL.sub(lambda match: _counted(match[0]), said)
    if years := _YEARS.fullmatch(said):
        return float(years[1])
    if months := _MONTHS.fullmatch(said):
        return int(months[1]) / 12
    found = patient_of(said).age_years
    return patient_of(f"{said} old").age_years if found is None else found


def _counted(numeral: str) -> str:
    """A Chinese numeral below 200 in digits; as it is where it is none."""
    hundred, sign, rest = numeral.partition("百")
    if not sign:
        found = read_number(numeral)
        return numeral if found is None else str(found)
    below = read_number(rest.lstrip("零〇")) if rest else 0
    return numeral if below is None or hundred not in ("", "一") else str(100 + below)


def _spelt(match: re.Match[str]) -> int:
    tens, ones, alone = match.groups()
    if alone:
        return _ONES.index(alone.lower())
    return 10 * (_TENS.index(tens.lower()) + 2) + (_ONES.index(ones.lower()) if ones else 0)
